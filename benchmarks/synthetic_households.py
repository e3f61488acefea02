"""Generates households of patients, to test matching on relatives: shared phone numbers, siblings, twins, namesakes.

The public data sets contain no relatives. Names, errors and rules differ from those of FEBRL, so that matching is not
tested on the data that it was tuned on. Everybody has an appointment, and two in three also have a request, which is
generated independently with errors of its own. Twins and adults who live together are deliberately more frequent than
in reality.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from string import ascii_lowercase, digits

import names

from bookings.domain.matching.nicknames import are_forms_of_same_name
from bookings.domain.requests.patient import Patient

TODAY = date(2026, 12, 1)
NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Margaret": "Peggy", "Catherine": "Cathy", "Thomas": "Tom",
    "James": "Jim", "Richard": "Dick", "Patricia": "Pat", "Michael": "Mike", "Samuel": "Sam", "Daniel": "Dan",
}  # fmt: skip


class PhoneNumbers(StrEnum):
    """Whose phone numbers a household uses, and whether a number shows that it is a mobile."""

    CANADIAN = "Canadian: mobiles look like landlines"
    AUSTRALIAN = "Australian: one landline per home, one mobile per person"
    ONE_MOBILE = "Australian: one mobile per home"


@dataclass(frozen=True)
class Person:
    """A person with their true data."""

    id: int
    household: int
    patient: Patient

    def relation_to(self, other: "Person") -> str:
        """What the other person is to this one: twin, relative or stranger."""
        if self.household != other.household:
            return "stranger"
        return "twin" if self.patient.date_of_birth == other.patient.date_of_birth else "relative"


@dataclass(frozen=True)
class Record:
    """A person's data as entered by somebody, with possible errors."""

    person: Person
    patient: Patient


def generate_records(households: int, numbers: PhoneNumbers, seed: int) -> Iterator[Record]:
    """Records of everybody's appointment, and of the request that two in three people have."""
    rng = random.Random(seed)
    for person in _people(households, numbers, rng):
        yield Record(person, _DataEntry(rng).appointment_of(person.patient))
        if rng.random() < 0.67:
            yield Record(person, _DataEntry(rng).request_of(person.patient))


def _people(households: int, numbers: PhoneNumbers, rng: random.Random) -> Iterator[Person]:
    count = 0
    for household in range(households):
        home = _phone_number(rng, numbers, mobile=numbers is PhoneNumbers.ONE_MOBILE)
        for patient in _household(rng, home):
            is_adult = patient.date_of_birth and patient.date_of_birth < _years_ago(18)
            has_own = is_adult and numbers is not PhoneNumbers.ONE_MOBILE and rng.random() < 0.6
            own = _phone_number(rng, numbers, mobile=True) if has_own else home
            yield Person(count, household, patient.model_copy(update={"phone": own}))
            count += 1


def _household(rng: random.Random, phone: str) -> Iterator[Patient]:
    """A couple or one parent with up to three children, or sometimes adult twins who live together."""
    last_name = _last_name(rng)

    def member(first_name: str, born: date, last_name: str = last_name) -> Patient:
        mailbox = f"{first_name}.{last_name}{rng.randrange(99)}@mail.example".lower()
        email = mailbox if rng.random() < 0.5 else None
        return Patient(first_name=first_name, last_name=last_name, date_of_birth=born, phone=phone, email=email)

    if rng.random() < 0.05:
        born = _birthday(rng, 19, 75)
        yield from (member(name, born) for name in _first_names(rng, 2))
        return
    parents = _first_names(rng, 1 if rng.random() < 0.25 else 2)
    children = _first_names(rng, rng.choice((0, 1, 2, 2, 3)))
    if children and rng.random() < 0.01:
        children[0] = parents[0]  # a child with the first name of a parent
    birthdays = [_birthday(rng, 1, 27) for _ in children]
    if len(birthdays) > 1 and rng.random() < 0.15:
        birthdays[1] = birthdays[0]
    yield member(parents[0], _birthday(rng, 28, 80))
    for name in parents[1:]:
        yield member(name, _birthday(rng, 28, 80), last_name if rng.random() < 0.75 else _last_name(rng))
    yield from map(member, children, birthdays)


def _years_ago(years: int) -> date:
    return TODAY - timedelta(days=int(years * 365.25))


def _birthday(rng: random.Random, youngest: int, oldest: int) -> date:
    return _years_ago(oldest) + timedelta(days=rng.randrange((oldest - youngest) * 365))


def _phone_number(rng: random.Random, numbers: PhoneNumbers, *, mobile: bool) -> str:
    if numbers is PhoneNumbers.CANADIAN:
        return f"+1604{rng.randrange(2, 10)}{rng.randrange(10**6):06}"
    return f"+614{rng.randrange(10**8):08}" if mobile else f"+6129{rng.randrange(10**7):07}"


def _names_with_frequencies(kind: str) -> tuple[list[str], list[float]]:
    """Names of the US Census of 1990, and their frequencies."""
    rows = [line.split() for line in Path(names.FILES[kind]).read_text().splitlines()]
    return [row[0].capitalize() for row in rows], [float(row[1]) for row in rows]


_FIRST_NAMES = (_names_with_frequencies("first:female"), _names_with_frequencies("first:male"))
_LAST_NAMES = _names_with_frequencies("last")


def _first_names(rng: random.Random, count: int) -> list[str]:
    """First names for one household, none of which is a form of another."""
    found: list[str] = []
    while len(found) < count:
        candidates, frequencies = rng.choice(_FIRST_NAMES)
        name = rng.choices(candidates, frequencies)[0]
        if not any(are_forms_of_same_name(name.lower(), other.lower()) for other in found):
            found.append(name)
    return found


def _last_name(rng: random.Random) -> str:
    return rng.choices(*_LAST_NAMES)[0]


class _DataEntry:
    """Somebody who enters a patient's data. One in five makes errors six times as often as the others."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._error_rate = 0.18 if rng.random() < 0.2 else 0.03

    def appointment_of(self, patient: Patient) -> Patient:
        """As the front desk enters it: without an e-mail address half of the time."""
        entered = self._with_errors(patient)
        return entered.model_copy(update={"email": None}) if self._rng.random() < 0.5 else entered

    def request_of(self, patient: Patient) -> Patient:
        """As the patient enters it: sometimes with a nickname, or with first and last name swapped."""
        entered = self._with_errors(patient)
        if patient.first_name in NICKNAMES and self._rng.random() < 0.15:
            entered = entered.model_copy(update={"first_name": NICKNAMES[patient.first_name]})
        if self._makes_error():
            first, last = entered.first_name, entered.last_name
            entered = entered.model_copy(update={"first_name": last, "last_name": first})
        return entered

    def _with_errors(self, patient: Patient) -> Patient:
        last_name = self._with_typing_error(patient.last_name or "", ascii_lowercase)
        if self._makes_error(0.5):
            last_name = f"{last_name}-{_last_name(self._rng)}"
        phone = patient.phone or ""
        return Patient(
            first_name=self._with_typing_error(patient.first_name or "", ascii_lowercase),
            last_name=last_name,
            date_of_birth=None if self._rng.random() < 0.05 else self._with_date_error(patient.date_of_birth),
            email=patient.email,
            phone=None if self._rng.random() < 0.05 else phone[:4] + self._with_typing_error(phone[4:], digits, 2),
        )

    def _makes_error(self, factor: float = 1) -> bool:
        return self._rng.random() < self._error_rate * factor

    def _with_date_error(self, born: date | None) -> date | None:
        if born is None or not self._makes_error():
            return born
        if born.day <= 12:
            return born.replace(month=born.day, day=born.month)
        return born + timedelta(days=self._rng.choice((-10, -1, 1, 10)))

    def _with_typing_error(self, text: str, alphabet: str, factor: float = 1) -> str:
        """The text, sometimes with one character replaced, dropped, doubled or swapped, but never the first one."""
        if not self._makes_error(factor):
            return text
        position = self._rng.randrange(1, max(len(text) - 1, 2))
        before, character, after = text[:position], text[position : position + 1], text[position + 1 :]
        endings = (
            self._rng.choice(alphabet) + after,
            after,
            character * 2 + after,
            after[:1] + character + after[1:],
        )
        return before + self._rng.choice(endings)
