"""Who the patient is, and the keys under which the same person is found again.

Each key survives what breaks the others: a mistyped number is found by the birth date, a mistyped birth date by the
name, and a misspelt name by either.
"""

import re
import unicodedata
from datetime import date

from bookings.domain.kernel.base import Entity

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that Unicode does not take for an accented one, but keyboards without them do."""

_BETWEEN_NAMES = re.compile(r"[\s\-‐-―/.,()]+")

_PREFIX = 2
"""Letters of a name in its key. Endings are misspelt, cut off and doubled (Smith-Jones) more often than beginnings, and
some names have no third letter (Ky, Li, Ng)."""

_NO_DATE = date(1900, 1, 1)
"""What some PMSs put where a date must stand and nobody knows it."""


class Patient(Entity):
    """A patient as the booking page or the PMS names them; `phone` is E.164 wherever the number could be read."""

    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    date_of_birth: date | None = None


def fold_name(name: str) -> str:
    """A name without case, accents and punctuation: `O'Brien-Côté` and `obrien cote` are one."""
    folded = name.casefold()
    if folded.isascii() and folded.isalpha():
        return folded
    letters = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    return "".join(letter for letter in letters if letter.isalnum())


def name_parts(name: str) -> tuple[str, ...]:
    """The folded parts of a double name: `Smith-Jones` has two, `O'Brien` one."""
    return tuple(part for written in _BETWEEN_NAMES.split(name) if (part := fold_name(written)))


def email_key(patient: Patient) -> str | None:
    """The address as mail servers treat it in practice: case does not matter."""
    return patient.email.strip().casefold() if patient.email else None


def phone_key(patient: Patient) -> str | None:
    """The number, if it could be brought into E.164."""
    return patient.phone if patient.phone and patient.phone.startswith("+") else None


def birth_key(patient: Patient) -> str | None:
    """The birth date; among the appointments ahead of one practice few share it."""
    born = patient.date_of_birth
    return born.isoformat() if born and born != _NO_DATE else None


def name_key(patient: Patient) -> str | None:
    """How first and last name begin, in alphabetical order, so that swapped names are found too."""
    first, last = fold_name(patient.first_name), fold_name(patient.last_name)
    return ":".join(sorted((first[:_PREFIX], last[:_PREFIX]))) if first and last else None
