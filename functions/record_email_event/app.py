"""SES events from EventBridge: record that an e-mail was sent, delivered or bounced."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.bootstrap import bootstrap
from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.observability import flush_metrics, log_email_outcome, logger
from bookings.use_cases.record_email_event import record_email_event

APP = bootstrap("emails", "bookings")


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # Lambda passes it
    """Record one event. The outbox id is a tag of the message."""
    detail = EventBridgeEvent(event).detail
    outbox_ids = detail["mail"].get("tags", {}).get("outbox_id", [])
    event_type = detail["eventType"]
    if event_type == DeliveryEvent.BOUNCE and detail["bounce"]["bounceType"] == "Transient":
        event_type = DeliveryEvent.TRANSIENT_BOUNCE
    if event_type not in set(DeliveryEvent) or not outbox_ids:
        logger.info("SES event ignored", event_type=event_type)
        return
    outcome = record_email_event(
        APP.emails,
        APP.bookings,
        outbox_ids[0],
        DeliveryEvent(event_type),
        detail["mail"]["messageId"],
        datetime.now(UTC).replace(microsecond=0),
    )
    log_email_outcome(outcome)
    flush_metrics()
