"""What the PMS tells of an appointment that Chairlink asked for: one appointment, one busy time, in any order."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from bookings.domain.outbox.pms_write import PMS_WRITE_TIMEOUT, PmsWrite, create_write_id
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Attention, Request, Status
from bookings.use_cases import time_out_pms_writes as giving_up
from tests.support.builders import NOW, a_patient, a_slot, an_event, completed, failed, sheet_key
from tests.support.practice_harness import PracticeHarness

JANE = {"first_name": "Jane", "last_name": "Doe"}
THERE: dict[str, Any] = {"practitioner_id": "prov_a", "chair_id": "chr_a"}
DAYS = ("2026-07-15", "2026-07-16", "2026-07-17")


class Story:
    """A request that is accepted at 15:00 with practitioner and chair A; the agent has its write."""

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
    def now(self) -> Request:
        return self.harness.stored(self.request)

    def as_written(self, version: int = 1, **fields: Any) -> dict[str, Any]:
        """The event of the PMS about what it wrote; without the token unless it is fields."""
        known: dict[str, Any] = {"start": "2026-07-15T15:00:00", "patient": JANE, **THERE}
        return an_event(id="1001", version=version, **{**known, **fields})

    def busy(self) -> list[tuple[str, str]]:
        """Every busy time of chairs: the day and the appointment."""
        keys = [sheet_key(day, "chair", chair) for day in DAYS for chair in ("chr_a", "chr_b")]
        sheets = self.harness.bookings.load(self.harness.practice.id, sheets=keys).sheets
        return [(str(key.day), name) for key, sheet in sheets.items() for name in sheet.busy]

    def is_one(self, day: str | None = DAYS[0]) -> None:
        """That there is one appointment, one busy time, and that the request follows it."""
        assert self.busy() == ([(day, self.request.appointment_id)] if day else [])
        assert self.now.appointment_id == self.request.appointment_id
        assert self.now.pms_write == "complete"
        found = self.harness.bookings.appointments(self.harness.practice.id, ["1001"])
        assert found["1001"] == self.harness.stored_appointment(self.request.appointment_id)


def test_an_event_with_our_token_is_our_appointment() -> None:
    story = Story()
    moved = story.as_written(write_id=story.write.id, start="2026-07-16T11:00:00", patient={**JANE, "last_name": "Dow"})
    assert story.harness.receive(moved).accepted == 1
    story.is_one(DAYS[1])
    assert story.now.accepted == a_slot("2026-07-16T11:00", **THERE, service_id="svc_checkup")


def test_without_a_token_patient_and_time_identify_our_appointment() -> None:
    story = Story()
    story.harness.receive(story.as_written())
    story.is_one()
    assert story.harness.actions(story.request) == ["submit", "accept"], "nothing has changed that anybody decides on"


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
    story = Story()
    story.harness.receive(story.as_written(**fields))
    assert len(story.busy()) == 2
    assert story.now.pms_write == "queued"


def test_fields_that_the_pms_does_not_send_do_not_differ() -> None:
    story = Story()
    sparse = story.as_written(patient={"first_name": "JANE", "last_name": "Doe"}, chair_id=None)
    story.harness.receive(sparse)
    assert story.now.pms_write == "complete"
    assert story.harness.stored_appointment(story.request.appointment_id).slot == story.request.accepted


def test_a_pms_that_uses_our_id_needs_no_alias() -> None:
    story = Story()
    own = story.request.appointment_id or ""
    story.harness.receive(an_event(id=own, version=3, start="2026-07-16T11:00:00", patient=JANE, **THERE))
    assert (story.now.pms_write, story.busy()) == ("complete", [(DAYS[1], own)])
    assert story.harness.receive(completed(story.write, own)).ignored == 1


def _histories() -> list[tuple[str, ...]]:
    """Every order of what the agent tells, cut off anywhere after the PMS's appointment has shown itself once."""
    steps = ("written", "moved", "completed", "cancelled")
    orders = {order[:length] for order in permutations(steps) for length in (2, 3, 4)}
    return sorted(order for order in orders if {"written", "completed"} & set(order))


@pytest.mark.parametrize("order", _histories(), ids="-".join)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_every_order_of_outcome_and_events_ends_in_the_same_state(order: Sequence[str], in_one_batch: bool) -> None:
    story = Story()
    events = {
        "written": story.as_written(1),
        "moved": story.as_written(2, start="2026-07-17T10:00:00"),
        "cancelled": an_event("appointment.deleted", 3, id="1001"),
        "completed": completed(story.write, "1001"),
    }
    sent = [events[name] for name in order]
    for batch in [sent] if in_one_batch else [[event] for event in sent]:
        assert story.harness.receive(*batch).rejected == ()
    day = None if "cancelled" in order else DAYS[2] if "moved" in order else DAYS[0]
    story.is_one(day)
    expected = AppointmentStatus.CANCELLED if "cancelled" in order else AppointmentStatus.BOOKED
    assert story.now.appointment_status is expected
    assert (story.now.status, story.now.accepted) == (
        Status.ACCEPTED,
        a_slot("2026-07-17T10:00", **THERE, service_id="svc_checkup")
        if "moved" in order and story.harness.stored_appointment(story.request.appointment_id).slot
        else story.now.accepted,
    )


def test_repeated_events_change_nothing() -> None:
    story = Story()
    batch = [story.as_written(1), completed(story.write, "1001"), story.as_written(1)]
    assert (story.harness.receive(*batch).ignored, story.harness.receive(*batch).ignored) == (1, 3)
    story.is_one()


def test_the_outcome_merges_an_event_stored_as_the_pmss_own() -> None:
    story = Story()
    story.harness.receive(story.as_written(4, chair_id="chr_b", start="2026-07-16T11:00:00"))
    assert len(story.busy()) == 2
    story.harness.receive(completed(story.write, "1001"))
    story.is_one(DAYS[1])
    assert story.harness.actions(story.request)[-1] == "write_completed", "the request has moved with it"


def test_after_a_failure_an_appointment_entered_by_hand_is_ours() -> None:
    story = Story()
    story.harness.receive(failed(story.write))
    story.harness.receive(story.as_written())
    story.is_one()
    assert (story.now.attention, story.now.pms_write_reason) == (None, None)


def test_after_a_timeout_an_appointment_entered_by_hand_is_ours() -> None:
    story = Story()
    giving_up.time_out_pms_writes(story.harness.bookings, NOW + PMS_WRITE_TIMEOUT, lambda: True)
    assert story.now.attention is Attention.WRITE_TIMED_OUT
    story.harness.receive(story.as_written())
    story.is_one()


def test_an_event_during_a_pending_cancel_keeps_no_time_busy() -> None:
    story = Story()
    story.harness.reopen(story.request)
    story.harness.receive(story.as_written())
    assert story.busy() == []
    ((cancel, appointment),) = story.harness.pull()
    assert (cancel.kind, appointment.pms_id) == ("cancel", "1001")


def test_an_appointment_linked_to_another_request_is_not_ours() -> None:
    story = Story()
    story.harness.receive(story.as_written(chair_id="chr_b"))
    other = story.harness.request(patient=a_patient())
    story.harness.link(other, story.harness.stored_appointment("1001"))
    story.harness.receive(completed(story.write, "1001"))
    assert story.harness.stored_appointment("1001").request_id == other.id
    assert story.now.pms_write == "complete"


def test_a_concurrent_event_and_outcome_make_one_appointment() -> None:
    story = Story()
    story.harness.bookings.before_next_commit = lambda: story.harness.receive(completed(story.write, "1001"))
    story.harness.receive(story.as_written(2))
    story.is_one()


def test_an_event_follows_an_alias_made_meanwhile() -> None:
    story = Story()
    story.harness.bookings.before_next_commit = lambda: story.harness.receive(completed(story.write, "1001"))
    story.harness.receive(story.as_written(2, start="2026-07-16T11:00:00"))
    story.is_one(DAYS[1])


def test_a_written_appointment_cannot_be_linked_by_its_alias() -> None:
    story = Story()
    story.harness.receive(completed(story.write, "1001"))
    assert not story.harness.stored_appointment("1001").is_linkable
