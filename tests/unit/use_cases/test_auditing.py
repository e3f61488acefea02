"""The audit, and the histories that it finds nothing in."""

from datetime import date, timedelta

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally import Tally
from bookings.domain.reporting.tally_audit import TallyDifference, find_tally_differences
from bookings.domain.requests.request import Request
from bookings.use_cases.audit_tallies import TallyFinding, audit_tallies
from bookings.use_cases.round_robin import PracticeResult
from tests.builders import NOW
from tests.histories import YEAR, History
from tests.unit.use_cases.house import House


class FakeBooks:
    """The tallies of these bookings, which can be audited and spoilt, and the only practice in turn."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tallies = house.bookings._tallies
        self._at = ""

    def next_practices(self, practice_id: str, limit: int) -> list[str]:
        return [self._house.practice.id][:limit] if practice_id < self._house.practice.id else []

    def requests_received(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        found = [one for (of, _), one in self._house.bookings._requests.items() if of == practice.id]
        return [one for one in found if first_day <= one.received_at.astimezone(practice.zone).date() <= last_day]

    def correct_tally(self, practice_id: str, difference: TallyDifference) -> bool:
        tally = self._tallies[practice_id, difference.cohort]
        if any(tally[column] != number for column, number in difference.tallied):
            return False
        tally.update({column: number - tally[column] for column, number in difference.true})
        return True

    def cursor(self) -> str:
        return self._at

    def move_cursor(self, practice_id: str) -> None:
        self._at = practice_id

    def spoil(self, request: Request, column: str = "received") -> None:
        tally = next(counts for (_, counted), counts in self._tallies.items() if counted.source == request.source)
        tally[column] += 1


def audited(house: House, books: FakeBooks) -> list[TallyFinding]:
    return [found for visit in visited(house, books) for found in visit.found]


def visited(house: House, books: FakeBooks) -> list[PracticeResult[TallyFinding]]:
    return list(audit_tallies(house.practices, house.bookings, books, books, NOW + timedelta(days=1), lambda: True))


def test_a_spoilt_tally_is_found_told_by_its_requests_and_corrected() -> None:
    house = House()
    request = house.reject(house.request())
    books = FakeBooks(house)
    books.spoil(request, "status_rejected")
    (found,) = audited(house, books)
    assert (found.practice_id, found.corrected) == (house.practice.id, True)
    assert found.difference.request_ids == (request.id,)
    assert (found.difference.tallied, found.difference.true) == ((("status_rejected", 2),), (("status_rejected", 1),))
    assert audited(house, books) == []
    assert house.tally()["status_rejected"] == 1


def test_a_request_that_changed_without_a_line_in_its_history_is_named() -> None:
    house = House()
    request = house.reject(house.request())
    books = FakeBooks(house)
    books.spoil(request)
    house.bookings._history[request.id].pop()
    (found,) = audited(house, books)
    assert found.without_history == (request.id,)


def test_what_was_corrected_before_an_error_is_told_all_the_same() -> None:
    house = House()
    books = FakeBooks(house)
    for source in ("website", "phone"):
        books.spoil(house.request(source=source))
    correct = books.correct_tally

    def correct_once(practice_id: str, difference: TallyDifference) -> bool:
        books.correct_tally = died  # type: ignore[method-assign]
        return correct(practice_id, difference)

    def died(practice_id: str, difference: TallyDifference) -> bool:
        raise Unavailable

    books.correct_tally = correct_once  # type: ignore[method-assign]
    (turn,) = visited(house, books)
    assert (len(turn.found), turn.error) == (1, "Unavailable")


def test_a_decision_between_the_two_reads_is_no_difference() -> None:
    house = House()
    request = house.request()
    books = FakeBooks(house)
    tallies, late = house.bookings.tallies, [request]

    def read_then_decided(practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        found = tallies(practice_id, first_day, last_day)
        if late:
            house.reject(late.pop())
        return found

    house.bookings.tallies = read_then_decided  # type: ignore[method-assign]
    assert audited(house, books) == []


def drift(requests: int, seed: int) -> int:
    """Differences after so many requests have lived, with whatever happens on the way."""
    house = House()
    History(house.practices, house.bookings, house.practice, seed).year(requests)
    first, last = YEAR.date() - timedelta(days=1), YEAR.date() + timedelta(days=366)
    books = FakeBooks(house)
    tallies = house.bookings.tallies(house.practice.id, first, last)
    return len(find_tally_differences(tallies, books.requests_received(house.practice, first, last)))


@pytest.mark.parametrize("seed", range(3))
def test_no_history_makes_a_tally_drift(seed: int) -> None:
    assert drift(120, seed) == 0


@pytest.mark.soak
def test_ten_thousand_histories_make_no_tally_drift() -> None:
    assert drift(10_000, seed=10_000) == 0
