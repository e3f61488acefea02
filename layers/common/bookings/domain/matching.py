"""Could this be the same appointment? How sure we are that two people are one, and why.

This is the first form: exact agreement of normalised fields. Grades are those of FHIR's match-grade value set.
"""

from collections.abc import Iterable
from enum import StrEnum

from bookings.domain.appointment import Appointment
from bookings.domain.entity import Entity
from bookings.domain.patient import Patient, email_key, fold_name, phone_key


class Grade(StrEnum):
    """How sure we are; a pair that deserves no grade is no match."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Reason(Entity):
    """One field, and whether the two agree on it; None where one of them does not say."""

    field: str
    agrees: bool | None


class Match(Entity):
    """An appointment that may be the patient's own; `score` runs from 0 to 1."""

    appointment: Appointment
    grade: Grade
    score: float
    reasons: tuple[Reason, ...]


_WEIGHTS = {"first_name": 3, "last_name": 2, "date_of_birth": 5, "email": 4, "phone": 3}
"""What agreement on a field is worth. A family shares surname, phone and address, so first name and birth date lead."""

_THRESHOLDS = ((Grade.CERTAIN, 0.95), (Grade.PROBABLE, 0.75), (Grade.POSSIBLE, 0.4))


def best_matches(patient: Patient, appointments: Iterable[Appointment]) -> list[Match]:
    """The patient's appointments among these, best first; equally good ones in order of time."""
    matches = [match for appointment in appointments if (match := _match(patient, appointment))]
    return sorted(matches, key=lambda match: (-match.score, match.appointment.slot and match.appointment.slot.begins))


def _match(patient: Patient, appointment: Appointment) -> Match | None:
    if appointment.patient is None or not appointment.may_be_linked:
        return None
    reasons = _compare(patient, appointment.patient)
    said = {reason.field: reason.agrees for reason in reasons}
    if said["first_name"] is False and said["date_of_birth"] is not None:
        # Same birth date, other first name: a twin. Another birth date too: somebody else of the household.
        return None
    total = sum(weight for field, weight in _WEIGHTS.items() if said[field] is not None)
    score = round(sum(weight for field, weight in _WEIGHTS.items() if said[field]) / total, 3)
    grade = next((grade for grade, threshold in _THRESHOLDS if score >= threshold), None)
    return Match(appointment=appointment, grade=grade, score=score, reasons=reasons) if grade else None


def _compare(one: Patient, other: Patient) -> tuple[Reason, ...]:
    pairs: dict[str, tuple[object, object]] = {
        "first_name": (fold_name(one.first_name), fold_name(other.first_name)),
        "last_name": (fold_name(one.last_name), fold_name(other.last_name)),
        "date_of_birth": (one.date_of_birth, other.date_of_birth),
        "email": (email_key(one), email_key(other)),
        "phone": (phone_key(one), phone_key(other)),
    }
    return tuple(
        Reason(field=field, agrees=None if not (mine and theirs) else mine == theirs)
        for field, (mine, theirs) in pairs.items()
    )
