"""Record linkage (Fellegi and Sunter): the probability that two records are the same person.

`similarity` compares the values of each field; `match_weights` has the probabilities for each result.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from bookings.domain.kernel.phone_numbers import is_mobile
from bookings.domain.matching import similarity
from bookings.domain.matching.match import Likeness, Reason
from bookings.domain.matching.match_weights import (
    EMAIL,
    FAMILY_TABLES,
    NO_EVIDENCE,
    TABLES,
    Row,
    evidence_weights,
    prior_odds,
    probability,
)
from bookings.domain.matching.similarity import Person

FIELDS = ("first_name", "last_name", "date_of_birth", "email", "phone")

_SAME_NAME_LEVELS = (Likeness.SAME, Likeness.VARIANT, Likeness.CLOSE)


class _Names(NamedTuple):
    first: Likeness
    last: Likeness
    swapped: bool = False


class Comparison(NamedTuple):
    """The comparison of two people, with the names in one order."""

    probability: float
    levels: tuple[Likeness, ...]
    prior: Row
    rows: tuple[Row, ...]
    family_number: bool

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The result and the match weight of each field."""
        return tuple(map(_reason, FIELDS, self.levels, evidence_weights(self.prior, self.rows)))

    @property
    def tells_apart(self) -> bool:
        """Whether they count as two family members: a number that a family may share, and different first names."""
        return self.family_number and self.levels[0] in (Likeness.SIMILAR, Likeness.DIFFERENT)


def compare(
    patient: Person, candidate: Person, young_after: str, relatives: float, min_agreeing: int = 2
) -> Comparison | None:
    """The comparison with the more likely name order. None if fewer than `min_agreeing` fields agree.

    People born after `young_after` (YYYYMMDD) may still live with their parents. `relatives` are the prior odds of a
    relative. With fewer than two agreeing fields, no table gives a match.
    """
    other_levels = (
        similarity.compare_birth_dates(patient.date_of_birth, candidate.date_of_birth),
        similarity.compare_emails(patient.email, candidate.email),
        similarity.compare_phones(patient.phone, candidate.phone),
    )
    agreeing = _count_agreeing(other_levels)
    name_orders = [
        names for names in _compare_names(patient, candidate) if agreeing + _count_agreeing(names[:2]) >= min_agreeing
    ]
    if not name_orders:
        return None
    family_number = _may_be_family_number(patient, candidate, other_levels[-1], young_after)
    return max(
        min(_weigh(reading, other_levels, relatives, family_number) for reading in _readings(names))
        for names in name_orders
    )


def _readings(names: _Names) -> tuple[_Names, ...]:
    """The ways to read compared names. With swapped names, either level may belong to the first name.

    The caller takes the less likely reading, to be cautious.
    """
    return (names, _Names(names.last, names.first, swapped=True)) if names.swapped else (names,)


def _count_agreeing(levels: tuple[Likeness, ...]) -> int:
    return len(levels) - levels.count(Likeness.DIFFERENT) - levels.count(Likeness.UNKNOWN)


def _compare_names(patient: Person, candidate: Person) -> list[_Names]:
    """The names compared in order and, unless both agree, also swapped if that makes a name agree."""
    in_order = _Names(
        similarity.compare_first_names(patient.first_name, candidate.first_name),
        similarity.compare_last_names(patient.last_name, candidate.last_name),
    )
    if in_order.first in _SAME_NAME_LEVELS and in_order.last in _SAME_NAME_LEVELS:
        return [in_order]
    swapped = _Names(
        similarity.compare_last_names(patient.first_name, candidate.last_name),
        similarity.compare_last_names(patient.last_name, candidate.first_name),
        swapped=True,
    )
    if swapped.first in _SAME_NAME_LEVELS or swapped.last in _SAME_NAME_LEVELS:
        return [in_order, swapped]
    return [in_order]


def _may_be_family_number(patient: Person, candidate: Person, phone: Likeness, young_after: str) -> bool:
    """Whether a family may share the telephone number, so that agreement on it counts little.

    - Children often have their parents' number.
    - With an e-mail address, the record came from a form. Browsers fill forms with the data of whoever uses them, which
      may be a relative.
    - A shared number may be the home's, unless the numbering plan reserves both for mobiles.
    - Without a number nothing is known.
    """
    if max(patient.date_of_birth, candidate.date_of_birth) > young_after or patient.email or candidate.email:
        return True
    if phone is Likeness.DIFFERENT:
        return False
    return not (is_mobile(patient.phone) and is_mobile(candidate.phone))


def _weigh(
    names: _Names,
    other_levels: tuple[Likeness, ...],
    relatives: float,
    family_number: bool,  # noqa: FBT001
) -> Comparison:
    """The probability of the same person, from the levels of all fields."""
    levels = (names.first, names.last, *other_levels)
    tables = FAMILY_TABLES if family_number else TABLES
    namesakes = names.first in _SAME_NAME_LEVELS and names.last in _SAME_NAME_LEVELS
    rows = tuple(_row(table, level, namesakes) for table, level in zip(tables, levels, strict=True))
    odds = prior_odds(relatives=relatives, family_number=family_number, namesakes=namesakes, swapped=names.swapped)
    if names.swapped:
        name_levels = (Likeness.SWAPPED if level in _SAME_NAME_LEVELS else level for level in names[:2])
        levels = (*name_levels, *other_levels)
    return Comparison(probability(odds, rows), levels, odds, rows, family_number)


def _row(table: Mapping[Likeness, Row], level: Likeness, namesakes: bool) -> Row:  # noqa: FBT001
    """The table row of a level. E-mail addresses contain names, so close addresses of namesakes are no evidence."""
    if namesakes and table is EMAIL and level is Likeness.CLOSE:
        return NO_EVIDENCE
    return table.get(level, NO_EVIDENCE)


@cache
def _reason(field: str, level: Likeness, weight: float) -> Reason:
    return Reason(field=field, agrees=level.agrees, likeness=level, weight=weight)
