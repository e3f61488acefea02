"""Match keys of a patient: the index keys under which the same person is found again."""

import re
import unicodedata
from datetime import date

from bookings.domain.requests.patient import Patient

_BASE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters without a Unicode decomposition, as people write them on keyboards that lack them."""

_NAME_SEPARATORS = re.compile(r"[\s\-‐-―/.,()]+")

_KEY_PREFIX_LENGTH = 2
"""Number of letters of each name in the name key. Beginnings are misspelt less often than endings, and some names have
only two letters (Ky, Li, Ng)."""

_PLACEHOLDER_DATE = date(1900, 1, 1)
"""Some PMSs require a birth date and store this one where it is unknown."""


def fold_name(name: str) -> str:
    """A name without case, accents, spaces and punctuation: `O'Brien-Côté` and `obrien cote` give the same text."""
    folded = name.casefold()
    if folded.isascii() and folded.isalpha():
        return folded
    letters = unicodedata.normalize("NFKD", folded.translate(_BASE_LETTERS))
    return "".join(letter for letter in letters if letter.isalnum())


def name_parts(name: str) -> tuple[str, ...]:
    """The folded parts of a double name: `Smith-Jones` has two, `O'Brien` one."""
    return tuple(part for text in _NAME_SEPARATORS.split(name) if (part := fold_name(text)))


def email_key(patient: Patient) -> str | None:
    """The e-mail address without case, since mail servers ignore case in practice."""
    return patient.email.strip().casefold() if patient.email else None


def phone_key(patient: Patient) -> str | None:
    """The telephone number if it is in E.164, otherwise None."""
    return patient.phone if patient.phone and patient.phone.startswith("+") else None


def birth_key(patient: Patient) -> str | None:
    """The birth date, which few of a practice's future appointments share."""
    birth_date = patient.date_of_birth
    return birth_date.isoformat() if birth_date and birth_date != _PLACEHOLDER_DATE else None


def name_key(patient: Patient) -> str | None:
    """The first letters of both names, in alphabetical order, so that swapped names give the same key."""
    first, last = fold_name(patient.first_name), fold_name(patient.last_name)
    return ":".join(sorted((first[:_KEY_PREFIX_LENGTH], last[:_KEY_PREFIX_LENGTH]))) if first and last else None
