"""Match keys of a patient: the index keys under which the same person is found again."""

import re
import unicodedata

from bookings.domain.kernel.personal_data import PLACEHOLDER_BIRTH_DATES, to_ascii_email
from bookings.domain.requests.patient import Patient

_BASE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
    # Persian and Arabic keyboards have a yeh and a kaf of their own.
    | {"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ـ": ""}
)
"""Letters without a Unicode decomposition, as people write them on keyboards that lack them."""

_OMITTED_MARKS = (
    r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # accents
    r"\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Cyrillic titlo, Hebrew points
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0898-\u089f\u08ca-\u08ff\u0711\u0730-\u074a"  # harakat
    r"\u093c\u0a3c\u0abc"  # the dot that Hindi, Punjabi and Gujarati writers leave out
    r"\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    r"\u02b9-\u02df"  # letters that look like apostrophes, as in Ka\u02bbahumanu
)
"""Marks that writers leave out. All others, such as the vowel signs of Indic scripts and Thai, make another name."""

_OMITTED = re.compile(f"[{_OMITTED_MARKS}]")

_NAME_SEPARATORS = re.compile(r"[\s\-‐-―/.,()]+")

_KEY_PREFIX_LENGTH = 2
"""Number of letters of each name in the name key. Beginnings are misspelt less often than endings, and some names have
only two letters (Ky, Li, Ng)."""


def fold_name(name: str | None) -> str:
    """A name without case, accents, spaces and punctuation: `O'Brien-Côté` and `obrien cote` give the same text.

    Marks that make another name stay, behind their letter: राम and रमा, か and が differ. An unknown name is empty.
    """
    folded = (name or "").casefold()
    if folded.isascii() and folded.isalpha():
        return folded
    letters = _OMITTED.sub("", unicodedata.normalize("NFKD", folded.translate(_BASE_LETTERS)))
    return "".join(letter for letter in letters if letter.isalnum() or unicodedata.category(letter)[0] == "M")


def name_parts(name: str | None) -> tuple[str, ...]:
    """The folded parts of a double name: `Smith-Jones` has two, `O'Brien` one."""
    return tuple(part for text in _NAME_SEPARATORS.split(name or "") if (part := fold_name(text)))


def email_key(patient: Patient) -> str | None:
    """The e-mail address without case, since mail servers ignore case in practice; the domain is in Punycode."""
    email = (patient.email or "").strip().lower()
    if email.isascii():
        return email or None
    try:
        return to_ascii_email(email)
    except ValueError:
        return None


def phone_key(patient: Patient) -> str | None:
    """The telephone number if it is in E.164, otherwise None."""
    return patient.phone if patient.phone and patient.phone.startswith("+") else None


def birth_key(patient: Patient) -> str | None:
    """The birth date, which few of a practice's future appointments share."""
    birth_date = patient.date_of_birth
    return birth_date.isoformat() if birth_date and birth_date not in PLACEHOLDER_BIRTH_DATES else None


def name_key(patient: Patient) -> str | None:
    """The first letters of both names, in alphabetical order, so that swapped names give the same key.

    They are without marks, because a vowel sign is as easily mistyped as a letter behind the second.
    """
    first, last = _first_letters(patient.first_name), _first_letters(patient.last_name)
    return ":".join(sorted((first, last))) if first and last else None


def patient_key(patient: Patient) -> str | None:
    """Both names, in alphabetical order, by which the requests of one patient are found; None without names.

    People of the same name share it (`other_requests.is_same_patient`).
    """
    return ":".join(sorted(filter(None, (fold_name(patient.first_name), fold_name(patient.last_name))))) or None


def _first_letters(name: str | None) -> str:
    return "".join(letter for letter in fold_name(name) if letter.isalnum())[:_KEY_PREFIX_LENGTH]
