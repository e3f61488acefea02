"""Guardrails: what an acceptance may be worth less than it counts for."""

from datetime import datetime, timedelta

import pytest

from bookings.domain.reporting.quality_flags import EARLY_CANCELLATION, PMS_EVIDENCE_DEADLINE
from bookings.domain.requests.request import Request
from bookings.use_cases import time_out_pms_writes as giving_up
from bookings.use_cases.sweep_requests import flag_missing_pms_evidence
from tests.builders import NOW, a_slot, a_stamp, an_event, completed, failed
from tests.fake_queues import FakeWaiting
from tests.unit.use_cases.house import House

A_WEEK_LATER = NOW + PMS_EVIDENCE_DEADLINE


def guardrails(house: House) -> dict[str, int]:
    """What is counted under a guardrail, by its name."""
    return {
        column.removeprefix("guardrail_"): count
        for column, count in house.tally().items()
        if column.startswith("guardrail_")
    }


# ---------------------------------------------------------------- without a sign in the PMS


def swept(house: House, at: datetime = A_WEEK_LATER) -> list[str]:
    """The requests that a sweep flags."""
    done = flag_missing_pms_evidence(
        house.bookings, FakeWaiting(house.bookings), a_stamp("clock", at), lambda: True
    ).done
    return [name.request_id for name in done]


def never_written(house: House) -> Request:
    """An accepted request whose appointment no agent has come for."""
    request = house.accept(house.request(requested=a_slot("2026-08-03T15:00", practitioner_id="prov_a")))
    giving_up.time_out_pms_writes(house.bookings, NOW + timedelta(hours=1), lambda: True)
    return house.stands(request)


def test_an_acceptance_of_which_the_pms_gives_no_sign_for_a_week_is_flagged_once() -> None:
    house = House()
    request = never_written(house)
    assert swept(house, A_WEEK_LATER - timedelta(seconds=1)) == []
    assert guardrails(house) == {}
    assert swept(house) == [request.id]
    assert guardrails(house) == {"no_pms_evidence": 1}
    assert swept(house, A_WEEK_LATER + timedelta(hours=1)) == []
    assert house.actions(request) == ["submit", "accept", "write_timed_out", "evidence_missing"]


def test_what_the_pms_has_refused_and_nobody_has_entered_by_hand_is_flagged_too() -> None:
    house = House()
    request = house.accept(house.request())
    house.tell(failed(house.writes[0]))
    assert swept(house) == [request.id]


def test_what_is_written_has_its_evidence() -> None:
    house = House()
    house.accept(house.request())
    house.tell(completed(house.writes[0], "A9"))
    assert swept(house) == []


def test_what_is_entered_by_hand_has_its_evidence() -> None:
    house = House()
    request = never_written(house)
    assert request.accepted
    start = request.accepted.start.isoformat()
    house.tell(an_event(id="A9", start=start, practitioner_id="prov_a", chair_id=None), at=NOW + timedelta(days=2))
    assert house.stands(request).pms_write == "complete"
    assert swept(house) == []


def test_a_pms_that_has_kept_our_id_and_speaks_of_it_gives_evidence_whatever_became_of_the_write() -> None:
    house = House()
    request = never_written(house)
    after_its_start = NOW + timedelta(days=60)
    house.tell(an_event(id=request.appointment_id, start="2026-08-03T16:00:00"), at=after_its_start)
    assert swept(house, after_its_start) == []


@pytest.mark.parametrize("before_the_sweep", [False, True])
def test_evidence_that_comes_later_clears_the_flag(before_the_sweep: bool) -> None:
    """Also where the agent is faster than the sweep that has already looked."""
    house = House()
    request = never_written(house)
    news = completed(house.writes[0], "A9")
    if before_the_sweep:
        house.bookings.meanwhile = lambda: house.tell(news, at=A_WEEK_LATER)
        assert swept(house) == []
    else:
        assert swept(house) == [request.id]
        house.tell(news, at=A_WEEK_LATER)
    assert guardrails(house) == {}
    assert house.stands(request).pms_evidence is None


def test_reopening_takes_the_flag_back() -> None:
    house = House()
    request = never_written(house)
    swept(house)
    house.reopen(house.stands(request))
    assert guardrails(house) == {}
    assert swept(house) == []


def test_a_late_refusal_does_not_begin_the_week_anew() -> None:
    house = House()
    request = never_written(house)
    swept(house)
    house.tell(failed(house.writes[0]), at=A_WEEK_LATER)
    assert house.stands(request).pms_evidence == "missing"
    assert guardrails(house) == {"no_pms_evidence": 1}


def test_a_link_needs_no_other_evidence() -> None:
    house = House()
    house.link(house.request(), house.appointment())
    assert swept(house) == []


# ---------------------------------------------------------------- cancelled within a day


def linked(house: House) -> Request:
    house.tell(an_event())
    return house.link(house.request(), house.known("A1"))


@pytest.mark.parametrize("gone", [an_event(version=2, status="cancelled"), an_event("appointment.deleted", 2, id="A1")])
@pytest.mark.parametrize(
    ("after", "counted"), [(EARLY_CANCELLATION - timedelta(seconds=1), 1), (EARLY_CANCELLATION, 0)]
)
def test_an_appointment_that_the_pms_takes_away_within_a_day_is_counted(
    gone: dict[str, object], after: timedelta, counted: int
) -> None:
    house = House()
    linked(house)
    house.tell(gone, at=NOW + after)
    assert guardrails(house).get("cancelled_within_a_day", 0) == counted


def test_what_was_accepted_and_written_may_be_cancelled_within_a_day_as_well() -> None:
    house = House()
    house.accept(house.request())
    house.tell(completed(house.writes[0], "A9"))
    house.tell(an_event("appointment.deleted", 2, id="A9"), at=NOW + timedelta(hours=1))
    assert guardrails(house) == {"cancelled_within_a_day": 1}


def test_when_it_was_cancelled_is_when_we_first_heard_of_it() -> None:
    house = House()
    request = linked(house)
    house.tell(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    house.tell(an_event("appointment.deleted", 3, id="A1"), at=NOW + timedelta(days=3))
    assert house.stands(request).appointment_cancelled_at == NOW + timedelta(hours=1)


def test_what_the_pms_gives_back_was_not_cancelled() -> None:
    house = House()
    linked(house)
    house.tell(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    house.tell(an_event(version=3), at=NOW + timedelta(hours=2))
    assert guardrails(house) == {}


def test_reopening_forgets_the_cancellation() -> None:
    house = House()
    request = linked(house)
    house.tell(an_event(version=2, status="cancelled"), at=NOW + timedelta(hours=1))
    house.reopen(house.stands(request))
    assert guardrails(house) == {}
    assert house.stands(request).appointment_cancelled_at is None


# ---------------------------------------------------------------- linked to an earlier appointment


@pytest.mark.parametrize(("heard", "counted"), [(-timedelta(seconds=1), 1), (timedelta(), 0)])
def test_a_link_to_an_appointment_that_we_knew_before_the_request_is_counted(heard: timedelta, counted: int) -> None:
    house = House()
    house.tell(an_event(), at=NOW + heard)
    house.link(house.request(), house.known("A1"))
    assert guardrails(house).get("linked_to_earlier_appointment", 0) == counted


def test_what_an_event_changes_later_was_made_when_we_first_heard_of_it() -> None:
    house = House()
    house.tell(an_event(), at=NOW - timedelta(days=1))
    house.tell(an_event(version=2, start="2026-07-17T09:00:00"), at=NOW + timedelta(days=1))
    assert house.known("A1").made_at == NOW - timedelta(days=1)


def test_an_appointment_from_before_we_noted_this_is_not_said_to_be_earlier() -> None:
    house = House()
    house.link(house.request(), house.appointment(made_at=None))
    assert guardrails(house) == {}


def test_reopening_forgets_the_link() -> None:
    house = House()
    house.tell(an_event(), at=NOW - timedelta(days=1))
    request = house.link(house.request(), house.known("A1"))
    house.reopen(request)
    assert guardrails(house) == {}
