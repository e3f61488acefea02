"""Whether two people are one, in the Fellegi and Sunter manner: each field's evidence, and what it comes to.

What the evidence is worth is in `evidence`, how alike two values are in `likeness`.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from bookings.domain.kernel.phone_numbers import is_mobile
from bookings.domain.matching import similarity as likeness
from bookings.domain.matching.match import Likeness, Reason
from bookings.domain.matching.match_weights import (
    EMAIL,
    FAMILY_TABLES,
    TABLES,
    UNKNOWN,
    Row,
    prior,
    probability,
    weights,
)
from bookings.domain.matching.similarity import Person

FIELDS = ("first_name", "last_name", "date_of_birth", "email", "phone")

_ALIKE = (Likeness.SAME, Likeness.VARIANT, Likeness.CLOSE)


class _Names(NamedTuple):
    first: Likeness
    last: Likeness
    swapped: bool = False


class Comparison(NamedTuple):
    """How two people compare with the names read in one order."""

    probability: float
    levels: tuple[Likeness, ...]
    prior: Row
    rows: tuple[Row, ...]
    family_number: bool

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, field by field."""
        return tuple(map(_reason, FIELDS, self.levels, weights(self.prior, self.rows)))

    @property
    def tells_apart(self) -> bool:
        """Whether they are two by the house rule: under a family's number another first name is taken at its word."""
        return self.family_number and self.levels[0] in (Likeness.SIMILAR, Likeness.DIFFERENT)


def compare(mine: Person, theirs: Person, youth: str, relatives: float, least: int = 2) -> Comparison | None:
    """The better reading, or None where fewer than `least` things agree; no table makes a match of fewer than two.

    `youth` is the birth date (its digits) after which somebody may still live with the parents.
    """
    rest = (
        likeness.birth_dates(mine.date_of_birth, theirs.date_of_birth),
        likeness.emails(mine.email, theirs.email),
        likeness.phones(mine.phone, theirs.phone),
    )
    agreeing = _agreeing(rest)
    orders = [names for names in _orders(mine, theirs) if agreeing + _agreeing(names[:2]) >= least]
    if not orders:
        return None
    family_number = _may_be_a_familys(mine, theirs, rest[-1], youth)
    return max(min(_read(each, rest, relatives, family_number) for each in _sides(names)) for names in orders)


def _sides(names: _Names) -> tuple[_Names, ...]:
    """Of swapped names nobody knows on whose side the slip was; the more cautious of both answers holds."""
    return (names, _Names(names.last, names.first, swapped=True)) if names.swapped else (names,)


def _agreeing(levels: tuple[Likeness, ...]) -> int:
    return len(levels) - levels.count(Likeness.DIFFERENT) - levels.count(Likeness.UNKNOWN)


def _orders(mine: Person, theirs: Person) -> list[_Names]:
    """The names as they stand, and swapped where that brings something together."""
    straight = _Names(
        likeness.first_names(mine.first_name, theirs.first_name), likeness.last_names(mine.last_name, theirs.last_name)
    )
    if straight.first in _ALIKE and straight.last in _ALIKE:
        return [straight]
    swapped = _Names(
        likeness.last_names(mine.first_name, theirs.last_name),
        likeness.last_names(mine.last_name, theirs.first_name),
        swapped=True,
    )
    return [straight, swapped] if swapped.first in _ALIKE or swapped.last in _ALIKE else [straight]


def _may_be_a_familys(mine: Person, theirs: Person, phone: Likeness, youth: str) -> bool:
    """Whether the number may be one that a family shares, so that agreeing on it says little.

    Children have the number of their parents. Who gave an address gave it in a form, and forms fill themselves in for
    whoever sits at them. A number that both have may be that of their home unless its plan says mobile. And who gave
    none may have any.
    """
    if max(mine.date_of_birth, theirs.date_of_birth) > youth or mine.email or theirs.email:
        return True
    if phone is Likeness.DIFFERENT:
        return False
    return not (is_mobile(mine.phone) and is_mobile(theirs.phone))


def _read(names: _Names, rest: tuple[Likeness, ...], relatives: float, family_number: bool) -> Comparison:  # noqa: FBT001
    levels = (names.first, names.last, *rest)
    tables = FAMILY_TABLES if family_number else TABLES
    namesakes = names.first in _ALIKE and names.last in _ALIKE
    rows = tuple(_worth(table, level, namesakes) for table, level in zip(tables, levels, strict=True))
    before = prior(relatives=relatives, family_number=family_number, namesakes=namesakes, swapped=names.swapped)
    if names.swapped:
        levels = (*(Likeness.SWAPPED if level in _ALIKE else level for level in names[:2]), *rest)
    return Comparison(probability(before, rows), levels, before, rows, family_number)


def _worth(table: Mapping[Likeness, Row], level: Likeness, namesakes: bool) -> Row:  # noqa: FBT001
    """What the table says of it. Addresses are made of names: those of namesakes are close and it says nothing."""
    if namesakes and table is EMAIL and level is Likeness.CLOSE:
        return UNKNOWN
    return table.get(level, UNKNOWN)


@cache
def _reason(field: str, level: Likeness, weight: float) -> Reason:
    return Reason(field=field, agrees=level.agrees, likeness=level, weight=weight)
