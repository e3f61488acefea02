"""Synthetic households with one phone number and typos: no relative is a certain match."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from benchmarks.synthetic_households import PhoneNumbers, Record, generate_records
from bookings.domain.matching.candidate_ranking import rank_candidates
from bookings.domain.matching.match import Grade
from tests.support.builders import an_appointment

HOUSEHOLDS = 120


def graded(numbers: PhoneNumbers, kind: str) -> Iterator[tuple[Record, Record, Grade | None]]:
    """Each record with those of its relatives of this kind in the household, and their grade."""
    homes: dict[int, list[Record]] = defaultdict(list)
    for record in generate_records(HOUSEHOLDS, numbers, seed=20261124):
        homes[record.person.household].append(record)
    for home in homes.values():
        for one in home:
            for other in home:
                if one.person.id != other.person.id and one.person.relation_to(other.person) == kind:
                    matches = rank_candidates(one.patient, [an_appointment(patient=other.patient)])
                    yield one, other, matches[0].grade if matches else None


@pytest.mark.parametrize("numbers", [PhoneNumbers.CANADIAN, PhoneNumbers.AUSTRALIAN])
def test_a_twin_is_never_certain_and_with_the_same_phone_at_most_possible(numbers: PhoneNumbers) -> None:
    pairs = list(graded(numbers, "twin"))
    under_one_number = [grade for one, other, grade in pairs if one.patient.phone == other.patient.phone]
    assert len(under_one_number) >= 8
    assert set(under_one_number) <= {None, Grade.POSSIBLE}
    assert Grade.CERTAIN not in {grade for _, _, grade in pairs}


@pytest.mark.parametrize("numbers", [PhoneNumbers.CANADIAN, PhoneNumbers.AUSTRALIAN])
def test_a_relative_is_never_certain_except_a_son_with_his_fathers_name(numbers: PhoneNumbers) -> None:
    pairs = list(graded(numbers, "relative"))
    assert len(pairs) > 400
    certain = [(one, other) for one, other, grade in pairs if grade is Grade.CERTAIN]
    assert [one for one, other in certain if one.person.patient.first_name != other.person.patient.first_name] == []
