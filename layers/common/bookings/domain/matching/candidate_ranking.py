"""Could this be the same appointment? How sure we are that two people are one, and why.

Whoever is found is compared with the patient (`comparison`), and then with those who are certainly the patient: what
one appointment knows of them counts for the others. docs/matching.md has the figures, their sources, and what they
reach on public data.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bookings.domain.matching.match import Grade, Likeness, Match
from bookings.domain.matching.match_weights import RELATIVES
from bookings.domain.matching.record_linkage import Comparison, compare
from bookings.domain.matching.similarity import Person, person
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.patient import Patient

GRADE_THRESHOLDS = {Grade.CERTAIN: 0.95, Grade.PROBABLE: 0.5, Grade.POSSIBLE: 0.25}
"""The least probability of each grade."""

MAX_AGE_AT_PARENTS = 25
"""The age by which most people have left their parents' home and number."""

_ONE_NAME = (Likeness.SAME, Likeness.VARIANT, Likeness.SWAPPED)


class _Candidate(NamedTuple):
    """Somebody with an appointment."""

    person: Person
    youth: str
    """The birth date (its digits) after which they may have lived with their parents on that day."""


class _Judgement(NamedTuple):
    """How sure we are that a candidate is the patient, and by whose word if not by their own."""

    probability: float
    comparison: Comparison
    witness: Person | None = None


def rank_candidates(patient: Patient, appointments: Iterable[Appointment]) -> list[Match]:
    """The patient's appointments among these, best first; equally good ones in order of time."""
    candidates = [
        (appointment, _Candidate(person(appointment.patient), _youth(appointment.slot.start.date())))
        for appointment in appointments
        if appointment.patient and appointment.slot and appointment.may_be_linked
    ]
    # Several appointments are often one person's, who is judged once.
    judged = _judge(person(patient), {candidate for _, candidate in candidates})
    known = {candidate.person: appointment.id for appointment, candidate in candidates}
    matches = [
        Match(
            appointment=appointment,
            grade=grade,
            score=round(said.probability, 4),
            reasons=said.comparison.reasons,
            same_patient_as=said.witness and known[said.witness],
        )
        for appointment, candidate in candidates
        if (said := judged.get(candidate)) and (grade := _grade(said.probability))
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
    return f"{on.year - MAX_AGE_AT_PARENTS:04}{on:%m%d}"


def _sharers(mine: Person, candidates: Iterable[Person]) -> int:
    """How many people among the candidates have the patient's number or address; in a care home that is many."""
    return len(
        {
            (theirs.first_name.whole, theirs.date_of_birth)
            for theirs in candidates
            if (mine.phone and theirs.phone == mine.phone) or (mine.email and theirs.email == mine.email)
        }
    )


def _grade(probability: float) -> Grade | None:
    return next((grade for grade, least in GRADE_THRESHOLDS.items() if probability >= least), None)


def _judge(mine: Person, candidates: AbstractSet[_Candidate]) -> dict[_Candidate, _Judgement]:
    """Everybody compared with the patient; who falls short by that may have somebody's word."""
    relatives = max(RELATIVES, _sharers(mine, (each.person for each in candidates)) - 1)
    judged = {
        candidate: _Judgement(found.probability, found)
        for candidate in candidates
        if (found := compare(mine, *candidate, relatives))
    }
    certain = {
        candidate.person: said.probability
        for candidate, said in judged.items()
        if said.probability >= GRADE_THRESHOLDS[Grade.CERTAIN]
    }
    sure_enough = {
        candidate for candidate, said in judged.items() if said.probability >= GRADE_THRESHOLDS[Grade.PROBABLE]
    }
    words = {each: word for each in candidates - sure_enough if (word := _word_for(each, mine, certain, relatives))}
    return judged | words


def _word_for(
    candidate: _Candidate, mine: Person, certain: Mapping[Person, float], relatives: float
) -> _Judgement | None:
    """The judgement by the word of a certain match who is certainly this candidate too, if there is one.

    Both must be true, so the probabilities multiply. Nobody can put in a word for a brother or a sister.
    """
    theirs, youth = candidate
    witnesses = {who: sure for who, sure in certain.items() if _share_more(who, theirs, mine)}
    own = compare(mine, theirs, youth, relatives, least=1) if witnesses else None
    if own is None or own.tells_apart:
        return None
    words = [
        (sure * link.probability, who)
        for who, sure in witnesses.items()
        if (link := compare(who, theirs, youth, relatives)) and link.probability >= GRADE_THRESHOLDS[Grade.CERTAIN]
    ]
    return _Judgement(max(words)[0], own, max(words)[1]) if words else None


def _share_more(witness: Person, theirs: Person, mine: Person) -> bool:
    """Whether these two have something in common that the patient has not told, or told otherwise."""
    return any(value and value == other != told for value, other, told in zip(theirs, witness, mine, strict=True))
