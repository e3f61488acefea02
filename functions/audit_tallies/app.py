"""Every hour: the tallies of the practices whose turn it is, against their requests; what differs is corrected."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.storage.books import open_books
from bookings.storage.stores import open_stores
from bookings.telemetry import flush_metrics, logger, metrics
from bookings.use_cases import auditing

STORES, BOOKS = open_stores(), open_books()

ONE_PRACTICE = 30_000
"""Milliseconds that the busiest practice may take."""


def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  # the schedule has nothing to say
    """Audit, and say how many tallies were wrong, also when none was: silence would mean that nobody looked."""
    logger.set_correlation_id(context.aws_request_id)
    now = datetime.now(UTC).replace(microsecond=0)
    audited = auditing.audit(
        STORES.practices, BOOKS, now, lambda: context.get_remaining_time_in_millis() > ONE_PRACTICE
    )
    for found in audited.found:
        difference = found.difference
        logger.error(
            "tally differs",
            practice_id=found.practice_id,
            cohort=[str(part) for part in difference.cohort],
            tallied=dict(difference.tallied),
            true=dict(difference.true),
            request_ids=difference.request_ids,
            without_history=found.without_history,
            corrected=found.corrected,
        )
    logger.info("audited", practices=audited.practices, differences=len(audited.found))
    metrics.add_metric(name="TalliesDiffer", unit=MetricUnit.Count, value=len(audited.found))
    flush_metrics()
