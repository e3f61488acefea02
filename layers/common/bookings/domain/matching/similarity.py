"""How alike two names, birth dates, numbers or addresses are, given the slips that people make when they write them.

Comparing strings is jellyfish's work: Jaro-Winkler and Damerau-Levenshtein in Rust, a third of a megabyte in the layer
and two milliseconds to import. rapidfuzz would take four times the one and twenty times the other (docs/matching.md).
"""

from operator import ne
from typing import NamedTuple

from jellyfish import damerau_levenshtein_distance, jaro_winkler_similarity

from bookings.domain.matching.match import Likeness
from bookings.domain.matching.nicknames import share_a_name
from bookings.domain.requests.patient import Patient, birth_key, email_key, fold_name, name_parts

SIMILAR_NAMES = 0.8
"""A Jaro-Winkler similarity. What it is worth is measured on random pairs of names: docs/matching.md."""

_TELLING_NAME = 5
"""From this many letters on a name with one slip in it is that name; of Mary a single slip makes Mark, of Hall Hill."""

_TELLING_LETTERS = 6
"""A mailbox name this long is a person's: `info` and `mail` are not."""

_BY_SLIPS = {1: Likeness.CLOSE, 2: Likeness.SIMILAR}

_LOCAL_DIGITS = 7
"""The last digits in which a number without its country code must agree with one that has it."""


class Name(NamedTuple):
    """A name ready to be compared: folded into one word, and its parts."""

    whole: str
    parts: tuple[str, ...]


class Person(NamedTuple):
    """A patient ready to be compared with many others."""

    first_name: Name
    last_name: Name
    date_of_birth: str
    email: str
    phone: str


def person(patient: Patient) -> Person:
    """The patient with every field folded, once; an empty text is an unknown."""
    return Person(
        _name(patient.first_name),
        _name(patient.last_name),
        (birth_key(patient) or "").replace("-", ""),
        email_key(patient) or "",
        patient.phone or "",
    )


def _name(written: str) -> Name:
    whole = fold_name(written)
    return Name(whole, (whole,) if whole == written.casefold() else name_parts(written))


def first_names(one: Name, other: Name) -> Likeness:
    """Two first names; nicknames and initials are forms of a name."""
    likeness = last_names(one, other)
    if likeness not in (Likeness.SIMILAR, Likeness.DIFFERENT):
        return likeness
    if min(len(one.whole), len(other.whole)) == 1 and one.whole[0] == other.whole[0]:
        return Likeness.VARIANT
    return Likeness.VARIANT if share_a_name(one.whole, other.whole) else likeness


def last_names(one: Name, other: Name) -> Likeness:
    """Two last names; one half of a double name is a form of it."""
    if not one.whole or not other.whole:
        return Likeness.UNKNOWN
    if one.whole == other.whole:
        return Likeness.SAME
    if (len(one.parts) > 1 or len(other.parts) > 1) and _is_part(one.parts, other.parts):
        return Likeness.VARIANT
    if jaro_winkler_similarity(one.whole, other.whole) < SIMILAR_NAMES:
        return Likeness.CLOSE if _have_changed_places(one.whole, other.whole) else Likeness.DIFFERENT
    return Likeness.CLOSE if _is_a_slip_of(one.whole, other.whole) else Likeness.SIMILAR


def _have_changed_places(one: str, other: str) -> bool:
    """Whether two letters of a short name did (Zoe, Zeo), which Jaro and Winkler think little of."""
    return len(one) == len(other) <= _TELLING_NAME and sorted(one) == sorted(other) and _slips(one, other, 1) == 1


def _is_a_slip_of(one: str, other: str) -> bool:
    """Whether a slip made the difference, and hardly two names.

    Slips spare first letters (Pollock and Zamora 1984), and Jayden's twin may be a Hayden. Letters that changed places
    hardly ever make another name.
    """
    if _slips(one, other, 1) != 1:
        return False
    is_telling = min(len(one), len(other)) >= _TELLING_NAME and one[0] == other[0]
    return is_telling or sorted(one) == sorted(other)


def _is_part(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the parts of the one name are all among those of the other, in whichever order."""
    return set(one).issubset(other) or set(other).issubset(one)


def birth_dates(one: str, other: str) -> Likeness:
    """Two dates as their digits; a wrong one, two that changed places, or day and month that did, are one slip."""
    if not one or not other:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    swapped = one[4:6] == other[6:] and one[6:] == other[4:6] and one[:4] == other[:4]
    return Likeness.CLOSE if swapped or _slips(one, other, 1) == 1 else Likeness.DIFFERENT


def phones(one: str, other: str) -> Likeness:
    """Two numbers in E.164, similar with two slips; one that a PMS wrote without its country is compared by digits."""
    if not one or not other:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    if not (one.startswith("+") and other.startswith("+")):
        one, other = ("".join(sign for sign in number if sign.isdigit()).lstrip("0") for number in (one, other))
        if min(len(one), len(other)) < _LOCAL_DIGITS:
            return Likeness.UNKNOWN
        if one.endswith(other) or other.endswith(one):
            return Likeness.SAME
    return _BY_SLIPS.get(_slips(one, other, 2), Likeness.DIFFERENT)


def emails(one: str, other: str) -> Likeness:
    """Two folded addresses; the same mailbox name at another provider is close."""
    if not one or not other:
        return Likeness.UNKNOWN
    if one == other:
        return Likeness.SAME
    mine, theirs = one.partition("@")[0], other.partition("@")[0]
    same_mailbox = mine == theirs and len(mine) >= _TELLING_LETTERS
    return Likeness.CLOSE if same_mailbox or _slips(one, other, 1) == 1 else Likeness.DIFFERENT


def _slips(one: str, other: str, most: int) -> int:
    """How many wrong, missing or added characters, or neighbours that changed places; beyond `most` any number."""
    if abs(len(one) - len(other)) > most or (len(one) == len(other) and sum(map(ne, one, other)) > 2 * most):
        return most + 1  # most pairs end here, at an eighth of the price
    return damerau_levenshtein_distance(one, other)
