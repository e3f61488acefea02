"""Which appointments could be the patient's own: those ahead, standing, and linked to nobody."""

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.patient import Patient
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
from tests.support.seeding import submit_requests

NOBODY = Patient(first_name="Xq", last_name="Zw")


class Book:
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
def book(stores: Stores) -> Book:
    return Book(stores)


def test_an_appointment_of_the_same_patient_is_found_once(book: Book) -> None:
    appointment = book.appointment()
    assert book.found() == [appointment]


@pytest.mark.parametrize(
    "known",
    [
        {"email": "jane@example.com"},
        {"phone": "+16045550123"},
        {"first_name": "Jane", "last_name": "Doe", "date_of_birth": date(1990, 4, 2)},
    ],
)
def test_one_match_key_is_enough(book: Book, known: dict[str, Any]) -> None:
    appointment = book.appointment(patient=NOBODY.model_copy(update=known))
    assert book.found() == [appointment]


def test_case_and_accents_do_not_matter(book: Book) -> None:
    other = a_patient(first_name="JÄNE", last_name="d'oe", email="JANE@Example.COM", phone=None)
    appointment = book.appointment(patient=other)
    assert book.found() == [appointment]


def test_appointments_of_other_patients_are_not_found(book: Book) -> None:
    book.appointment(patient=a_stranger())
    assert book.found() == []


def test_another_practices_appointments_are_not_found(book: Book) -> None:
    Book(book.stores).appointment()
    assert book.found() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": AppointmentStatus.CANCELLED},
        {"request_id": "req_other"},
        {"deleted": True, "slot": None, "patient": None, "status": AppointmentStatus.CANCELLED},
        {"slot": a_slot("2026-06-30T09:00")},
        {"slot": a_slot("2026-07-01T09:59")},
        {"patient": a_stranger()},
    ],
)
def test_an_appointment_that_cannot_be_linked_is_not_found(book: Book, changes: dict[str, Any]) -> None:
    """It never stands in the index, and it leaves it when it changes."""
    book.appointment(**changes)
    stood = book.appointment()
    assert book.found() == [stood]
    book.pms(revise(stood, **changes))
    assert book.found() == []


def test_a_restored_appointment_is_found_again(book: Book) -> None:
    cancelled = book.appointment(status=AppointmentStatus.CANCELLED)
    back = book.pms(revise(cancelled, status=AppointmentStatus.BOOKED))
    assert book.found() == [back]


def test_an_appointment_whose_patient_changes_is_found_under_the_new_one(book: Book) -> None:
    appointment = book.appointment()
    changed = book.pms(revise(appointment, patient=a_stranger()))
    assert book.found() == []
    assert book.found(a_stranger()) == [changed]


def test_a_linked_appointment_is_not_found_until_it_is_reopened(book: Book) -> None:
    appointment = book.appointment()
    request = a_request(practice_id=book.practice.id)
    submit_requests(book.stores.bookings, request)
    linking = link(request, appointment, a_linking(appointment), a_stamp())
    book.stores.bookings.commit(linking)
    assert book.found() == []
    assert linking.appointment
    reopening = reopen(linking.request_after, linking.appointment.after, a_stamp())
    book.stores.bookings.commit(reopening)
    assert reopening.appointment
    assert book.found() == [reopening.appointment.after]


def test_only_appointments_that_have_not_begun_are_found(book: Book) -> None:
    soon = book.appointment(slot=a_slot("2026-07-01T10:01"))
    assert book.found() == [soon]
    assert book.stores.bookings.candidates(book.practice, a_patient(), NOW + timedelta(minutes=2)) == []


def test_a_patient_without_match_keys_has_no_candidates(book: Book) -> None:
    book.appointment(patient=a_stranger())
    assert book.found(NOBODY) == []
