"""Reading the conversion report."""

from datetime import date, timedelta

import pytest

from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.reporting.conversion_report import GroupBy, Report
from bookings.domain.requests.request import RejectionReason
from bookings.use_cases.read_conversion_report import read_conversion_report
from tests.support.builders import NOW, a_slot, a_stranger
from tests.support.practice_harness import PracticeHarness

TODAY = date(2026, 7, 1)


def report(
    harness: PracticeHarness, first: date = TODAY, last: date = TODAY, group_by: GroupBy | None = None
) -> Report:
    harnessed = harness.practices, harness.bookings, harness.practice.id
    return read_conversion_report(*harnessed, first, last, group_by, NOW)[1]


def test_one_accepted_of_one_received_is_100_percent() -> None:
    """Story 1."""
    harness = PracticeHarness()
    harness.accept(harness.request(), start="2026-07-15T14:30:00", chair_id="chr_b")
    totals = report(harness).totals
    assert (totals.received, totals.accepted, totals.gross_conversion, totals.decided_conversion) == (1, 1, 1.0, 1.0)
    assert totals.resolutions["with_changes"] == 1


def test_a_rejection_lowers_the_rate_until_it_is_reopened() -> None:
    """Story 4."""
    harness = PracticeHarness()
    harness.accept(harness.request())
    before = report(harness)
    second = harness.request(patient=a_stranger())
    waiting = report(harness)
    rejected = harness.reject(second)
    assert report(harness).totals.decided_conversion == 0.5
    harness.reopen(rejected)
    assert report(harness) == waiting
    assert before.totals.decided_conversion == waiting.totals.decided_conversion == 1.0


def test_spam_duplicates_and_withdrawn_requests_do_not_count() -> None:
    harness = PracticeHarness()
    harness.accept(harness.request())
    harness.reject(harness.request(), RejectionReason.SPAM)
    harness.reject(harness.request(), RejectionReason.DUPLICATE)
    totals = report(harness).totals
    assert (totals.received, totals.gross_conversion, totals.decided_conversion) == (3, 1.0, 1.0)


def test_requests_are_counted_on_their_day_of_receipt() -> None:
    harness = PracticeHarness()
    harness.accept(harness.request(), at=NOW + timedelta(days=2))
    assert report(harness).totals.accepted == 1
    assert report(harness, TODAY + timedelta(days=1), TODAY + timedelta(days=2)).totals.received == 0


def test_first_and_last_day_are_included() -> None:
    harness = PracticeHarness()
    for days in range(5):
        harness.request(received_at=NOW + timedelta(days=days), requested=a_slot("2026-07-30T15:00"))
    assert report(harness, TODAY + timedelta(days=1), TODAY + timedelta(days=3)).totals.received == 3
    grouped = report(harness, TODAY, TODAY + timedelta(days=4), "day")
    assert [group.key for group in grouped.groups] == [(TODAY + timedelta(days=n)).isoformat() for n in range(5)]


def test_another_practices_requests_are_not_counted() -> None:
    harness = PracticeHarness()
    harness.request(practice_id="prac_other")
    assert report(harness).totals.received == 0


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + timedelta(days=401))])
def test_an_invalid_or_too_long_period_is_refused(first: date, last: date) -> None:
    with pytest.raises(Invalid):
        report(PracticeHarness(), first, last)


def test_an_unknown_practice_is_not_found() -> None:
    harness = PracticeHarness()
    with pytest.raises(NotFound):
        read_conversion_report(harness.practices, harness.bookings, "prac_x", TODAY, TODAY, None, NOW)
