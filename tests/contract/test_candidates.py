"""Candidates for a match: standing future appointments with a shared match key."""

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.patient import Patient
from bookings.storage import schema
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import PutItem, not_exists
from bookings.storage.items import appointment_item
from tests.contract.conftest import Stores
from tests.support.builders import (
    NOW,
    a_linking,
    a_patient,
    a_practice,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    an_appointment,
)
from tests.support.dynamodb_engines import Engine
from tests.support.seeding import submit_requests

WITHOUT_MATCH_KEYS = Patient(first_name="Xq", last_name="Zw")


class Scene:
    """A practice with some appointments."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self.practice = a_practice()

    def appointment(self, **fields: Any) -> Appointment:
        return self.pms(Edit(None, an_appointment(**{"practice_id": self.practice.id, **fields})))

    def pms(self, edit: Edit[Appointment]) -> Appointment:
        self.stores.bookings.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=edit))
        return edit.after

    def found(self, patient: Patient | None = None) -> list[Appointment]:
        found = self.stores.bookings.candidates(self.practice, patient or a_patient(), NOW)
        return sorted(found, key=lambda one: one.id)


@pytest.fixture
def scene(stores: Stores) -> Scene:
    return Scene(stores)


def test_an_appointment_of_the_same_patient_is_found_once(scene: Scene) -> None:
    appointment = scene.appointment()
    assert scene.found() == [appointment]


@pytest.mark.parametrize(
    "known",
    [
        {"email": "jane@example.com"},
        {"phone": "+16045550123"},
        {"first_name": "Jane", "last_name": "Doe", "date_of_birth": date(1990, 4, 2)},
    ],
)
def test_one_match_key_is_enough(scene: Scene, known: dict[str, Any]) -> None:
    appointment = scene.appointment(patient=WITHOUT_MATCH_KEYS.model_copy(update=known))
    assert scene.found() == [appointment]


def test_case_and_accents_do_not_matter(scene: Scene) -> None:
    other = a_patient(first_name="JÄNE", last_name="d'oe", email="JANE@Example.COM", phone=None)
    appointment = scene.appointment(patient=other)
    assert scene.found() == [appointment]


def test_appointments_of_other_patients_are_not_found(scene: Scene) -> None:
    scene.appointment(patient=a_stranger())
    assert scene.found() == []


def test_another_practices_appointments_are_not_found(scene: Scene) -> None:
    Scene(scene.stores).appointment()
    assert scene.found() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": AppointmentStatus.CANCELLED},
        {"cancel_id": "write_1"},
        {"deleted": True, "slot": None, "patient": None, "status": AppointmentStatus.CANCELLED},
        {"slot": a_slot("2026-06-30T09:00")},
        {"slot": a_slot("2026-07-01T09:59")},
        {"patient": a_stranger()},
    ],
)
def test_an_appointment_that_does_not_stand_ahead_is_not_found(scene: Scene, changes: dict[str, Any]) -> None:
    """It is not in the index, or leaves it when it changes."""
    scene.appointment(**changes)
    stood = scene.appointment()
    assert scene.found() == [stood]
    scene.pms(revise(stood, **changes))
    assert scene.found() == []


def test_a_restored_appointment_is_found_again(scene: Scene) -> None:
    cancelled = scene.appointment(status=AppointmentStatus.CANCELLED)
    back = scene.pms(revise(cancelled, status=AppointmentStatus.BOOKED))
    assert scene.found() == [back]


def test_an_appointment_whose_patient_changes_is_found_under_the_new_one(scene: Scene) -> None:
    appointment = scene.appointment()
    changed = scene.pms(revise(appointment, patient=a_stranger()))
    assert scene.found() == []
    assert scene.found(a_stranger()) == [changed]


def test_an_appointment_of_another_request_is_found_too(scene: Scene) -> None:
    linked = scene.appointment(request_id="req_other")
    booked = scene.appointment(request_id="req_third", origin="chairlink")
    assert {one.id for one in scene.found()} == {linked.id, booked.id}


def test_an_appointment_is_found_before_during_and_after_its_link(scene: Scene) -> None:
    appointment = scene.appointment()
    request = a_request(practice_id=scene.practice.id)
    submit_requests(scene.stores.bookings, request)
    linking = link(request, appointment, a_linking(appointment), a_stamp())
    scene.stores.bookings.commit(linking)
    assert linking.appointment
    assert scene.found() == [linking.appointment.after]
    reopening = reopen(linking.request_after, linking.appointment.after, a_stamp())
    scene.stores.bookings.commit(reopening)
    assert reopening.appointment
    assert scene.found() == [reopening.appointment.after]


def test_only_appointments_that_have_not_begun_are_found(scene: Scene) -> None:
    soon = scene.appointment(slot=a_slot("2026-07-01T10:01"))
    assert scene.found() == [soon]
    assert scene.stores.bookings.candidates(scene.practice, a_patient(), NOW + timedelta(minutes=2)) == []


def test_a_patient_without_match_keys_has_no_candidates(scene: Scene) -> None:
    scene.appointment(patient=a_stranger())
    assert scene.found(WITHOUT_MATCH_KEYS) == []


def test_an_appointment_linked_by_an_older_version_is_found_after_its_next_change(dynamodb_engine: Engine) -> None:
    """Older versions took the match keys away from a linked appointment."""
    database = dynamodb_engine.connect()
    bookings, practice = DynamoBookingStore(database), a_practice()
    linked = an_appointment(practice_id=practice.id, request_id="req_other")
    names = {name for index in schema.MATCH_KEYS for name in index.names}
    item = {name: value for name, value in appointment_item(linked).items() if name not in names}
    database.write([PutItem(schema.APPOINTMENTS, item, not_exists(schema.APPOINTMENTS))])
    assert bookings.candidates(practice, a_patient(), NOW) == []
    edit = revise(linked, request_id=None)
    bookings.commit(ChangeSet(stamp=a_stamp(), action="reopen", appointment=edit))
    assert bookings.candidates(practice, a_patient(), NOW) == [edit.after]
