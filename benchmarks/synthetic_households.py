"""Invented households, for what the public sets lack: shared numbers, brothers and sisters, twins, fathers and sons.

Made by other rules than FEBRL's, of other names and with other slips, so that whatever was learnt there is put to the
test here. Everybody has an appointment; two in three have a request too, written anew, slips and all. There are more
twins, and more grown people under one roof, than anywhere in the world: they are what the set is for.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from string import ascii_lowercase, digits

import names

from bookings.domain.nicknames import share_a_name
from bookings.domain.patient import Patient

TODAY = date(2026, 12, 1)
NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Margaret": "Peggy", "Catherine": "Cathy", "Thomas": "Tom",
    "James": "Jim", "Richard": "Dick", "Patricia": "Pat", "Michael": "Mike", "Samuel": "Sam", "Daniel": "Dan",
}  # fmt: skip


class Numbers(StrEnum):
    """Whose numbers there are, and whether one can tell."""

    CANADIAN = "Canadian: no plan tells a mobile"
    AUSTRALIAN = "Australian: homes have landlines, people mobiles"
    ONE_MOBILE = "Australian: one mobile for all at home"


@dataclass(frozen=True)
class Person:
    """Somebody as they are."""

    id: int
    household: int
    patient: Patient

    def to(self, other: "Person") -> str:
        """What somebody else is to this person."""
        if self.household != other.household:
            return "stranger"
        return "twin" if self.patient.date_of_birth == other.patient.date_of_birth else "relative"


@dataclass(frozen=True)
class Record:
    """A person as somebody wrote them down."""

    person: Person
    patient: Patient


def records(households: int, numbers: Numbers, seed: int) -> Iterator[Record]:
    """The appointment of everybody, and the request of two in three."""
    chance = random.Random(seed)
    for person in _people(households, numbers, chance):
        yield Record(person, _Pen(chance).appointment_of(person.patient))
        if chance.random() < 0.67:
            yield Record(person, _Pen(chance).request_of(person.patient))


def _people(households: int, numbers: Numbers, chance: random.Random) -> Iterator[Person]:
    count = 0
    for household in range(households):
        home = _number(chance, numbers, mobile=numbers is Numbers.ONE_MOBILE)
        for patient in _household(chance, home):
            is_grown = patient.date_of_birth and patient.date_of_birth < _years_ago(18)
            has_own = is_grown and numbers is not Numbers.ONE_MOBILE and chance.random() < 0.6
            own = _number(chance, numbers, mobile=True) if has_own else home
            yield Person(count, household, patient.model_copy(update={"phone": own}))
            count += 1


def _household(chance: random.Random, phone: str) -> Iterator[Patient]:
    """A couple or one parent and up to three children; now and then grown twins who live together."""
    last_name = _last_name(chance)

    def one(first_name: str, born: date, last_name: str = last_name) -> Patient:
        mailbox = f"{first_name}.{last_name}{chance.randrange(99)}@mail.example".lower()
        email = mailbox if chance.random() < 0.5 else None
        return Patient(first_name=first_name, last_name=last_name, date_of_birth=born, phone=phone, email=email)

    if chance.random() < 0.05:
        born = _birthday(chance, 19, 75)
        yield from (one(name, born) for name in _first_names(chance, 2))
        return
    parents = _first_names(chance, 1 if chance.random() < 0.25 else 2)
    children = _first_names(chance, chance.choice((0, 1, 2, 2, 3)))
    if children and chance.random() < 0.01:
        children[0] = parents[0]  # a son of his father's name
    birthdays = [_birthday(chance, 1, 27) for _ in children]
    if len(birthdays) > 1 and chance.random() < 0.15:
        birthdays[1] = birthdays[0]
    yield one(parents[0], _birthday(chance, 28, 80))
    for name in parents[1:]:
        yield one(name, _birthday(chance, 28, 80), last_name if chance.random() < 0.75 else _last_name(chance))
    yield from map(one, children, birthdays)


def _years_ago(years: int) -> date:
    return TODAY - timedelta(days=int(years * 365.25))


def _birthday(chance: random.Random, youngest: int, oldest: int) -> date:
    return _years_ago(oldest) + timedelta(days=chance.randrange((oldest - youngest) * 365))


def _number(chance: random.Random, numbers: Numbers, *, mobile: bool) -> str:
    if numbers is Numbers.CANADIAN:
        return f"+1604{chance.randrange(2, 10)}{chance.randrange(10**6):06}"
    return f"+614{chance.randrange(10**8):08}" if mobile else f"+6129{chance.randrange(10**7):07}"


def _frequencies(kind: str) -> tuple[list[str], list[float]]:
    """The names of the US Census of 1990 and how often they are met."""
    rows = [line.split() for line in Path(names.FILES[kind]).read_text().splitlines()]
    return [row[0].capitalize() for row in rows], [float(row[1]) for row in rows]


_FIRST_NAMES = (_frequencies("first:female"), _frequencies("first:male"))
_LAST_NAMES = _frequencies("last")


def _first_names(chance: random.Random, count: int) -> list[str]:
    """So many first names; nobody calls two children by forms of one name."""
    found: list[str] = []
    while len(found) < count:
        known, often = chance.choice(_FIRST_NAMES)
        name = chance.choices(known, often)[0]
        if not any(share_a_name(name.lower(), other.lower()) for other in found):
            found.append(name)
    return found


def _last_name(chance: random.Random) -> str:
    return chance.choices(*_LAST_NAMES)[0]


class _Pen:
    """Whoever writes a patient down: mostly right, and who slips once is apt to slip again."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._slip = 0.18 if chance.random() < 0.2 else 0.03

    def appointment_of(self, patient: Patient) -> Patient:
        """As the front desk typed it; it asks for no address half of the time."""
        written = self._copy(patient)
        return written.model_copy(update={"email": None}) if self._chance.random() < 0.5 else written

    def request_of(self, patient: Patient) -> Patient:
        """As the patient typed it: nicknames, and names in each other's field."""
        written = self._copy(patient)
        if patient.first_name in NICKNAMES and self._chance.random() < 0.15:
            written = written.model_copy(update={"first_name": NICKNAMES[patient.first_name]})
        if self._slips():
            first, last = written.first_name, written.last_name
            written = written.model_copy(update={"first_name": last, "last_name": first})
        return written

    def _copy(self, patient: Patient) -> Patient:
        last_name = self._mistyped(patient.last_name, ascii_lowercase)
        if self._slips(0.5):
            last_name = f"{last_name}-{_last_name(self._chance)}"
        phone = patient.phone or ""
        return Patient(
            first_name=self._mistyped(patient.first_name, ascii_lowercase),
            last_name=last_name,
            date_of_birth=None if self._chance.random() < 0.05 else self._misdated(patient.date_of_birth),
            email=patient.email,
            phone=None if self._chance.random() < 0.05 else phone[:4] + self._mistyped(phone[4:], digits, 2),
        )

    def _slips(self, times: float = 1) -> bool:
        return self._chance.random() < self._slip * times

    def _misdated(self, born: date | None) -> date | None:
        if born is None or not self._slips():
            return born
        if born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        return born + timedelta(days=self._chance.choice((-10, -1, 1, 10)))

    def _mistyped(self, text: str, signs: str, times: float = 1) -> str:
        """The text, now and then with a sign changed, left out, doubled or swapped; not the first of them."""
        if not self._slips(times):
            return text
        at = self._chance.randrange(1, max(len(text) - 1, 2))
        before, sign, after = text[:at], text[at : at + 1], text[at + 1 :]
        wrong = (self._chance.choice(signs) + after, after, sign * 2 + after, after[:1] + sign + after[1:])
        return before + self._chance.choice(wrong)
