"""The audit of tallies."""

from datetime import date, timedelta

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.reporting.tally import Tally
from bookings.domain.reporting.tally_audit import TallyDifference, find_tally_differences
from bookings.use_cases.audit_tallies import TallyFinding, audit_tallies
from bookings.use_cases.round_robin import PracticeResult
from tests.support.builders import NOW
from tests.support.in_memory.round_robin import InMemoryRoundRobin
from tests.support.in_memory.tally_repair_store import InMemoryTallyRepairStore
from tests.support.practice_harness import PracticeHarness
from tests.support.random_year import YEAR_START, RandomYear


def audit(harness: PracticeHarness, store: InMemoryTallyRepairStore) -> list[PracticeResult[TallyFinding]]:
    """Audit the only practice, a day later."""
    round_robin, later = InMemoryRoundRobin([harness.practice.id]), NOW + timedelta(days=1)
    return list(audit_tallies(harness.practices, harness.bookings, store, round_robin, later, lambda: True))


def findings(harness: PracticeHarness, store: InMemoryTallyRepairStore) -> list[TallyFinding]:
    return [found for result in audit(harness, store) for found in result.found]


def test_a_wrong_tally_is_reported_with_its_requests_and_corrected() -> None:
    harness = PracticeHarness()
    request = harness.reject(harness.request())
    store = InMemoryTallyRepairStore(harness.bookings)
    store.miscount(request, "status_rejected")
    (found,) = findings(harness, store)
    assert (found.practice_id, found.corrected) == (harness.practice.id, True)
    assert found.difference.request_ids == (request.id,)
    assert (found.difference.tallied, found.difference.true) == ((("status_rejected", 2),), (("status_rejected", 1),))
    assert findings(harness, store) == []
    assert harness.tally()["status_rejected"] == 1


def test_a_request_whose_last_revision_has_no_history_is_named() -> None:
    harness = PracticeHarness()
    request = harness.reject(harness.request())
    store = InMemoryTallyRepairStore(harness.bookings)
    store.miscount(request)
    harness.bookings._history[request.id].pop()
    (found,) = findings(harness, store)
    assert found.without_history == (request.id,)


def test_corrections_before_an_error_are_reported() -> None:
    harness = PracticeHarness()
    store = InMemoryTallyRepairStore(harness.bookings)
    for source in ("website", "phone"):
        store.miscount(harness.request(source=source))
    correct = store.correct_tally

    def correct_once(practice_id: str, difference: TallyDifference) -> bool:
        store.correct_tally = died  # type: ignore[method-assign]
        return correct(practice_id, difference)

    def died(practice_id: str, difference: TallyDifference) -> bool:
        raise Unavailable

    store.correct_tally = correct_once  # type: ignore[method-assign]
    (result,) = audit(harness, store)
    assert (len(result.found), result.error) == (1, "Unavailable")


def test_a_decision_between_the_two_reads_is_no_difference() -> None:
    harness = PracticeHarness()
    request = harness.request()
    store = InMemoryTallyRepairStore(harness.bookings)
    tallies, late = harness.bookings.tallies, [request]

    def read_then_decided(practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        found = tallies(practice_id, first_day, last_day)
        if late:
            harness.reject(late.pop())
        return found

    harness.bookings.tallies = read_then_decided  # type: ignore[method-assign]
    assert findings(harness, store) == []


def drift(requests: int, seed: int) -> int:
    """The number of differences after a random year with so many requests."""
    harness = PracticeHarness()
    RandomYear(harness.practices, harness.bookings, harness.practice, seed).play(requests)
    first, last = YEAR_START.date() - timedelta(days=1), YEAR_START.date() + timedelta(days=366)
    store = InMemoryTallyRepairStore(harness.bookings)
    tallies = harness.bookings.tallies(harness.practice.id, first, last)
    return len(find_tally_differences(tallies, store.requests_received(harness.practice, first, last)))


@pytest.mark.parametrize("seed", range(3))
def test_random_decisions_leave_the_tally_correct(seed: int) -> None:
    assert drift(120, seed) == 0


@pytest.mark.soak
def test_ten_thousand_random_histories_leave_the_tally_correct() -> None:
    assert drift(10_000, seed=10_000) == 0
