"""The audit: every practice's tallies against its requests, in turns, without an end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bookings.domain.change_set import HistoryEntry
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally import Tally
from bookings.domain.reporting.tally_audit import Difference, differences
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import Practices
from bookings.use_cases.round_robin import Turn, Turns, take_turns

AUDITED_DAYS = 62
"""Cohorts that are looked at: as far back as anybody still decides."""


class Books(Turns, Protocol):
    """Tallies beside the requests that they count, and how far the audit has come."""

    def requests_of(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        """All requests received on these days."""

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of these days."""

    def history(self, request_id: str) -> list[HistoryEntry]:
        """Everything that happened to the request."""

    def correct(self, practice_id: str, difference: Difference) -> bool:
        """Write what is true, if the tally still is as it was read."""


@dataclass(frozen=True)
class Found:
    """A difference, whether it is corrected, and the requests that went on without a line in their history."""

    practice_id: str
    difference: Difference
    corrected: bool
    without_history: tuple[str, ...]


def audit(practices: Practices, books: Books, now: datetime, has_time: Callable[[], bool]) -> Iterator[Turn[Found]]:
    """Go on where the last audit stopped, until time or practices run out; then the next one begins anew."""
    return take_turns(practices, books, has_time, lambda practice: audit_practice(books, practice, now))


def audit_practice(books: Books, practice: Practice, now: datetime) -> Iterator[Found]:
    """One practice's differences, each of them as soon as it is corrected."""
    today = now.astimezone(practice.zone).date()
    first = today - timedelta(days=AUDITED_DAYS)
    for one in _confirmed(books, practice, first, today):
        without_history = _without_history(books, practice, one)
        yield Found(practice.id, one, books.correct(practice.id, one), without_history)


def _confirmed(books: Books, practice: Practice, first: date, last: date) -> list[Difference]:
    """Differences that are there twice. Two reads are no snapshot: a decision between them would look like one."""
    once = _differences(books, practice, first, last)
    if not once:
        return []
    again: Sequence[Difference] = _differences(books, practice, first, last)
    return [one for one in once if one in again]


def _differences(books: Books, practice: Practice, first: date, last: date) -> list[Difference]:
    return differences(books.tallies(practice.id, first, last), books.requests_of(practice, first, last))


def _without_history(books: Books, practice: Practice, difference: Difference) -> tuple[str, ...]:
    first = last = difference.cohort.day
    standing = {one.id: one for one in books.requests_of(practice, first, last)}
    return tuple(
        request_id
        for request_id in difference.request_ids
        if request_id in standing
        and standing[request_id].revision not in {entry.revision for entry in books.history(request_id)}
    )
