"""Field similarity: how alike two names, birth dates, telephone numbers or e-mail addresses are.

Strings are compared with jellyfish (Jaro-Winkler and Damerau-Levenshtein in Rust), which is 0.34 MB in the layer and
takes 2 ms to import. rapidfuzz is four times as large and takes twenty times as long to import (docs/matching.md).
"""

import re
from operator import ne
from typing import NamedTuple

from jellyfish import damerau_levenshtein_distance, jaro_winkler_similarity

from bookings.domain.matching.match import Likeness
from bookings.domain.matching.nicknames import are_forms_of_same_name
from bookings.domain.requests.match_keys import birth_key, email_key, fold_name, name_parts
from bookings.domain.requests.patient import Patient

SIMILAR_NAMES = 0.8
"""Lowest Jaro-Winkler similarity of similar names. docs/matching.md has measurements on random pairs of names."""

_MIN_LENGTH_FOR_TYPO = 5
"""Shortest name in which one wrong letter counts as a typing error. In a short name it gives another one: Mary, Mark;
Hall, Hill."""

_MIN_PERSONAL_MAILBOX_LENGTH = 6
"""Shortest mailbox name that counts as personal; `info` and `mail` are shared."""

_PHONE_LIKENESS_BY_EDITS = {1: Likeness.CLOSE, 2: Likeness.SIMILAR}

_LETTER = re.compile(r"\w\W*|\W+")
"""A letter with its marks, which are no word characters to `re`."""

_PRIVATE_USE = 0xE000

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
"""Characters that each are a word: another one, or another order, is another name and no typing error."""

_LOCAL_DIGITS = 7
"""Fewest digits for comparing a number without a country code with another number."""


class ComparableName(NamedTuple):
    """A name prepared for comparison: the folded text of the whole name, and its folded parts."""

    whole: str
    parts: tuple[str, ...]


class Person(NamedTuple):
    """A patient prepared for comparison with many others. An unknown value is an empty text."""

    first_name: ComparableName
    last_name: ComparableName
    date_of_birth: str
    email: str
    phone: str


def prepare_person(patient: Patient) -> Person:
    """Prepare a patient for comparison; the birth date becomes YYYYMMDD."""
    return Person(
        _name(patient.first_name),
        _name(patient.last_name),
        (birth_key(patient) or "").replace("-", ""),
        email_key(patient) or "",
        patient.phone or "",
    )


def _name(text: str | None) -> ComparableName:
    folded = fold_name(text)
    return ComparableName(folded, (folded,) if text and folded == text.casefold() else name_parts(text))


def compare_first_names(left: ComparableName, right: ComparableName) -> Likeness:
    """Compare two first names. Nicknames and initials are variants of a name."""
    likeness = compare_last_names(left, right)
    if likeness not in (Likeness.SIMILAR, Likeness.DIFFERENT):
        return likeness
    if _CHINESE.match(left.whole):
        return likeness
    if _is_initial(*_by_letter(left.whole, right.whole)):
        return Likeness.VARIANT
    return Likeness.VARIANT if are_forms_of_same_name(left.whole, right.whole) else likeness


def compare_last_names(left: ComparableName, right: ComparableName) -> Likeness:
    """Compare two last names. One part of a double name is a variant of it."""
    if not left.whole or not right.whole:
        return Likeness.UNKNOWN
    if left.whole == right.whole:
        return Likeness.SAME
    if (len(left.parts) > 1 or len(right.parts) > 1) and _is_part(left.parts, right.parts):
        return Likeness.VARIANT
    if _CHINESE.search(left.whole):
        return Likeness.DIFFERENT
    letters = _by_letter(left.whole, right.whole)
    if letters != (left.whole, right.whole) and _differ_in_marks_only(left.whole, right.whole):
        return Likeness.CLOSE if _is_likely_typo(*letters) else Likeness.SIMILAR
    if jaro_winkler_similarity(left.whole, right.whole) < SIMILAR_NAMES:
        return Likeness.CLOSE if _has_swapped_letters(*letters) else Likeness.DIFFERENT
    return Likeness.CLOSE if _is_likely_typo(*letters) else Likeness.SIMILAR


def _by_letter(left: str, right: str) -> tuple[str, str]:
    """Both names with one character for each letter and its marks, so that राम and रमा share no letter.

    Typing errors are counted in letters: a vowel sign is a part of one, and moving it makes another name.
    """
    if left.isalnum() and right.isalnum():
        return left, right
    letters: dict[str, str] = {}
    return (
        "".join(letters.setdefault(letter, chr(_PRIVATE_USE + len(letters))) for letter in _LETTER.findall(left)),
        "".join(letters.setdefault(letter, chr(_PRIVATE_USE + len(letters))) for letter in _LETTER.findall(right)),
    )


def _differ_in_marks_only(left: str, right: str) -> bool:
    """Whether the names are equal without their marks, like Ram and Rama in an Indic script."""
    return [letter for letter in left if letter.isalnum()] == [letter for letter in right if letter.isalnum()]


def _is_initial(left: str, right: str) -> bool:
    """Whether one name is the first letter of the other."""
    return min(len(left), len(right)) == 1 and left[0] == right[0]


def _has_swapped_letters(left: str, right: str) -> bool:
    """Whether two neighbouring letters of a short name are swapped (Zoe, Zeo); Jaro-Winkler rates that too low."""
    return (
        len(left) == len(right) <= _MIN_LENGTH_FOR_TYPO
        and sorted(left) == sorted(right)
        and _edit_distance(left, right, 1) == 1
    )


def _is_likely_typo(left: str, right: str) -> bool:
    """Whether the difference is more likely a typing error than another name.

    Typing errors rarely affect the first letter (Pollock and Zamora 1984), and twins may be named Jayden and Hayden.
    Swapped letters hardly ever give another name.
    """
    if _edit_distance(left, right, 1) != 1:
        return False
    is_long_with_same_start = min(len(left), len(right)) >= _MIN_LENGTH_FOR_TYPO and left[0] == right[0]
    return is_long_with_same_start or sorted(left) == sorted(right)


def _is_part(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether all parts of one name are among those of the other, in any order."""
    return set(left).issubset(right) or set(right).issubset(left)


def compare_birth_dates(left: str, right: str) -> Likeness:
    """Compare two dates (YYYYMMDD). One wrong digit, two swapped digits, or swapped day and month are close."""
    if not left or not right:
        return Likeness.UNKNOWN
    if left == right:
        return Likeness.SAME
    is_swapped = left[4:6] == right[6:] and left[6:] == right[4:6] and left[:4] == right[:4]
    return Likeness.CLOSE if is_swapped or _edit_distance(left, right, 1) == 1 else Likeness.DIFFERENT


def compare_phones(left: str, right: str) -> Likeness:
    """Compare two E.164 numbers. One typing error is close, two are similar.

    A number without a country code is compared by its digits, and agrees with a number that ends in them.
    """
    if not left or not right:
        return Likeness.UNKNOWN
    if left == right:
        return Likeness.SAME
    if not (left.startswith("+") and right.startswith("+")):
        left, right = ("".join(char for char in number if char.isdigit()).lstrip("0") for number in (left, right))
        if min(len(left), len(right)) < _LOCAL_DIGITS:
            return Likeness.UNKNOWN
        if left.endswith(right) or right.endswith(left):
            return Likeness.SAME
    return _PHONE_LIKENESS_BY_EDITS.get(_edit_distance(left, right, 2), Likeness.DIFFERENT)


def compare_emails(left: str, right: str) -> Likeness:
    """Compare two folded e-mail addresses. One typing error, or a personal mailbox name at another domain, is close."""
    if not left or not right:
        return Likeness.UNKNOWN
    if left == right:
        return Likeness.SAME
    left_mailbox, right_mailbox = left.partition("@")[0], right.partition("@")[0]
    is_same_mailbox = left_mailbox == right_mailbox and len(left_mailbox) >= _MIN_PERSONAL_MAILBOX_LENGTH
    return Likeness.CLOSE if is_same_mailbox or _edit_distance(left, right, 1) == 1 else Likeness.DIFFERENT


def _edit_distance(left: str, right: str, limit: int) -> int:
    """The Damerau-Levenshtein distance; any number above `limit` if it is larger than that."""
    too_many_differences = len(left) == len(right) and sum(map(ne, left, right)) > 2 * limit
    if too_many_differences or abs(len(left) - len(right)) > limit:
        return limit + 1  # a shortcut for most pairs, at an eighth of the cost
    return damerau_levenshtein_distance(left, right)
