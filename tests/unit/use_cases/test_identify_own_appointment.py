"""PMS events about an appointment that we created: one appointment and one busy time, in any order."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from bookings.domain.outbox.pms_write import PMS_WRITE_TIMEOUT, PmsWrite, create_write_id
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Status
from bookings.use_cases import time_out_pms_writes as timeouts
from tests.support.builders import NOW, a_patient, a_slot, an_event, completed, failed, sheet_key
from tests.support.practice_harness import PracticeHarness

JANE = {"first_name": "Jane", "last_name": "Doe"}
THERE: dict[str, Any] = {"practitioner_id": "prov_a", "chair_id": "chr_a"}
DAYS = ("2026-07-15", "2026-07-16", "2026-07-17")


class WrittenAppointment:
    """A request accepted at 15:00 with practitioner and chair A, whose write is leased."""

    def __init__(self) -> None:
        self.harness = PracticeHarness()
        self.request: Request = self.harness.accept(self.harness.request())
        self.harness.pull()

    @property
    def write(self) -> PmsWrite:
        found = self.harness.bookings.load(
            self.harness.practice.id, write_id=create_write_id(self.request.appointment_id or "")
        ).pms_write
        assert found
        return found

    @property
    def stored(self) -> Request:
        return self.harness.stored(self.request)

    def as_written(self, version: int = 1, **fields: Any) -> dict[str, Any]:
        """The PMS's event about the written appointment, without the token unless it is given."""
        known: dict[str, Any] = {"start": "2026-07-15T15:00:00", "patient": JANE, **THERE}
        return an_event(id="1001", version=version, **{**known, **fields})

    def busy(self) -> list[tuple[str, str]]:
        """Every busy time of chairs, as day and appointment id."""
        keys = [sheet_key(day, "chair", chair) for day in DAYS for chair in ("chr_a", "chr_b")]
        sheets = self.harness.bookings.load(self.harness.practice.id, sheets=keys).sheets
        return [(str(key.day), name) for key, sheet in sheets.items() for name in sheet.busy]

    def assert_one_appointment(self, day: str | None = DAYS[0]) -> None:
        """Assert that there is one appointment with one busy time, and that the request follows it."""
        assert self.busy() == ([(day, self.request.appointment_id)] if day else [])
        assert self.stored.appointment_id == self.request.appointment_id
        assert self.stored.pms_write == "complete"
        found = self.harness.bookings.appointments(self.harness.practice.id, ["1001"])
        assert found["1001"] == self.harness.stored_appointment(self.request.appointment_id)


def test_an_event_with_our_token_is_our_appointment() -> None:
    written = WrittenAppointment()
    moved = written.as_written(
        write_id=written.write.id, start="2026-07-16T11:00:00", patient={**JANE, "last_name": "Dow"}
    )
    assert written.harness.receive(moved).accepted == 1
    written.assert_one_appointment(DAYS[1])
    assert written.stored.accepted == a_slot("2026-07-16T11:00", **THERE, service_id="svc_checkup")


def test_without_a_token_patient_and_time_identify_our_appointment() -> None:
    written = WrittenAppointment()
    written.harness.receive(written.as_written())
    written.assert_one_appointment()
    assert written.harness.actions(written.request) == ["submit", "accept"], (
        "nothing has changed that anybody decides on"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"patient": {**JANE, "first_name": "Joan"}},
        {"patient": {**JANE, "date_of_birth": "1991-04-02"}},
        {"start": "2026-07-15T15:15:00"},
        {"duration_minutes": 30},
        {"chair_id": "chr_b"},
        {"write_id": "write_of_another_system"},
    ],
)
def test_a_different_event_without_our_token_is_the_pmss_own(fields: dict[str, Any]) -> None:
    written = WrittenAppointment()
    written.harness.receive(written.as_written(**fields))
    assert len(written.busy()) == 2
    assert written.stored.pms_write == "queued"


def test_fields_that_the_pms_does_not_send_do_not_differ() -> None:
    written = WrittenAppointment()
    sparse = written.as_written(patient={"first_name": "JANE", "last_name": "Doe"}, chair_id=None)
    written.harness.receive(sparse)
    assert written.stored.pms_write == "complete"
    assert written.harness.stored_appointment(written.request.appointment_id).slot == written.request.accepted


def test_a_pms_that_uses_our_id_needs_no_alias() -> None:
    written = WrittenAppointment()
    own = written.request.appointment_id or ""
    written.harness.receive(an_event(id=own, version=3, start="2026-07-16T11:00:00", patient=JANE, **THERE))
    assert (written.stored.pms_write, written.busy()) == ("complete", [(DAYS[1], own)])
    assert written.harness.receive(completed(written.write, own)).ignored == 1


def _histories() -> list[tuple[str, ...]]:
    """Every order of the agent's events, cut off anywhere after the first event about the appointment."""
    steps = ("written", "moved", "completed", "cancelled")
    orders = {order[:length] for order in permutations(steps) for length in (2, 3, 4)}
    return sorted(order for order in orders if {"written", "completed"} & set(order))


@pytest.mark.parametrize("order", _histories(), ids="-".join)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_every_order_of_outcome_and_events_ends_in_the_same_state(order: Sequence[str], in_one_batch: bool) -> None:
    written = WrittenAppointment()
    events = {
        "written": written.as_written(1),
        "moved": written.as_written(2, start="2026-07-17T10:00:00"),
        "cancelled": an_event("appointment.deleted", 3, id="1001"),
        "completed": completed(written.write, "1001"),
    }
    sent = [events[name] for name in order]
    for batch in [sent] if in_one_batch else [[event] for event in sent]:
        assert written.harness.receive(*batch).rejected == ()
    day = None if "cancelled" in order else DAYS[2] if "moved" in order else DAYS[0]
    written.assert_one_appointment(day)
    expected = AppointmentStatus.CANCELLED if "cancelled" in order else AppointmentStatus.BOOKED
    assert written.stored.appointment_status is expected
    assert (written.stored.status, written.stored.accepted) == (
        Status.ACCEPTED,
        a_slot("2026-07-17T10:00", **THERE, service_id="svc_checkup")
        if "moved" in order and written.harness.stored_appointment(written.request.appointment_id).slot
        else written.stored.accepted,
    )


def test_repeated_events_change_nothing() -> None:
    written = WrittenAppointment()
    batch = [written.as_written(1), completed(written.write, "1001"), written.as_written(1)]
    assert (written.harness.receive(*batch).ignored, written.harness.receive(*batch).ignored) == (1, 3)
    written.assert_one_appointment()


def test_the_outcome_merges_an_event_stored_as_the_pmss_own() -> None:
    written = WrittenAppointment()
    written.harness.receive(written.as_written(4, chair_id="chr_b", start="2026-07-16T11:00:00"))
    assert len(written.busy()) == 2
    written.harness.receive(completed(written.write, "1001"))
    written.assert_one_appointment(DAYS[1])
    assert written.harness.actions(written.request)[-1] == "write_completed", "the request followed"


def test_after_a_failure_an_appointment_entered_by_hand_is_ours() -> None:
    written = WrittenAppointment()
    written.harness.receive(failed(written.write))
    written.harness.receive(written.as_written())
    written.assert_one_appointment()
    assert (written.stored.attention, written.stored.pms_write_reason) == (None, None)


def test_after_a_timeout_an_appointment_entered_by_hand_is_ours() -> None:
    written = WrittenAppointment()
    timeouts.time_out_pms_writes(written.harness.bookings, NOW + PMS_WRITE_TIMEOUT, lambda: True)
    assert written.stored.attention is Attention.WRITE_TIMED_OUT
    written.harness.receive(written.as_written())
    written.assert_one_appointment()


def test_an_event_during_a_pending_cancel_keeps_no_time_busy() -> None:
    written = WrittenAppointment()
    written.harness.reopen(written.request)
    written.harness.receive(written.as_written())
    assert written.busy() == []
    ((cancel, appointment),) = written.harness.pull()
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_an_appointment_linked_to_another_request_is_not_ours() -> None:
    written = WrittenAppointment()
    written.harness.receive(written.as_written(chair_id="chr_b"))
    other = written.harness.request(patient=a_patient())
    written.harness.link(other, written.harness.stored_appointment("1001"))
    written.harness.receive(completed(written.write, "1001"))
    assert written.harness.stored_appointment("1001").request_id == other.id
    assert written.stored.pms_write == "complete"


def test_a_concurrent_event_and_outcome_make_one_appointment() -> None:
    written = WrittenAppointment()
    written.harness.bookings.before_next_commit = lambda: written.harness.receive(completed(written.write, "1001"))
    written.harness.receive(written.as_written(2))
    written.assert_one_appointment()


def test_an_event_follows_an_alias_made_meanwhile() -> None:
    written = WrittenAppointment()
    written.harness.bookings.before_next_commit = lambda: written.harness.receive(completed(written.write, "1001"))
    written.harness.receive(written.as_written(2, start="2026-07-16T11:00:00"))
    written.assert_one_appointment(DAYS[1])


def test_a_written_appointment_cannot_be_linked_by_its_alias() -> None:
    written = WrittenAppointment()
    written.harness.receive(completed(written.write, "1001"))
    assert not written.harness.stored_appointment("1001").is_linkable
