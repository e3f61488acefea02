"""Every hour: the tallies of the practices whose turn it is, against their requests; what differs is corrected."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bookings.entrypoints.schedule import scheduled_audit
from bookings.observability import logger
from bookings.storage.stores import open_stores
from bookings.storage.tally_audit_store import open_books
from bookings.use_cases.audit_tallies import TallyFinding, audit_tallies
from bookings.use_cases.round_robin import PracticeResult

STORES, BOOKS = open_stores(), open_books()


def tell(found: TallyFinding) -> None:
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


@scheduled_audit("TalliesDiffer", tell)
def handler(now: datetime, has_time: Callable[[], bool]) -> Iterator[PracticeResult[TallyFinding]]:
    return audit_tallies(STORES.practices, BOOKS, now, has_time)
