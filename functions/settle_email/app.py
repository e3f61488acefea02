"""SES reports what became of a message: this settles letters whose fate is unknown, and tells of those that bounced."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.domain.outbox.email_delivery import DeliveryEvent
from bookings.emails.traces import log_email_outcome
from bookings.observability import flush_metrics, logger
from bookings.settings import settings
from bookings.storage.dynamodb import connect
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.use_cases.record_email_event import record_email_event

LETTERS = DynamoEmailRepository(connect(settings().tables))


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # Lambda passes it
    """Take in one event. The outbox id is in the tags that the message was sent with."""
    report = EventBridgeEvent(event).detail
    outbox_ids = report["mail"].get("tags", {}).get("outbox_id", [])
    event_type = report["eventType"]
    if event_type == DeliveryEvent.BOUNCE and report["bounce"]["bounceType"] == "Transient":
        event_type = DeliveryEvent.TRANSIENT_BOUNCE
    if event_type not in set(DeliveryEvent) or not outbox_ids:
        logger.info("mail event without meaning for a letter", event_type=event_type)
        return
    log_email_outcome(
        record_email_event(LETTERS, outbox_ids[0], DeliveryEvent(event_type), report["mail"]["messageId"])
    )
    flush_metrics()
