"""Classifying why a request did not fit, and what was done instead."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.change_set import ChangeSet, revise
from bookings.domain.decisions.accept import accept, slot_with_edits
from bookings.domain.decisions.close import expire, reject
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.insights.misfit_cause import Cause, Instead, Misfit, classify_misfit
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Decision, Move, RejectionReason, Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey
from bookings.domain.scheduling.slot import Slot
from tests.support.builders import (
    NOW,
    a_linking,
    a_pms,
    a_practice,
    a_practitioner,
    a_rejection,
    a_request,
    a_slot,
    a_stamp,
    a_step,
    a_stranger,
    an_acceptance,
    an_appointment,
    hours,
    open_hours,
    sheets_with,
)

ASKED = a_slot("2026-07-14T15:00", 30, practitioner_id="prov_a")
"""A Tuesday."""

DECIDED = a_stamp(at=NOW + timedelta(hours=1))
Sheets = dict[SheetKey, DaySheet]


def busy(
    start: str = "2026-07-14T15:00", minutes: int = 60, *, since: timedelta | None = None, **fields: Any
) -> Sheets:
    slot = a_slot(start, minutes, practitioner_id="prov_a", chair_id="chr_a")
    appointment = an_appointment(**{"id": "M1", "patient": a_stranger(), "slot": slot, **fields})
    return sheets_with(appointment, since=None if since is None else NOW + since)


def asking(requested: Slot = ASKED, **fields: Any) -> Request:
    return a_request(requested=requested, received_at=NOW, **fields)


def moved(request: Request, **edits: Any) -> HistoryEntry:
    """Accepted with edits, with an override if necessary."""
    practice = a_practice(id=request.practice_id)
    acceptance = an_acceptance(override={"reason": "so be it"}, **edits)
    wanted = slot_with_edits(practice, request, acceptance)
    return a_step(request, accept(practice, request, wanted, acceptance, {}, DECIDED))


def rejected(request: Request, reason: RejectionReason = RejectionReason.NO_OPENING) -> HistoryEntry:
    return a_step(request, reject(request, a_rejection(reason), DECIDED))


def linked(request: Request, **slot: Any) -> HistoryEntry:
    appointment = an_appointment(id="L1", slot=request.requested.model_copy(update=slot))
    return a_step(request, link(request, appointment, a_linking(appointment), DECIDED))


def expired(request: Request) -> HistoryEntry:
    return a_step(request, expire(request, a_stamp("clock", request.requested.begins)))


def classed(
    entry: HistoryEntry, request: Request, sheets: Sheets | None = None, practice: Practice | None = None
) -> Misfit:
    found = classify_misfit(practice or a_practice(), request, entry, sheets or {})
    assert found
    return found


def test_a_request_accepted_as_requested_is_no_misfit() -> None:
    request = asking()
    assert classify_misfit(a_practice(), request, moved(request), {}) is None


def test_a_link_to_the_requested_slot_is_no_misfit() -> None:
    request = asking()
    assert classify_misfit(a_practice(), request, linked(request, chair_id="chr_b"), {}) is None


@pytest.mark.parametrize("reason", [RejectionReason.DUPLICATE, RejectionReason.SPAM, RejectionReason.NOT_A_PATIENT])
def test_a_rejection_unrelated_to_the_schedule_is_no_misfit(reason: RejectionReason) -> None:
    request = asking()
    assert classify_misfit(a_practice(), request, rejected(request, reason), busy()) is None


def test_a_withdrawn_request_is_no_misfit() -> None:
    request = asking()
    decision = Decision(action=Move.WITHDRAW, at=NOW, by="patient")
    entry = a_step(request, ChangeSet(DECIDED, Move.WITHDRAW, revise(request, decision=decision)))
    assert classify_misfit(a_practice(), request, entry, busy()) is None


def test_slot_taken_names_the_appointment_and_since_when() -> None:
    request = asking()
    found = classed(moved(request, start="2026-07-14T14:30"), request, busy(since=timedelta(days=-3)))
    assert (found.cause, found.instead, found.moved_minutes) == (Cause.SLOT_TAKEN, Instead.MOVED, -30)
    assert {one.appointment_id for one in found.taken} == {"M1"}
    assert found.was_taken_before is True


@pytest.mark.parametrize(
    ("since", "before"), [(timedelta(minutes=-1), True), (timedelta(minutes=1), False), (None, None)]
)
def test_slot_taken_says_whether_it_was_taken_before_the_request(since: timedelta | None, before: bool | None) -> None:
    request = asking()
    assert classed(rejected(request), request, busy(since=since)).was_taken_before is before


def test_an_appointment_made_after_the_decision_is_no_cause() -> None:
    request = asking()
    assert classed(rejected(request), request, busy(since=timedelta(hours=2))).cause is Cause.UNEXPLAINED


def test_the_requests_own_appointment_is_no_cause() -> None:
    request = asking()
    assert classed(linked(request, start=a_slot("2026-07-14T15:15").start), request, busy(id="L1")).cause is (
        Cause.UNEXPLAINED
    )


def test_a_start_outside_the_practices_hours_is_the_cause() -> None:
    request = asking(a_slot("2026-07-14T18:00"))
    assert classed(rejected(request), request).cause is Cause.OUTSIDE_HOURS


def test_a_start_outside_the_practitioners_hours_is_the_cause() -> None:
    practice = a_practice(practitioners=(a_practitioner("prov_a", hours=hours(*open_hours("08:00", "12:00"))),))
    request = asking()
    assert classed(rejected(request), request, practice=practice).cause is Cause.OUTSIDE_HOURS


def test_a_practitioner_in_another_chair_is_the_cause() -> None:
    person = a_practitioner("prov_a", hours=hours(*open_hours("08:00", "17:00", chair_id="chr_b")))
    request = asking(ASKED.model_copy(update={"chair_id": "chr_a"}))
    found = classed(rejected(request), request, practice=a_practice(practitioners=(person,)))
    assert found.causes == (Cause.CHAIR_IMPOSSIBLE,)


def test_an_inactive_practitioner_is_the_cause() -> None:
    practice = a_practice(practitioners=(a_practitioner("prov_a", active=False),))
    request = asking()
    assert classed(rejected(request), request, practice=practice).cause is Cause.CHAIR_IMPOSSIBLE


def test_a_service_that_takes_longer_is_the_cause() -> None:
    request = asking()
    found = classed(moved(request, duration_minutes=60), request)
    assert (found.cause, found.booked_minutes, found.moved_minutes) == (Cause.TOO_SHORT, 60, 0)


def test_a_shorter_appointment_is_not_a_too_short_request() -> None:
    request = asking()
    assert classed(moved(request, duration_minutes=15), request).cause is Cause.UNEXPLAINED


def test_stale_data_at_the_time_of_request_precede_a_taken_slot() -> None:
    practice = a_practice(pms=a_pms(freshness_limit_minutes=60, synced_at=DECIDED.at))
    request = asking(pms_synced_at=NOW - timedelta(minutes=61))
    found = classed(rejected(request), request, busy(since=timedelta(minutes=5)), practice)
    assert found.causes == (Cause.STALE_DATA, Cause.SLOT_TAKEN)
    assert found.pms_age_minutes == 61


def test_data_that_became_stale_later_are_no_cause() -> None:
    practice = a_practice(pms=a_pms(freshness_limit_minutes=60, synced_at=NOW - timedelta(days=1)))
    request = asking(pms_synced_at=NOW - timedelta(minutes=60))
    assert classed(rejected(request), request, practice=practice).cause is Cause.UNEXPLAINED


@pytest.mark.parametrize(("start", "cause"), [("13:59", Cause.SHORT_LEAD), ("14:00", Cause.UNEXPLAINED)])
def test_less_than_half_a_working_day_is_a_short_lead(start: str, cause: Cause) -> None:
    request = asking(a_slot(f"2026-07-01T{start}", 30))
    assert classed(rejected(request), request).cause is cause


def test_the_practices_target_defines_a_short_lead() -> None:
    request = asking(a_slot("2026-07-01T14:30", 30))
    practice = a_practice(decision_target_minutes=300)
    assert classed(rejected(request), request, practice=practice).cause is Cause.SHORT_LEAD


def test_only_working_time_counts_as_lead() -> None:
    request = a_request(requested=a_slot("2026-07-02T09:00", 30), received_at=a_slot("2026-07-01T17:30").begins)
    found = classed(rejected(request), request)
    assert (found.cause, found.lead_minutes) == (Cause.SHORT_LEAD, 60)


def test_an_expired_request_is_classified_too() -> None:
    request = asking()
    found = classed(expired(request), request, busy())
    assert (found.cause, found.instead) == (Cause.SLOT_TAKEN, Instead.EXPIRED)


def test_a_link_to_another_slot_reports_minutes_and_practitioner() -> None:
    request = asking()
    later = a_slot("2026-07-14T16:00").start
    found = classed(linked(request, start=later, practitioner_id="prov_b"), request, busy())
    assert (found.instead, found.moved_minutes, found.other_practitioner) == (Instead.LINKED, 60, True)


def test_a_request_for_any_practitioner_fits_if_one_is_free() -> None:
    request = asking(a_slot("2026-07-14T15:00", 30))
    assert classed(rejected(request), request, busy()).cause is Cause.UNEXPLAINED


def test_reopening_undoes_the_misfit() -> None:
    request = asking()
    decided = reject(request, a_rejection(), DECIDED).request_after
    found = classed(a_step(decided, reopen(decided, None, DECIDED)), decided, busy())
    assert (found.cause, found.revision) == (None, 3)


def test_a_misfit_has_the_local_day_of_its_request() -> None:
    request = a_request(received_at=a_slot("2026-07-01T23:30").begins, requested=ASKED)
    assert classed(rejected(request), request).day.isoformat() == "2026-07-01"


_minutes = st.integers(-240, 240).map(lambda quarter: quarter * 15)


@given(
    moves=st.lists(_minutes, max_size=4),
    since=st.none() | st.integers(-5000, 5000),
    duration=st.sampled_from([15, 30, 60, 90]),
)
def test_the_first_cause_in_order_of_precedence_is_the_cause(
    moves: list[int], since: int | None, duration: int
) -> None:
    request = asking()
    others = [_appointment(index, minutes) for index, minutes in enumerate(moves)]
    sheets = sheets_with(*others, since=None if since is None else NOW + timedelta(minutes=since))
    found = classed(moved(request, start="2026-07-14T10:00", duration_minutes=duration), request, sheets)
    assert found.cause == found.causes[0]
    assert list(found.causes) == [cause for cause in Cause if cause in found.causes]
    assert (Cause.SLOT_TAKEN in found.causes) is bool(found.taken)
    assert (Cause.UNEXPLAINED in found.causes) is (len(found.causes) == 1 and found.causes[0] is Cause.UNEXPLAINED)
    assert all(one.since is None or one.since <= DECIDED.at for one in found.taken)


def _appointment(index: int, minutes: int) -> Appointment:
    start = ASKED.start + timedelta(minutes=minutes)
    slot = Slot(start=start, duration_minutes=60, practitioner_id="prov_a", chair_id="chr_a")
    return an_appointment(id=f"P{index}", slot=slot)
