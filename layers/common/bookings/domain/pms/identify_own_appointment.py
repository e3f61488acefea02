"""Whether an appointment that the PMS tells of is one that Chairlink asked it to write."""

from collections.abc import Iterable

from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.patient import Patient, fold_name
from bookings.domain.scheduling.slot import Slot

UnconfirmedCreate = tuple[PmsWrite, Appointment]
"""A create that the PMS has not confirmed, and the appointment that it is about."""


def identify_own_create(
    unconfirmed_creates: Iterable[UnconfirmedCreate], theirs: Appointment, token: str | None
) -> PmsWrite | None:
    """The create that this appointment came from: the one it names, or else the oldest for this patient and time.

    A front desk that enters a failed appointment by hand is recognised in the same way.
    """
    ours = sorted(unconfirmed_creates, key=lambda one: (one[0].queued_at, one[0].id))
    if token:
        return next((write for write, _ in ours if write.id == token), None)
    return next((write for write, made in ours if made.id == theirs.id or _is_the_same(made, theirs)), None)


def _is_the_same(ours: Appointment, theirs: Appointment) -> bool:
    """Nobody else of that name sits in that chair at that minute, so name and slot are enough."""
    if ours.slot is None or theirs.slot is None or ours.patient is None or theirs.patient is None:
        return False
    return _is_one_slot(ours.slot, theirs.slot) and _is_one_patient(ours.patient, theirs.patient)


def _is_one_slot(ours: Slot, theirs: Slot) -> bool:
    """Whether begin, length and, as far as both name them, practitioner and chair are equal."""
    resources = ((ours.practitioner_id, theirs.practitioner_id), (ours.chair_id, theirs.chair_id))
    return (ours.begins, ours.duration_minutes) == (theirs.begins, theirs.duration_minutes) and all(
        one == other for one, other in resources if one and other
    )


def _is_one_patient(ours: Patient, theirs: Patient) -> bool:
    born = ours.date_of_birth, theirs.date_of_birth
    return _names(ours) == _names(theirs) and (None in born or born[0] == born[1])


def _names(patient: Patient) -> tuple[str, str]:
    return fold_name(patient.first_name), fold_name(patient.last_name)
