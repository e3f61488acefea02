"""Quality flags: reasons why an acceptance may overstate conversion."""

from datetime import datetime, timedelta

import pytest

from bookings.domain.reporting.quality_flags import EARLY_CANCELLATION, PMS_EVIDENCE_DEADLINE
from bookings.domain.requests.request import Request
from bookings.use_cases import time_out_pms_writes as timeouts
from bookings.use_cases.sweep_requests import flag_missing_pms_evidence
from tests.support.builders import NOW, a_slot, a_stamp, an_event, completed, failed
from tests.support.in_memory.due_request_store import InMemoryDueRequestStore
from tests.support.practice_harness import PracticeHarness

A_WEEK_LATER = NOW + PMS_EVIDENCE_DEADLINE


def flag_counts(harness: PracticeHarness) -> dict[str, int]:
    """The counts of the quality flags by name."""
    return {
        column.removeprefix("guardrail_"): count
        for column, count in harness.tally().items()
        if column.startswith("guardrail_")
    }


# ---------------------------------------------------------------- no PMS evidence


def swept(harness: PracticeHarness, at: datetime = A_WEEK_LATER) -> list[str]:
    """The ids of the requests that a sweep flags."""
    done = flag_missing_pms_evidence(
        harness.bookings, InMemoryDueRequestStore(harness.bookings), a_stamp("clock", at), lambda: True
    ).done
    return [name.request_id for name in done]


def never_written(harness: PracticeHarness) -> Request:
    """An accepted request whose PMS write timed out."""
    request = harness.accept(harness.request(requested=a_slot("2026-08-03T15:00", practitioner_id="prov_a")))
    timeouts.time_out_pms_writes(harness.bookings, NOW + timedelta(hours=1), lambda: True)
    return harness.stored(request)


def test_an_acceptance_without_pms_evidence_for_a_week_is_flagged_once() -> None:
    harness = PracticeHarness()
    request = never_written(harness)
    assert swept(harness, A_WEEK_LATER - timedelta(seconds=1)) == []
    assert flag_counts(harness) == {}
    assert swept(harness) == [request.id]
    assert flag_counts(harness) == {"no_pms_evidence": 1}
    assert swept(harness, A_WEEK_LATER + timedelta(hours=1)) == []
    assert harness.actions(request) == ["submit", "accept", "write_timed_out", "evidence_missing"]


def test_a_failed_write_that_nobody_entered_by_hand_is_flagged() -> None:
    harness = PracticeHarness()
    request = harness.accept(harness.request())
    harness.receive(failed(harness.writes[0]))
    assert swept(harness) == [request.id]


def test_a_completed_write_is_evidence() -> None:
    harness = PracticeHarness()
    harness.accept(harness.request())
    harness.receive(completed(harness.writes[0], "A9"))
    assert swept(harness) == []


def test_an_appointment_entered_by_hand_is_evidence() -> None:
    harness = PracticeHarness()
    request = never_written(harness)
    assert request.accepted
    start = request.accepted.start.isoformat()
    harness.receive(an_event(id="A9", start=start, practitioner_id="prov_a", chair_id=None), at=NOW + timedelta(days=2))
    assert harness.stored(request).pms_write == "complete"
    assert swept(harness) == []


def test_an_event_with_our_id_is_evidence_even_if_the_write_failed() -> None:
    harness = PracticeHarness()
    request = never_written(harness)
    after_its_start = NOW + timedelta(days=60)
    harness.receive(an_event(id=request.appointment_id, start="2026-08-03T16:00:00"), at=after_its_start)
    assert swept(harness, after_its_start) == []


@pytest.mark.parametrize("before_the_sweep", [False, True])
def test_later_evidence_clears_the_flag(before_the_sweep: bool) -> None:
    """Also if the event comes after the sweep has read the request."""
    harness = PracticeHarness()
    request = never_written(harness)
    news = completed(harness.writes[0], "A9")
    if before_the_sweep:
        harness.bookings.before_next_commit = lambda: harness.receive(news, at=A_WEEK_LATER)
        assert swept(harness) == []
    else:
        assert swept(harness) == [request.id]
        harness.receive(news, at=A_WEEK_LATER)
    assert flag_counts(harness) == {}
    assert harness.stored(request).pms_evidence is None


def test_reopening_clears_the_missing_evidence_flag() -> None:
    harness = PracticeHarness()
    request = never_written(harness)
    swept(harness)
    harness.reopen(harness.stored(request))
    assert flag_counts(harness) == {}
    assert swept(harness) == []


def test_a_late_failure_does_not_restart_the_week() -> None:
    harness = PracticeHarness()
    request = never_written(harness)
    swept(harness)
    harness.receive(failed(harness.writes[0]), at=A_WEEK_LATER)
    assert harness.stored(request).pms_evidence == "missing"
    assert flag_counts(harness) == {"no_pms_evidence": 1}


def test_a_linked_request_needs_no_other_evidence() -> None:
    harness = PracticeHarness()
    harness.link(harness.request(), harness.appointment())
    assert swept(harness) == []


# ---------------------------------------------------------------- cancelled within a day


def linked(harness: PracticeHarness) -> Request:
    harness.receive(an_event())
    return harness.link(harness.request(), harness.stored_appointment("A1"))


@pytest.mark.parametrize("gone", [an_event(version=2, status="cancelled"), an_event("appointment.deleted", 2, id="A1")])
@pytest.mark.parametrize(
    ("after", "counted"), [(EARLY_CANCELLATION - timedelta(seconds=1), 1), (EARLY_CANCELLATION, 0)]
)
def test_a_cancellation_within_a_day_is_flagged(gone: dict[str, object], after: timedelta, counted: int) -> None:
    harness = PracticeHarness()
    linked(harness)
    harness.receive(gone, at=NOW + after)
    assert flag_counts(harness).get("cancelled_within_a_day", 0) == counted


def test_a_written_appointment_cancelled_within_a_day_is_flagged() -> None:
    harness = PracticeHarness()
    harness.accept(harness.request())
    harness.receive(completed(harness.writes[0], "A9"))
    harness.receive(an_event("appointment.deleted", 2, id="A9"), at=NOW + timedelta(hours=1))
    assert flag_counts(harness) == {"cancelled_within_a_day": 1}


def test_the_time_of_a_cancellation_is_its_first_event() -> None:
    harness = PracticeHarness()
    request = linked(harness)
    harness.receive(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    harness.receive(an_event("appointment.deleted", 3, id="A1"), at=NOW + timedelta(days=3))
    assert harness.stored(request).appointment_cancelled_at == NOW + timedelta(hours=1)


def test_a_restored_appointment_is_not_flagged() -> None:
    harness = PracticeHarness()
    linked(harness)
    harness.receive(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    harness.receive(an_event(version=3), at=NOW + timedelta(hours=2))
    assert flag_counts(harness) == {}


def test_reopening_clears_the_early_cancellation_flag() -> None:
    harness = PracticeHarness()
    request = linked(harness)
    harness.receive(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    harness.reopen(harness.stored(request))
    assert flag_counts(harness) == {}
    assert harness.stored(request).appointment_cancelled_at is None


# ---------------------------------------------------------------- linked to an earlier appointment


@pytest.mark.parametrize(("heard", "counted"), [(-timedelta(seconds=1), 1), (timedelta(), 0)])
def test_a_link_to_an_appointment_older_than_the_request_is_flagged(heard: timedelta, counted: int) -> None:
    harness = PracticeHarness()
    harness.receive(an_event(), at=NOW + heard)
    harness.link(harness.request(), harness.stored_appointment("A1"))
    assert flag_counts(harness).get("linked_to_earlier_appointment", 0) == counted


def test_the_age_of_an_appointment_is_that_of_its_first_event() -> None:
    harness = PracticeHarness()
    harness.receive(an_event(), at=NOW - timedelta(days=1))
    harness.receive(an_event(version=2, start="2026-07-17T09:00:00"), at=NOW + timedelta(days=1))
    assert harness.stored_appointment("A1").made_at == NOW - timedelta(days=1)


def test_an_appointment_of_unknown_age_is_not_flagged() -> None:
    harness = PracticeHarness()
    harness.link(harness.request(), harness.appointment(made_at=None))
    assert flag_counts(harness) == {}


def test_reopening_clears_the_earlier_appointment_flag() -> None:
    harness = PracticeHarness()
    harness.receive(an_event(), at=NOW - timedelta(days=1))
    request = harness.link(harness.request(), harness.stored_appointment("A1"))
    harness.reopen(request)
    assert flag_counts(harness) == {}
