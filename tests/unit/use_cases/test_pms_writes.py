"""PMS writes: leased by the agent, completed by its outcome, and timed out without one."""

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
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Status
from bookings.use_cases import time_out_pms_writes as timeouts
from tests.support.builders import (
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
from tests.support.faults import Killed
from tests.support.practice_harness import PracticeHarness

SOON = NOW + PMS_WRITE_LEASE
LATER = NOW + PMS_WRITE_TIMEOUT


def accepted(harness: PracticeHarness, **fields: Any) -> tuple[Request, PmsWrite]:
    """A request accepted at 15:00 with practitioner and chair A, and its PMS write."""
    request = harness.accept(harness.request(**fields), notify=True, different_appointment=True)
    return request, write_of(harness, request)


def write_of(harness: PracticeHarness, request: Request) -> PmsWrite:
    return write_named(harness, create_write_id(request.appointment_id or ""))


def write_named(harness: PracticeHarness, write_id: str | None) -> PmsWrite:
    found = harness.bookings.load(harness.practice.id, write_id=write_id).pms_write
    assert found
    return found


def swept(harness: PracticeHarness, at: datetime) -> list[str]:
    return [one.write.id for one in timeouts.time_out_pms_writes(harness.bookings, at, lambda: True)]


def busy(harness: PracticeHarness, day: str = "2026-07-15", chair_id: str = "chr_a") -> list[str]:
    key = sheet_key(day, "chair", chair_id)
    return list(harness.bookings.load(harness.practice.id, sheets=[key]).sheets[key].busy)


# ---------------------------------------------------------------- pulling


def test_a_pull_returns_the_write_and_its_appointment() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    ((handed_out, appointment),) = harness.pull()
    assert (handed_out.id, handed_out.kind, appointment.slot) == (write.id, "create", request.accepted)


def test_a_leased_write_is_not_leased_again_before_the_lease_expires() -> None:
    harness = PracticeHarness()
    _, write = accepted(harness)
    harness.pull()
    assert harness.pull(SOON - timedelta(seconds=1)) == []
    assert [one.id for one, _ in harness.pull(SOON)] == [write.id], "the same id, which is the PMS's idempotency key"


def test_leases_back_off_until_the_write_times_out() -> None:
    harness = PracticeHarness()
    _, write = accepted(harness)
    moments = [NOW]
    while len(moments) < MAX_LEASES:
        ((leased, _),) = harness.pull(moments[-1])
        moments.append(leased.due_at)
    harness.pull(moments[-1])
    pauses = [(later - earlier - PMS_WRITE_LEASE).total_seconds() / 60 for earlier, later in pairwise(moments)]
    assert pauses == [0, 1, 2, 4, 8]
    assert swept(harness, moments[-1]) == []
    assert harness.pull(moments[-1] + PMS_WRITE_LEASE) == []
    assert swept(harness, moments[-1] + PMS_WRITE_LEASE) == [write.id]


def test_a_pull_leases_the_oldest_writes_up_to_its_limit() -> None:
    harness = PracticeHarness()
    first = harness.accept(harness.request(), at=NOW, start="2026-07-15T09:00")
    harness.accept(
        harness.request(), at=NOW + timedelta(seconds=1), start="2026-07-16T09:00", different_appointment=True
    )
    assert [one.request_id for one, _ in harness.pull(SOON, limit=1)] == [first.id]
    assert len(harness.pull(SOON, limit=1)) == 1
    assert harness.pull(SOON, limit=1) == []


def test_a_repeated_pull_gets_the_same_writes() -> None:
    harness = PracticeHarness()
    accepted(harness)
    idempotency_key = an_idempotency_key("msg_1")
    first = harness.pull(idempotency_key=idempotency_key)
    assert harness.pull(NOW + timedelta(seconds=5), idempotency_key=idempotency_key) == first
    assert harness.pull(SOON, idempotency_key=idempotency_key) == [], (
        "the lease is over: it may be somebody else's by now"
    )


def test_the_idempotency_record_of_a_pull_has_no_personal_data() -> None:
    harness = PracticeHarness()
    request, _ = accepted(harness)
    harness.pull(idempotency_key=(idempotency_key := an_idempotency_key()))
    idempotency_record = harness.bookings.load(
        harness.practice.id, idempotency_record_id=idempotency_key.idempotency_record_id
    ).idempotency_record
    assert idempotency_record
    assert str(request.patient.last_name) not in idempotency_record.outcome


def test_of_two_concurrent_pulls_each_write_goes_to_one() -> None:
    harness = PracticeHarness()
    accepted(harness)
    theirs: list[Any] = []
    harness.bookings.before_next_commit = lambda: theirs.extend(harness.pull())
    assert harness.pull() == []
    assert len(theirs) == 1


def test_writes_of_another_practice_are_neither_pulled_nor_completed() -> None:
    harness, neighbour = PracticeHarness(), PracticeHarness()
    neighbour.bookings = harness.bookings
    _, write = accepted(harness)
    assert neighbour.pull() == []
    (rejected,) = neighbour.receive(completed(write, "1001")).rejected
    assert [error["field"] for error in rejected.errors] == ["data.write_id"]


# ---------------------------------------------------------------- outcomes


def test_a_completed_create_is_shown_without_a_new_revision() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    assert harness.receive(completed(write, "1001")).accepted == 1
    after = harness.stored(request)
    assert (after.pms_write, after.appointment_id) == ("complete", request.appointment_id)
    assert (after.revision, after.attention) == (request.revision, None)
    assert harness.actions(request) == ["submit", "accept"]


def test_events_with_the_pms_id_find_the_appointment() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.receive(completed(write, "1001"))
    harness.receive(an_event(id="1001", version=4, start="2026-07-17T10:00:00"))
    assert harness.stored(request).accepted == harness.stored_appointment(request.appointment_id).slot
    assert (busy(harness), busy(harness, "2026-07-17", "chr_b")) == ([], [request.appointment_id])
    harness.receive(an_event("appointment.deleted", 5, id="1001"))
    assert harness.stored(request).appointment_status is AppointmentStatus.CANCELLED
    assert busy(harness, "2026-07-17", "chr_b") == []


def test_a_failed_write_has_its_reason_and_asks_for_attention() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(failed(write, "Operatory 1 is blocked"))
    after = harness.stored(request)
    assert (after.pms_write, after.pms_write_reason) == ("failed", "Operatory 1 is blocked")
    assert (after.status, after.attention) == (Status.ACCEPTED, Attention.WRITE_FAILED)
    entry = harness.bookings.history(request.id)[-1]
    assert (entry.action, entry.after["pms_write"], entry.after["attentions"]) == (
        "write_failed", "failed", ["write_failed"],
    )  # fmt: skip
    assert busy(harness) == [request.appointment_id], "its time stays busy until the front desk decides"
    assert harness.pull(LATER) == []


def test_only_the_first_outcome_counts() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.receive(completed(write, "1001"))
    assert harness.receive(completed(write, "1001"), failed(write), completed(write, "2002")).ignored == 3
    assert harness.stored(request).pms_write == "complete"


def test_a_failure_does_not_become_a_success() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.receive(failed(write))
    assert harness.receive(completed(write, "1001")).ignored == 1
    assert harness.stored(request).pms_write == "failed"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (an_event("write.completed", None, write_id="write_none", appointment_id="1"), "data.write_id"),
        (an_event("write.completed", None, appointment_id="1"), "data.write_id"),
        (an_event("write.failed", None, write_id="write_none"), "data.write_id"),
        (an_event("write.failed", "soon", write_id="write_none", reason="no"), "version"),
    ],
)
def test_an_invalid_outcome_is_rejected_by_field(event: dict[str, Any], field: str) -> None:
    (rejected,) = PracticeHarness().receive(event).rejected
    assert [error["field"] for error in rejected.errors] == [field]


def test_a_completed_create_needs_the_pms_id() -> None:
    harness = PracticeHarness()
    _, write = accepted(harness)
    (rejected,) = harness.receive(completed(write)).rejected
    assert [error["field"] for error in rejected.errors] == ["data.appointment_id"]


@pytest.mark.parametrize("fault", ["is_killed_before_commit", "is_killed_after_commit"])
def test_an_outcome_is_counted_once_after_a_kill(fault: str) -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    setattr(harness.bookings, fault, True)
    with pytest.raises(Killed):
        harness.receive(completed(write, "1001"))
    setattr(harness.bookings, fault, False)
    harness.receive(completed(write, "1001"), an_event(id="1001", version=2))
    assert harness.stored(request).pms_write == "complete"
    assert len(busy(harness, "2026-07-16", "chr_b")) == 1


# ---------------------------------------------------------------- timing out


def test_a_write_without_an_outcome_times_out() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    assert swept(harness, LATER - timedelta(seconds=1)) == []
    assert swept(harness, LATER) == [write.id]
    after = harness.stored(request)
    assert (after.pms_write, after.attention) == ("timed_out", Attention.WRITE_TIMED_OUT)
    assert harness.actions(request)[-1] == "write_timed_out"
    assert (swept(harness, LATER), harness.pull(LATER)) == ([], [])


def test_a_write_does_not_time_out_during_a_lease() -> None:
    harness = PracticeHarness()
    _, write = accepted(harness)
    harness.pull(LATER - timedelta(seconds=10))
    assert swept(harness, LATER) == []
    assert swept(harness, LATER + PMS_WRITE_LEASE) == [write.id]


def test_a_late_outcome_replaces_a_timeout() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    swept(harness, LATER)
    harness.receive(completed(write, "1001"), at=LATER)
    after = harness.stored(request)
    assert (after.pms_write, after.attention) == ("complete", None)
    assert harness.actions(request)[-1] == "write_completed"


def test_an_outcome_that_comes_during_the_timeout_is_kept() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.bookings.before_next_commit = lambda: harness.receive(completed(write, "1001"))
    assert swept(harness, LATER) == []
    assert harness.stored(request).pms_write == "complete"


def _fail() -> None:
    raise ValueError


def test_a_write_that_crashes_does_not_stop_the_sweep() -> None:
    harness = PracticeHarness()
    accepted(harness)
    harness.bookings.before_next_commit = _fail
    (crashed,) = timeouts.time_out_pms_writes(harness.bookings, LATER, lambda: True)
    assert crashed.crash == "ValueError"
    assert timeouts.time_out_pms_writes(harness.bookings, LATER, lambda: False) == [], (
        "there is no time left: the next sweep does"
    )


def test_a_sweep_continues_batch_by_batch_and_tries_each_write_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "MAX_SWEEP_BATCH", 2)
    harness = PracticeHarness()
    for hour in ("09", "11", "13", "15"):
        accepted(harness, requested=a_slot(f"2026-07-15T{hour}:00"), patient=a_stranger())

    harness.bookings.before_next_commit = _fail
    timed_out = timeouts.time_out_pms_writes(harness.bookings, LATER, lambda: True)
    assert [one.crash for one in timed_out] == ["ValueError", None, None, None]


# ---------------------------------------------------------------- reopening


def test_a_write_that_was_never_leased_is_revoked() -> None:
    harness = PracticeHarness()
    request, _ = accepted(harness)
    harness.reopen(request)
    assert harness.pull(SOON) == []
    assert write_of(harness, request).status is WriteStatus.REVOKED
    assert [one.kind for one in harness.writes] == ["create"]


def test_a_written_appointment_is_cancelled_by_its_pms_id() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(completed(write, "1001"))
    harness.reopen(request)
    ((cancel, appointment),) = harness.pull(SOON)
    assert (cancel.kind, appointment.pms_id, appointment.slot) == ("cancel", "1001", request.accepted)
    assert busy(harness) == []
    harness.receive(completed(cancel), an_event(id="1001", version=9, status="cancelled"))
    assert harness.stored_appointment(request.appointment_id).status is AppointmentStatus.CANCELLED
    assert (harness.stored(request).pms_write, harness.stored(request).status) == ("not_required", Status.PENDING)


def test_a_cancel_waits_for_the_outcome_of_its_create() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.reopen(request)
    assert harness.pull(NOW + timedelta(seconds=5)) == [], "the agent may be writing it"
    harness.receive(completed(write, "1001"), at=NOW + timedelta(seconds=6))
    ((cancel, appointment),) = harness.pull(NOW + timedelta(seconds=6))
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_without_an_outcome_the_cancel_follows_after_the_lease() -> None:
    harness = PracticeHarness()
    request, _ = accepted(harness)
    harness.pull()
    harness.reopen(request)
    ((cancel, appointment),) = harness.pull(SOON)
    assert (cancel.kind, appointment.pms_id) == ("cancel", None), "the agent finds it by its token"


def test_a_create_that_fails_after_its_request_was_reopened_needs_no_cancel() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    back = harness.reopen(request)
    harness.receive(failed(write))
    assert harness.pull(SOON) == []
    assert harness.stored(request) == back, "no attention"
    assert harness.stored_appointment(request.appointment_id).status is AppointmentStatus.CANCELLED


def test_a_failed_create_needs_no_cancel() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(failed(write))
    harness.reopen(harness.stored(request))
    assert harness.pull(SOON) == []


def test_during_a_cancel_pms_events_keep_no_time_busy() -> None:
    """The PMS's event about what it wrote may come after the request was reopened."""
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(completed(write, "1001"))
    harness.reopen(request)
    harness.receive(
        an_event(id="1001", version=1, start="2026-07-15T15:00:00", chair_id="chr_a", practitioner_id="prov_a")
    )
    assert busy(harness) == []


def test_a_failed_cancel_restores_the_appointment_and_asks_for_attention() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(completed(write, "1001"))
    harness.reopen(request)
    ((cancel, _),) = harness.pull(SOON)
    harness.receive(failed(cancel, "The patient has checked in"))
    after = harness.stored(request)
    assert (after.status, after.pms_write, after.pms_write_reason) == (
        Status.PENDING, "failed", "The patient has checked in",
    )  # fmt: skip
    assert after.attention is Attention.WRITE_FAILED
    assert busy(harness) == [request.appointment_id]


def test_a_failed_cancel_leaves_a_newer_write_unchanged() -> None:
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.receive(completed(write, "1001"))
    again = harness.accept(harness.reopen(request), start="2026-07-20T09:00:00")
    ((cancel, _),) = [one for one in harness.pull(SOON) if one[0].kind == "cancel"]
    harness.receive(failed(cancel))
    after = harness.stored(request)
    assert (after.pms_write, after.attention) == ("queued", Attention.WRITE_FAILED)
    harness.receive(completed(write_of(harness, again), "1002"))
    assert harness.stored(request).pms_write == "complete"


def test_an_outcome_and_a_decision_at_once_are_both_kept() -> None:
    """The agent completes the write just as the front desk reopens the request."""
    harness = PracticeHarness()
    request, write = accepted(harness)
    harness.pull()
    harness.bookings.before_next_commit = lambda: harness.receive(completed(write, "1001"))
    assert harness.reopen(request).status is Status.PENDING
    ((cancel, appointment),) = harness.pull(SOON)
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_a_pull_during_reopening_is_followed_by_a_cancel() -> None:
    harness = PracticeHarness()
    request, _ = accepted(harness)
    harness.bookings.before_next_commit = harness.pull
    harness.reopen(request)
    assert [one.kind for one, _ in harness.pull(SOON)] == ["cancel"]


# ---------------------------------------------------------------- confirm on write


def test_confirm_on_write_queues_the_email_with_the_outcome() -> None:
    harness = PracticeHarness(a_practice(confirm_when="written"))
    request, write = accepted(harness)
    assert (harness.emails, request.mail) == ([], None)
    harness.receive(completed(write, "1001"))
    (email,) = harness.emails
    after = harness.stored(request)
    assert (email.kind, email.revision, email.outbox_id) == (
        EmailKind.CONFIRMATION, after.revision, after.outbox_id,
    )  # fmt: skip
    assert after.mail == "queued"


@pytest.mark.parametrize(("written_after", "is_held"), [(10, True), (45, False)])
def test_a_confirmation_on_write_is_held_no_longer_than_the_undo_window(written_after: int, *, is_held: bool) -> None:
    harness = PracticeHarness(a_practice(confirm_when="written", email_undo_seconds=45))
    request, write = accepted(harness)
    harness.receive(completed(write, "1001"), at=NOW + timedelta(seconds=written_after))
    until = NOW + timedelta(seconds=45) if is_held else None
    (email,) = harness.emails
    assert (email.held_until, harness.stored(request).mail_due_at) == (until, until)


def test_a_failed_write_is_not_confirmed() -> None:
    harness = PracticeHarness(a_practice(confirm_when="written"))
    request, write = accepted(harness)
    harness.receive(failed(write))
    harness.reopen(harness.stored(request))
    assert harness.emails == []


def test_confirm_on_write_sends_no_email_without_notify() -> None:
    harness = PracticeHarness(a_practice(confirm_when="written"))
    request = harness.accept(harness.request(), notify=False)
    harness.receive(completed(write_of(harness, request), "1001"))
    assert harness.emails == []


def test_an_email_sent_on_decision_is_not_sent_again_on_write() -> None:
    harness = PracticeHarness()
    _, write = accepted(harness)
    harness.receive(completed(write, "1001"))
    assert len(harness.emails) == 1


def test_confirm_on_write_refuses_notify_without_an_address() -> None:
    harness = PracticeHarness(a_practice(confirm_when="written"))
    with pytest.raises(Invalid):
        harness.accept(harness.request(patient=a_patient(email=None)), notify=True)
