"""Every hour: the day sheets of the practices whose turn it is, against their appointments; what differs is mended."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.storage.diary import open_diary
from bookings.storage.stores import open_stores
from bookings.telemetry import flush_metrics, logger, metrics
from bookings.use_cases import auditing_sheets

STORES, DIARY = open_stores(), open_diary()

ONE_PRACTICE = 30_000
"""Milliseconds that the busiest practice may take."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Audit, and say how many sheets were wrong, also when none was: silence would mean that nobody looked."""
    logger.set_correlation_id(context.aws_request_id)
    now = datetime.now(UTC).replace(microsecond=0)
    audited = auditing_sheets.audit(
        STORES.practices, DIARY, now, lambda: context.get_remaining_time_in_millis() > ONE_PRACTICE
    )
    for found in audited.found:
        key = found.difference.sheet.key
        logger.error(
            "day sheet differs",
            practice_id=found.practice_id,
            day=key.day.isoformat(),
            resource=f"{key.resource.kind} {key.resource.id}",
            missing=sorted(found.difference.missing),
            orphans=found.difference.orphans,
            mended=found.mended,
        )
    logger.info("audited", practices=audited.practices, differences=len(audited.found))
    metrics.add_metric(name="DaySheetsDiffer", unit=MetricUnit.Count, value=len(audited.found))
    flush_metrics()
