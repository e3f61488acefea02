"""Appointments on their way into the PMS: taken on a lease, settled by the agent's word, given up without it."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bookings.domain.kernel.errors import Invalid
from bookings.domain.outbox.email import EmailKind
from bookings.domain.outbox.pms_write import (
    MAX_LEASES,
    PMS_WRITE_LEASE,
    PMS_WRITE_TIMEOUT,
    PmsWrite,
    WriteStatus,
    create_write_id,
)
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Attention, Request, Status
from bookings.use_cases import time_out_pms_writes as giving_up
from tests.builders import (
    NOW,
    a_patient,
    a_practice,
    a_slot,
    a_stranger,
    an_event,
    an_idempotency_key,
    completed,
    failed,
    sheet_key,
)
from tests.unit.use_cases.house import House, Killed

SOON = NOW + PMS_WRITE_LEASE
LATER = NOW + PMS_WRITE_TIMEOUT


def accepted(house: House, **told: Any) -> tuple[Request, PmsWrite]:
    """A request that was accepted at 15:00 with practitioner and chair A, and the write that it waits for."""
    request = house.accept(house.request(**told), notify=True)
    return request, write_of(house, request)


def write_of(house: House, request: Request) -> PmsWrite:
    return write_named(house, create_write_id(request.appointment_id or ""))


def write_named(house: House, write_id: str | None) -> PmsWrite:
    found = house.bookings.load(house.practice.id, write_id=write_id).pms_write
    assert found
    return found


def swept(house: House, at: datetime) -> list[str]:
    return [one.write.id for one in giving_up.time_out_pms_writes(house.bookings, at, lambda: True)]


def busy(house: House, day: str = "2026-07-15", chair_id: str = "chr_a") -> list[str]:
    key = sheet_key(day, "chair", chair_id)
    return list(house.bookings.load(house.practice.id, sheets=[key]).sheets[key].busy)


# ---------------------------------------------------------------- taking


def test_the_agent_gets_what_is_to_be_written_and_the_appointment_with_it() -> None:
    house = House()
    request, write = accepted(house)
    ((handed_out, appointment),) = house.pull()
    assert (handed_out.id, handed_out.kind, appointment.slot) == (write.id, "create", request.accepted)


def test_a_write_that_is_leased_is_nobody_elses_until_the_lease_lapses() -> None:
    house = House()
    _, write = accepted(house)
    house.pull()
    assert house.pull(SOON - timedelta(seconds=1)) == []
    assert [one.id for one, _ in house.pull(SOON)] == [write.id], "under the same id: it is the idempotency token"


def test_between_leases_the_pauses_grow_and_at_last_it_has_timed_out() -> None:
    house = House()
    _, write = accepted(house)
    moments = [NOW]
    while len(moments) < MAX_LEASES:
        ((leased, _),) = house.pull(moments[-1])
        moments.append(leased.due_at)
    house.pull(moments[-1])
    pauses = [(later - earlier - PMS_WRITE_LEASE).total_seconds() / 60 for earlier, later in pairwise(moments)]
    assert pauses == [0, 1, 2, 4, 8]
    assert swept(house, moments[-1]) == []
    assert house.pull(moments[-1] + PMS_WRITE_LEASE) == []
    assert swept(house, moments[-1] + PMS_WRITE_LEASE) == [write.id]


def test_a_pull_takes_no_more_than_it_asks_for_and_the_oldest_first() -> None:
    house = House()
    first = house.accept(house.request(), at=NOW, start="2026-07-15T09:00")
    house.accept(house.request(), at=NOW + timedelta(seconds=1), start="2026-07-16T09:00", different_appointment=True)
    assert [one.request_id for one, _ in house.pull(SOON, limit=1)] == [first.id]
    assert len(house.pull(SOON, limit=1)) == 1
    assert house.pull(SOON, limit=1) == []


def test_a_pull_that_comes_once_more_gets_what_it_was_given() -> None:
    house = House()
    accepted(house)
    idempotency_key = an_idempotency_key("msg_1")
    first = house.pull(idempotency_key=idempotency_key)
    assert house.pull(NOW + timedelta(seconds=5), idempotency_key=idempotency_key) == first
    assert house.pull(SOON, idempotency_key=idempotency_key) == [], (
        "the lease is over: it may be somebody else's by now"
    )


def test_what_a_pull_leaves_behind_names_no_person() -> None:
    house = House()
    request, _ = accepted(house)
    house.pull(idempotency_key=(idempotency_key := an_idempotency_key()))
    idempotency_record = house.bookings.load(
        house.practice.id, idempotency_record_id=idempotency_key.idempotency_record_id
    ).idempotency_record
    assert idempotency_record
    assert request.patient.last_name not in idempotency_record.outcome


def test_of_two_pulls_at_once_one_gets_it_and_the_other_what_is_left() -> None:
    house = House()
    accepted(house)
    theirs: list[Any] = []
    house.bookings.meanwhile = lambda: theirs.extend(house.pull())
    assert house.pull() == []
    assert len(theirs) == 1


def test_a_practice_meets_no_other_practices_writes() -> None:
    house, neighbour = House(), House()
    neighbour.bookings = house.bookings
    _, write = accepted(house)
    assert neighbour.pull() == []
    (rejected,) = neighbour.tell(completed(write, "1001")).rejected
    assert [error["field"] for error in rejected.errors] == ["data.write_id"]


# ---------------------------------------------------------------- outcomes


def test_a_completed_create_shows_on_the_request_and_disturbs_nobody_who_is_deciding() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    assert house.tell(completed(write, "1001")).accepted == 1
    after = house.stands(request)
    assert (after.pms_write, after.appointment_id) == ("complete", request.appointment_id)
    assert (after.revision, after.attention) == (request.revision, None)
    assert house.actions(request) == ["submit", "accept"]


def test_events_for_the_pmss_own_id_find_the_appointment() -> None:
    house = House()
    request, write = accepted(house)
    house.tell(completed(write, "1001"))
    house.tell(an_event(id="1001", version=4, start="2026-07-17T10:00:00"))
    assert house.stands(request).accepted == house.known(request.appointment_id).slot
    assert (busy(house), busy(house, "2026-07-17", "chr_b")) == ([], [request.appointment_id])
    house.tell(an_event("appointment.deleted", 5, id="1001"))
    assert house.stands(request).appointment_status is AppointmentStatus.CANCELLED
    assert busy(house, "2026-07-17", "chr_b") == []


def test_a_failure_comes_back_with_its_reason_and_asks_for_attention() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(failed(write, "Operatory 1 is blocked"))
    after = house.stands(request)
    assert (after.pms_write, after.pms_write_reason) == ("failed", "Operatory 1 is blocked")
    assert (after.status, after.attention) == (Status.ACCEPTED, Attention.WRITE_FAILED)
    entry = house.bookings.history(request.id)[-1]
    assert (entry.action, entry.after["pms_write"], entry.after["attention"]) == (
        "write_failed", "failed", "write_failed",
    )  # fmt: skip
    assert busy(house) == [request.appointment_id], "its time is kept until the front desk decides"
    assert house.pull(LATER) == []


def test_the_first_outcome_wins_and_others_are_no_news() -> None:
    house = House()
    request, write = accepted(house)
    house.tell(completed(write, "1001"))
    assert house.tell(completed(write, "1001"), failed(write), completed(write, "2002")).ignored == 3
    assert house.stands(request).pms_write == "complete"


def test_nor_does_a_failure_turn_into_success() -> None:
    house = House()
    request, write = accepted(house)
    house.tell(failed(write))
    assert house.tell(completed(write, "1001")).ignored == 1
    assert house.stands(request).pms_write == "failed"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (an_event("write.completed", None, write_id="write_none", appointment_id="1"), "data.write_id"),
        (an_event("write.completed", None, appointment_id="1"), "data.write_id"),
        (an_event("write.failed", None, write_id="write_none"), "data.reason"),
        (an_event("write.failed", "soon", write_id="write_none", reason="no"), "version"),
    ],
)
def test_an_outcome_of_nothing_is_rejected_by_its_field(event: dict[str, Any], field: str) -> None:
    (rejected,) = House().tell(event).rejected
    assert [error["field"] for error in rejected.errors] == [field]


def test_a_completed_create_has_to_name_the_pmss_own_id() -> None:
    house = House()
    _, write = accepted(house)
    (rejected,) = house.tell(completed(write)).rejected
    assert [error["field"] for error in rejected.errors] == ["data.appointment_id"]


@pytest.mark.parametrize("fault", ["dies_before_writing", "dies_after_writing"])
def test_an_outcome_that_died_on_its_way_is_told_again_and_counts_once(fault: str) -> None:
    house = House()
    request, write = accepted(house)
    setattr(house.bookings, fault, True)
    with pytest.raises(Killed):
        house.tell(completed(write, "1001"))
    setattr(house.bookings, fault, False)
    house.tell(completed(write, "1001"), an_event(id="1001", version=2))
    assert house.stands(request).pms_write == "complete"
    assert len(busy(house, "2026-07-16", "chr_b")) == 1


# ---------------------------------------------------------------- giving up


def test_a_silent_agent_is_found_out_by_the_clock() -> None:
    house = House()
    request, write = accepted(house)
    assert swept(house, LATER - timedelta(seconds=1)) == []
    assert swept(house, LATER) == [write.id]
    after = house.stands(request)
    assert (after.pms_write, after.attention) == ("timed_out", Attention.WRITE_TIMED_OUT)
    assert house.actions(request)[-1] == "write_timed_out"
    assert (swept(house, LATER), house.pull(LATER)) == ([], [])


def test_a_lease_that_still_runs_is_not_taken_away() -> None:
    house = House()
    _, write = accepted(house)
    house.pull(LATER - timedelta(seconds=10))
    assert swept(house, LATER) == []
    assert swept(house, LATER + PMS_WRITE_LEASE) == [write.id]


def test_a_late_word_is_better_than_none() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    swept(house, LATER)
    house.tell(completed(write, "1001"), at=LATER)
    after = house.stands(request)
    assert (after.pms_write, after.attention) == ("complete", None)
    assert house.actions(request)[-1] == "write_completed"


def test_a_write_that_is_settled_while_it_is_given_up_stays_settled() -> None:
    house = House()
    request, write = accepted(house)
    house.bookings.meanwhile = lambda: house.tell(completed(write, "1001"))
    assert swept(house, LATER) == []
    assert house.stands(request).pms_write == "complete"


def test_one_that_cannot_be_given_up_holds_up_no_other() -> None:
    house = House()
    accepted(house)
    house.bookings.dies_before_writing = True
    (crashed,) = giving_up.time_out_pms_writes(house.bookings, LATER, lambda: True)
    assert crashed.crash == "Killed"
    house.bookings.dies_before_writing = False
    assert giving_up.time_out_pms_writes(house.bookings, LATER, lambda: False) == [], (
        "there is no time left: the next sweep does"
    )


def test_a_sweep_goes_on_until_none_is_overdue_and_tries_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_up, "MAX_SWEEP_BATCH", 2)
    house = House()
    for hour in ("09", "11", "13", "15"):
        accepted(house, requested=a_slot(f"2026-07-15T{hour}:00"), patient=a_stranger())

    def die_once() -> None:
        raise Killed

    house.bookings.meanwhile = die_once
    given_up = giving_up.time_out_pms_writes(house.bookings, LATER, lambda: True)
    assert [one.crash for one in given_up] == ["Killed", None, None, None]


# ---------------------------------------------------------------- reopening


def test_what_no_agent_has_had_is_withdrawn_and_never_handed_out() -> None:
    house = House()
    request, _ = accepted(house)
    house.reopen(request)
    assert house.pull(SOON) == []
    assert write_of(house, request).status is WriteStatus.REVOKED
    assert [one.kind for one in house.writes] == ["create"]


def test_a_written_appointment_is_cancelled_under_the_pmss_id() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(completed(write, "1001"))
    house.reopen(request)
    ((cancel, appointment),) = house.pull(SOON)
    assert (cancel.kind, appointment.pms_id, appointment.slot) == ("cancel", "1001", request.accepted)
    assert busy(house) == []
    house.tell(completed(cancel), an_event(id="1001", version=9, status="cancelled"))
    assert house.known(request.appointment_id).status is AppointmentStatus.CANCELLED
    assert (house.stands(request).pms_write, house.stands(request).status) == ("not_required", Status.PENDING)


def test_a_cancel_waits_for_the_agents_word_about_the_create() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.reopen(request)
    assert house.pull(NOW + timedelta(seconds=5)) == [], "the agent may be writing it just now"
    house.tell(completed(write, "1001"), at=NOW + timedelta(seconds=6))
    ((cancel, appointment),) = house.pull(NOW + timedelta(seconds=6))
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_without_a_word_the_cancel_follows_when_the_lease_is_over() -> None:
    house = House()
    request, _ = accepted(house)
    house.pull()
    house.reopen(request)
    ((cancel, appointment),) = house.pull(SOON)
    assert (cancel.kind, appointment.pms_id) == ("cancel", None), "the agent looks for it by its token"


def test_a_create_that_fails_after_its_request_was_reopened_needs_no_cancel() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    back = house.reopen(request)
    house.tell(failed(write))
    assert house.pull(SOON) == []
    assert house.stands(request) == back, "nothing that the front desk has to look at"
    assert house.known(request.appointment_id).status is AppointmentStatus.CANCELLED


def test_what_failed_needs_no_cancel_either() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(failed(write))
    house.reopen(house.stands(request))
    assert house.pull(SOON) == []


def test_while_the_cancel_is_under_way_the_pms_keeps_no_time_busy() -> None:
    """The PMS's news of what it wrote may come after the front desk has taken it back."""
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(completed(write, "1001"))
    house.reopen(request)
    house.tell(an_event(id="1001", version=1, start="2026-07-15T15:00:00", chair_id="chr_a", practitioner_id="prov_a"))
    assert busy(house) == []


def test_a_cancel_that_fails_gives_the_appointment_back_and_says_so() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(completed(write, "1001"))
    house.reopen(request)
    ((cancel, _),) = house.pull(SOON)
    house.tell(failed(cancel, "The patient has checked in"))
    after = house.stands(request)
    assert (after.status, after.pms_write, after.pms_write_reason) == (
        Status.PENDING, "failed", "The patient has checked in",
    )  # fmt: skip
    assert after.attention is Attention.WRITE_FAILED
    assert busy(house) == [request.appointment_id]


def test_a_cancel_that_fails_once_the_request_is_accepted_anew_leaves_the_new_write_alone() -> None:
    house = House()
    request, write = accepted(house)
    house.pull()
    house.tell(completed(write, "1001"))
    again = house.accept(house.reopen(request), start="2026-07-20T09:00:00")
    ((cancel, _),) = [one for one in house.pull(SOON) if one[0].kind == "cancel"]
    house.tell(failed(cancel))
    after = house.stands(request)
    assert (after.pms_write, after.attention) == ("queued", Attention.WRITE_FAILED)
    house.tell(completed(write_of(house, again), "1002"))
    assert house.stands(request).pms_write == "complete"


def test_the_agent_and_the_front_desk_at_once_lose_neither() -> None:
    """The agent completes the write just as the front desk takes the decision back."""
    house = House()
    request, write = accepted(house)
    house.pull()
    house.bookings.meanwhile = lambda: house.tell(completed(write, "1001"))
    assert house.reopen(request).status is Status.PENDING
    ((cancel, appointment),) = house.pull(SOON)
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_an_agent_that_pulls_while_the_front_desk_reopens_is_followed_by_a_cancel() -> None:
    house = House()
    request, _ = accepted(house)
    house.bookings.meanwhile = house.pull
    house.reopen(request)
    assert [one.kind for one, _ in house.pull(SOON)] == ["cancel"]


# ---------------------------------------------------------------- the confirmation


def test_where_the_practice_confirms_what_is_written_the_letter_goes_out_with_the_outcome() -> None:
    house = House(a_practice(confirm_when="written"))
    request, write = accepted(house)
    assert (house.emails, request.mail) == ([], None)
    house.tell(completed(write, "1001"))
    (email,) = house.emails
    after = house.stands(request)
    assert (email.kind, email.revision, email.outbox_id) == (
        EmailKind.CONFIRMATION, after.revision, after.outbox_id,
    )  # fmt: skip
    assert after.mail == "queued"


def test_what_failed_is_not_confirmed_and_needs_no_cancellation() -> None:
    house = House(a_practice(confirm_when="written"))
    request, write = accepted(house)
    house.tell(failed(write))
    house.reopen(house.stands(request))
    assert house.emails == []


def test_who_was_not_to_be_told_is_not_told_when_it_is_written() -> None:
    house = House(a_practice(confirm_when="written"))
    request = house.accept(house.request(), notify=False)
    house.tell(completed(write_of(house, request), "1001"))
    assert house.emails == []


def test_whoever_was_told_when_it_was_decided_is_told_once() -> None:
    house = House()
    _, write = accepted(house)
    house.tell(completed(write, "1001"))
    assert len(house.emails) == 1


def test_nobody_can_be_promised_a_letter_without_an_address() -> None:
    house = House(a_practice(confirm_when="written"))
    with pytest.raises(Invalid):
        house.accept(house.request(patient=a_patient(email=None)), notify=True)
