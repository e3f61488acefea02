"""Every hour: audit the tallies of practices in turn, and correct those that differ."""

from collections.abc import Iterator
from datetime import datetime

from bookings.bootstrap import bootstrap
from bookings.entrypoints.schedule import HasTime, scheduled_audit
from bookings.observability import logger
from bookings.use_cases.audit_tallies import TallyFinding, audit_tallies
from bookings.use_cases.round_robin import PracticeResult

APP = bootstrap("practices", "bookings", "tally_audit", "tally_round_robin")


def log_difference(found: TallyFinding) -> None:
    """Log a tally that differs, by ids."""
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


@scheduled_audit("TalliesDiffer", log_difference)
def handler(now: datetime, has_time: HasTime) -> Iterator[PracticeResult[TallyFinding]]:
    return audit_tallies(APP.practices, APP.bookings, APP.tally_audit, APP.tally_round_robin, now, has_time)
