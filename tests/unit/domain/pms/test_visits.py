"""Block-outs, further practitioners on a visit, and practitioners who stay for a part of it."""

import json
from typing import Any

import pytest

from bookings.domain.kernel.errors import Invalid
from bookings.domain.pms.apply_event import apply_delete, apply_upsert
from bookings.domain.pms.event_models import AppointmentData, DeletedData
from bookings.domain.requests.appointment import Appointment
from bookings.domain.scheduling.day_sheet import busy_times
from tests.support.builders import NOW, a_patient, a_practice, an_appointment, an_event

PRACTICE = a_practice()
START = "2026-07-16T09:00:00"


def upsert(known: Appointment | None = None, version: int = 1, **fields: Any) -> Appointment:
    data = AppointmentData.model_validate_json(json.dumps(an_event(start=START, **fields)["data"]))
    edit = apply_upsert(PRACTICE, known, data, version, NOW)
    assert edit
    return edit.after


def times(appointment: Appointment) -> dict[str, tuple[str, int]]:
    """Start and minutes of each busy time, by chair or practitioner and day."""
    return {
        f"{key.resource.id} {key.day:%d}": (f"{busy.start:%H:%M}", busy.duration_minutes)
        for key, busy in busy_times(appointment.busy_slots).items()
    }


def test_a_block_out_keeps_its_time() -> None:
    for patient in ({"patient": None}, {}):
        event = an_event(start=START)["data"] | {"patient": None} | patient
        edit = apply_upsert(PRACTICE, None, AppointmentData.model_validate_json(json.dumps(event)), 1, NOW)
        assert edit
        assert edit.after.patient is None
        assert times(edit.after) == {"chr_b 16": ("09:00", 60), "prov_b 16": ("09:00", 60)}


def test_our_own_appointment_is_no_block_out() -> None:
    ours = an_appointment(id="A1", origin="chairlink", version=None, patient=a_patient())
    assert upsert(ours, patient=None).patient == a_patient()
    theirs = an_appointment(id="A1", version=0, patient=a_patient())
    assert upsert(theirs, patient=None).patient is None


def test_a_practitioner_may_stay_for_a_part_of_the_visit() -> None:
    made = upsert(practitioner_minutes=15)
    assert times(made) == {"chr_b 16": ("09:00", 60), "prov_b 16": ("09:00", 15)}
    assert made.slot
    assert made.slot.duration_minutes == 60


def test_further_practitioners_are_busy_in_their_own_time() -> None:
    also = [
        {"practitioner_id": "prov_whole"},
        {"provider_id": "prov_late", "start": "2026-07-16T09:40:00"},
        {"practitioner_id": "prov_own", "start": "2026-07-16T09:40:00", "duration_minutes": 10},
        {"practitioner_id": "prov_after", "start": "2026-07-16T10:00:00"},
    ]
    assert times(upsert(also=also)) == {
        "chr_b 16": ("09:00", 60),
        "prov_b 16": ("09:00", 60),
        "prov_whole 16": ("09:00", 60),
        "prov_late 16": ("09:40", 20),
        "prov_own 16": ("09:40", 10),
        "prov_after 16": ("10:00", 60),
    }


def test_a_practitioner_who_comes_twice_is_busy_in_between() -> None:
    again = {"practitioner_id": "prov_b", "start": "2026-07-16T09:50:00", "duration_minutes": 20}
    assert times(upsert(practitioner_minutes=10, also=[again]))["prov_b 16"] == ("09:00", 70)


def test_a_further_practitioner_may_be_needed_on_the_next_day() -> None:
    late = {"practitioner_id": "prov_n", "start": "2026-07-16T23:30:00", "duration_minutes": 60}
    assert {"prov_n 16", "prov_n 17"} < set(times(upsert(also=[late])))


@pytest.mark.parametrize("start", ["2026-07-15T08:59:00", "2026-07-17T09:01:00"])
def test_a_further_practitioner_is_on_the_visit_within_a_day(start: str) -> None:
    with pytest.raises(Invalid) as refused:
        upsert(also=[{"practitioner_id": "prov_a"}, {"practitioner_id": "prov_b", "start": start}])
    assert refused.value.facts["errors"][0]["field"] == "data.also.1.start"


def test_a_cancelled_or_deleted_visit_keeps_nobody_busy() -> None:
    known = upsert(practitioner_minutes=15, also=[{"practitioner_id": "prov_a"}])
    assert upsert(known, 2, status="cancelled", also=[{"practitioner_id": "prov_a"}]).busy_slots == ()
    assert upsert(known, 2, status="waitlist").busy_slots == ()
    deleted = apply_delete(PRACTICE, known, DeletedData(id="A1"), 2, NOW)
    assert deleted
    assert (deleted.after.busy_slots, deleted.after.also, deleted.after.practitioner_minutes) == ((), (), None)


def test_a_change_of_further_practitioners_alone_is_a_change() -> None:
    known = upsert()
    assert upsert(known, 2, also=[{"practitioner_id": "prov_a"}]).also
    contradicting = upsert(known, 1, also=[{"practitioner_id": "prov_a"}])
    assert contradicting.contradiction
    assert contradicting.contradiction.also
    assert contradicting.also == ()
