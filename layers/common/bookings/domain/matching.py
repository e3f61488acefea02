"""Could this be the same appointment? How sure we are that two people are one, and why.

Scored as Fellegi and Sunter taught (`evidence`), on fields compared with the slips of real forms in mind (`likeness`).
docs/matching.md has the figures, their sources, and what they reach on public data.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from bookings.domain import likeness
from bookings.domain.appointment import Appointment
from bookings.domain.evidence import EMAIL, FAMILY_TABLES, RELATIVES, TABLES, UNKNOWN, Row, prior, probability, weights
from bookings.domain.likeness import Person, person
from bookings.domain.match import Grade, Likeness, Match, Reason
from bookings.domain.mobile import is_mobile
from bookings.domain.patient import Patient

__all__ = ["Grade", "Likeness", "Match", "Reason", "best_matches", "match_to_link"]

THRESHOLDS = ((Grade.CERTAIN, 0.95), (Grade.PROBABLE, 0.5), (Grade.POSSIBLE, 0.25))
"""The least probability of each grade."""

LEFT_HOME = 25
"""The age by which most people have left their parents' home and number."""

FIELDS = ("first_name", "last_name", "date_of_birth", "email", "phone")

_ONE_NAME = (Likeness.SAME, Likeness.VARIANT, Likeness.SWAPPED)
_ALIKE = (Likeness.SAME, Likeness.VARIANT, Likeness.CLOSE)


class _Names(NamedTuple):
    first: Likeness
    last: Likeness
    swapped: bool = False


class _Reading(NamedTuple):
    """How two people compare with the names read in one order."""

    probability: float
    levels: tuple[Likeness, ...]
    prior: Row
    rows: tuple[Row, ...]


class _Judgement(NamedTuple):
    """What is to be said of every appointment of one person."""

    grade: Grade
    score: float
    reasons: tuple[Reason, ...]


def best_matches(patient: Patient, appointments: Iterable[Appointment]) -> list[Match]:
    """The patient's appointments among these, best first; equally good ones in order of time."""
    mine = person(patient)
    candidates = [
        (appointment, person(appointment.patient), _youth(appointment.slot.start.date()))
        for appointment in appointments
        if appointment.patient and appointment.slot and appointment.may_be_linked
    ]
    relatives = max(RELATIVES, _sharers(mine, (theirs for _, theirs, _ in candidates)) - 1)
    # Several appointments are often one person's, who is judged once.
    judged = {who: _judge(mine, *who, relatives) for who in {(theirs, youth) for _, theirs, youth in candidates}}
    matches = [
        Match(appointment=appointment, grade=said.grade, score=said.score, reasons=said.reasons)
        for appointment, theirs, youth in candidates
        if (said := judged[theirs, youth])
    ]
    return sorted(matches, key=lambda match: (-match.score, match.appointment.slot and match.appointment.slot.begins))


def match_to_link(matches: Sequence[Match]) -> Match | None:
    """The one match that may be linked with nobody looking: the only certain one, of that very name and birth date.

    A grade is a probability; a wrong link tells one person of another's visit, so more is asked for here.
    """
    certain = [match for match in matches if match.grade is Grade.CERTAIN]
    if len(certain) != 1:
        return None
    how = {reason.field: reason.likeness for reason in certain[0].reasons}
    is_theirs = how["first_name"] in _ONE_NAME and how["date_of_birth"] is not Likeness.DIFFERENT
    return certain[0] if is_theirs else None


@lru_cache(maxsize=512)
def _youth(on: date) -> str:
    """The birth date (its digits) after which somebody may still live with the parents on that day."""
    return f"{on.year - LEFT_HOME:04}{on:%m%d}"


def _sharers(mine: Person, candidates: Iterable[Person]) -> int:
    """How many people among the candidates have the patient's number or address; in a care home that is many."""
    return len(
        {
            (theirs.first_name.whole, theirs.date_of_birth)
            for theirs in candidates
            if (mine.phone and theirs.phone == mine.phone) or (mine.email and theirs.email == mine.email)
        }
    )


def _judge(mine: Person, theirs: Person, youth: str, relatives: float) -> _Judgement | None:
    reading = _compare(mine, theirs, youth, relatives)
    if reading is None:
        return None
    grade = next((grade for grade, threshold in THRESHOLDS if reading.probability >= threshold), None)
    if grade is None:
        return None
    reasons = map(_reason, FIELDS, reading.levels, weights(reading.prior, reading.rows))
    return _Judgement(grade, round(reading.probability, 4), tuple(reasons))


def _compare(mine: Person, theirs: Person, youth: str, relatives: float) -> _Reading | None:
    """The better reading, or None where fewer than two things agree, which no table makes a match."""
    rest = (
        likeness.birth_dates(mine.date_of_birth, theirs.date_of_birth),
        likeness.emails(mine.email, theirs.email),
        likeness.phones(mine.phone, theirs.phone),
    )
    agreeing = _agreeing(rest)
    orders = [names for names in _orders(mine, theirs) if agreeing + _agreeing(names[:2]) > 1]
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


def _read(names: _Names, rest: tuple[Likeness, ...], relatives: float, family_number: bool) -> _Reading:  # noqa: FBT001
    levels = (names.first, names.last, *rest)
    tables = FAMILY_TABLES if family_number else TABLES
    namesakes = names.first in _ALIKE and names.last in _ALIKE
    rows = tuple(_worth(table, level, namesakes) for table, level in zip(tables, levels, strict=True))
    before = prior(relatives=relatives, family_number=family_number, namesakes=namesakes, swapped=names.swapped)
    if names.swapped:
        levels = (*(Likeness.SWAPPED if level in _ALIKE else level for level in names[:2]), *rest)
    return _Reading(probability(before, rows), levels, before, rows)


def _worth(table: Mapping[Likeness, Row], level: Likeness, namesakes: bool) -> Row:  # noqa: FBT001
    """What the table says of it. Addresses are made of names: those of namesakes are close and it says nothing."""
    if namesakes and table is EMAIL and level is Likeness.CLOSE:
        return UNKNOWN
    return table.get(level, UNKNOWN)


@cache
def _reason(field: str, level: Likeness, weight: float) -> Reason:
    return Reason(field=field, agrees=level.agrees, likeness=level, weight=weight)
