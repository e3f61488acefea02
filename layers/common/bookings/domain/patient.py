"""Who the patient is, and the keys under which the same person is found again."""

import unicodedata
from datetime import date

from bookings.domain.entity import Entity


class Patient(Entity):
    """A patient as the booking page or the PMS names them; `phone` is E.164 wherever the number could be read."""

    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    date_of_birth: date | None = None


def fold_name(name: str) -> str:
    """A name without case, accents and punctuation: `O'Brien-Côté` and `obrien cote` are one."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def email_key(patient: Patient) -> str | None:
    """The address as mail servers treat it in practice: case does not matter."""
    return patient.email.strip().casefold() if patient.email else None


def phone_key(patient: Patient) -> str | None:
    """The number, if it could be brought into E.164."""
    return patient.phone if patient.phone and patient.phone.startswith("+") else None


def name_key(patient: Patient) -> str | None:
    """Full name and date of birth; without the date a name alone would bring strangers together."""
    if patient.date_of_birth is None:
        return None
    return f"{fold_name(patient.last_name)}:{fold_name(patient.first_name)}:{patient.date_of_birth.isoformat()}"
