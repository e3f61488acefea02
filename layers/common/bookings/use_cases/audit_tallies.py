"""The audit: every practice's tallies against its requests, in turns, without an end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally_audit import TallyDifference, find_tally_differences
from bookings.use_cases.ports import PracticeRepository, TallyAuditStore
from bookings.use_cases.round_robin import PracticeResult, visit_practices

AUDITED_DAYS = 62
"""Cohorts that are looked at: as far back as anybody still decides."""


@dataclass(frozen=True)
class TallyFinding:
    """A difference, whether it is corrected, and the requests that went on without a line in their history."""

    practice_id: str
    difference: TallyDifference
    corrected: bool
    without_history: tuple[str, ...]


def audit_tallies(
    practices: PracticeRepository, books: TallyAuditStore, now: datetime, has_time: Callable[[], bool]
) -> Iterator[PracticeResult[TallyFinding]]:
    """Go on where the last audit stopped, until time or practices run out; then the next one begins anew."""
    return visit_practices(practices, books, has_time, lambda practice: audit_practice_tallies(books, practice, now))


def audit_practice_tallies(books: TallyAuditStore, practice: Practice, now: datetime) -> Iterator[TallyFinding]:
    """One practice's differences, each of them as soon as it is corrected."""
    today = now.astimezone(practice.zone).date()
    first = today - timedelta(days=AUDITED_DAYS)
    for one in _confirmed(books, practice, first, today):
        without_history = _without_history(books, practice, one)
        yield TallyFinding(practice.id, one, books.correct(practice.id, one), without_history)


def _confirmed(books: TallyAuditStore, practice: Practice, first: date, last: date) -> list[TallyDifference]:
    """Differences that are there twice. Two reads are no snapshot: a decision between them would look like one."""
    once = _differences(books, practice, first, last)
    if not once:
        return []
    again: Sequence[TallyDifference] = _differences(books, practice, first, last)
    return [one for one in once if one in again]


def _differences(books: TallyAuditStore, practice: Practice, first: date, last: date) -> list[TallyDifference]:
    return find_tally_differences(books.tallies(practice.id, first, last), books.requests_of(practice, first, last))


def _without_history(books: TallyAuditStore, practice: Practice, difference: TallyDifference) -> tuple[str, ...]:
    first = last = difference.cohort.day
    standing = {one.id: one for one in books.requests_of(practice, first, last)}
    return tuple(
        request_id
        for request_id in difference.request_ids
        if request_id in standing
        and standing[request_id].revision not in {entry.revision for entry in books.history(request_id)}
    )
