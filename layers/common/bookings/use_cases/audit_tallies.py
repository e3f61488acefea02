"""Audit tallies: count each practice's requests again, and correct tallies that differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally_audit import TallyDifference, find_tally_differences
from bookings.use_cases.ports import BookingStore, PracticeRepository, RoundRobin, TallyRepairStore
from bookings.use_cases.round_robin import PracticeResult, visit_practices

AUDITED_DAYS = 62
"""Days of receipt that are counted again: requests may still be decided that long after receipt."""


@dataclass(frozen=True)
class TallyFinding:
    """A difference, whether it was corrected, and the ids of requests whose last revision has no history entry."""

    practice_id: str
    difference: TallyDifference
    corrected: bool
    without_history: tuple[str, ...]


def audit_tallies(
    practices: PracticeRepository,
    bookings: BookingStore,
    audit: TallyRepairStore,
    round_robin: RoundRobin,
    now: datetime,
    has_time: Callable[[], bool],
) -> Iterator[PracticeResult[TallyFinding]]:
    """Audit practices in turn, starting where the last run stopped, until time or practices run out."""

    def visit(practice: Practice) -> Iterator[TallyFinding]:
        return audit_practice_tallies(bookings, audit, practice, now)

    return visit_practices(practices, round_robin, has_time, visit)


def audit_practice_tallies(
    bookings: BookingStore, audit: TallyRepairStore, practice: Practice, now: datetime
) -> Iterator[TallyFinding]:
    """Audit one practice. Yields each tally that differs, after its correction."""
    today = now.astimezone(practice.zone).date()
    days = today - timedelta(days=AUDITED_DAYS), today
    for difference in _confirmed_differences(bookings, audit, practice, days):
        without_history = _without_history(bookings, audit, practice, difference)
        corrected = audit.correct_tally(practice.id, difference)
        yield TallyFinding(practice.id, difference, corrected, without_history)


def _confirmed_differences(
    bookings: BookingStore, audit: TallyRepairStore, practice: Practice, days: tuple[date, date]
) -> list[TallyDifference]:
    """Differences that two counts agree on. In one count, a decision between its two reads looks like a difference."""
    first = _differences(bookings, audit, practice, days)
    if not first:
        return []
    second = _differences(bookings, audit, practice, days)
    return [difference for difference in first if difference in second]


def _differences(
    bookings: BookingStore, audit: TallyRepairStore, practice: Practice, days: tuple[date, date]
) -> list[TallyDifference]:
    return find_tally_differences(bookings.tallies(practice.id, *days), audit.requests_received(practice, *days))


def _without_history(
    bookings: BookingStore, audit: TallyRepairStore, practice: Practice, difference: TallyDifference
) -> tuple[str, ...]:
    day = difference.cohort.day
    requests = {request.id: request for request in audit.requests_received(practice, day, day)}
    return tuple(
        request_id
        for request_id in difference.request_ids
        if request_id in requests
        and requests[request_id].revision not in {entry.revision for entry in bookings.history(request_id)}
    )
