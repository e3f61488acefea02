"""Identify an appointment from the PMS as one that Chairlink asked the PMS to create (docs/adr/0021)."""

from collections.abc import Iterable

from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.match_keys import fold_name
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot

UnconfirmedCreate = tuple[PmsWrite, Appointment]
"""A create that the PMS has not confirmed, and our appointment that it is for."""


def identify_own_create(
    unconfirmed_creates: Iterable[UnconfirmedCreate], theirs: Appointment, token: str | None
) -> PmsWrite | None:
    """The create that led to this appointment of the PMS; None if there is none.

    With a `token`, the id of a PMS write that the PMS has stored, it is the create with that id. Otherwise it is the
    oldest create for this patient and slot. The latter also finds an appointment that the front desk entered by hand
    after the write had failed.
    """
    oldest_first = sorted(unconfirmed_creates, key=lambda create: (create[0].queued_at, create[0].id))
    if token:
        return next((write for write, _ in oldest_first if write.id == token), None)
    return next(
        (write for write, ours in oldest_first if ours.id == theirs.id or _is_same_appointment(ours, theirs)), None
    )


def _is_same_appointment(ours: Appointment, theirs: Appointment) -> bool:
    """Whether patient and slot are the same.

    Name and slot are enough, because a chair has one patient at a time.
    """
    if ours.slot is None or theirs.slot is None or ours.patient is None or theirs.patient is None:
        return False
    return _is_same_slot(ours.slot, theirs.slot) and _is_same_patient(ours.patient, theirs.patient)


def _is_same_slot(ours: Slot, theirs: Slot) -> bool:
    """Whether start and duration are equal, and practitioner and chair where both slots have them."""
    resources = ((ours.practitioner_id, theirs.practitioner_id), (ours.chair_id, theirs.chair_id))
    return (ours.begins, ours.duration_minutes) == (theirs.begins, theirs.duration_minutes) and all(
        our_id == their_id for our_id, their_id in resources if our_id and their_id
    )


def _is_same_patient(ours: Patient, theirs: Patient) -> bool:
    """Whether the names are equal, and the dates of birth where both patients have one."""
    our_birth, their_birth = ours.date_of_birth, theirs.date_of_birth
    return _names(ours) == _names(theirs) and (our_birth is None or their_birth is None or our_birth == their_birth)


def _names(patient: Patient) -> tuple[str, str]:
    return fold_name(patient.first_name), fold_name(patient.last_name)
