"""Findings of a synthetic year are exactly the causes that were planted in it.

The year is made up here, by chance and by hand, and classed by the code; nothing in it knows how findings are found.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest

from bookings.domain.change_set import new_history_entry
from bookings.domain.decisions.accept import accept, slot_with_edits
from bookings.domain.decisions.close import reject
from bookings.domain.insights.detect_findings import detect_findings
from bookings.domain.insights.finding import Finding
from bookings.domain.insights.misfit_cause import Cause, Misfit, classify_misfit
from bookings.domain.kernel.wall_time import add_minutes
from bookings.domain.reporting.tally import Tally, cohort, columns_of
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.slot import Slot
from tests.support.builders import (
    VANCOUVER,
    a_chair,
    a_practice,
    a_practitioner,
    a_rejection,
    a_request,
    a_service,
    a_stamp,
    a_stranger,
    an_acceptance,
    an_appointment,
    hours,
    open_hours,
    sheets_with,
)

PEOPLE = ("prov_roy", "prov_lee", "prov_ng", "prov_cho")
SERVICES = {"svc_checkup": 60, "svc_cleaning": 45, "svc_filling": 60, "svc_implant": 60}
YEAR_START = [date(2026, 1, 5) + timedelta(days=n) for n in range(364)]
PRACTICE = a_practice(
    id="prac_planted",
    chairs=tuple(a_chair(f"chr_{n}") for n in range(4)),
    practitioners=(
        *(a_practitioner(one) for one in PEOPLE[:3]),
        a_practitioner("prov_cho", hours=hours(*open_hours("08:00", "15:00"))),
    ),
    services=tuple(a_service(name, duration_minutes=minutes) for name, minutes in SERVICES.items()),
)

PLANTED = {
    ("slot_taken", 2, 15, "prov_lee", None),
    ("too_short", None, None, None, "svc_implant"),
    ("outside_hours", None, 16, "prov_cho", None),
}
"""The hygienist's meeting on Tuesdays at 15:00; implants that take two hours; a practitioner who leaves at 15:00."""

Classed = tuple[Sequence[Tally], Sequence[Misfit]]


def a_year(seed: int, *, planted: bool) -> Classed:
    """About 4,000 requests; one in twelve is moved for an unrelated reason."""
    chance = random.Random(seed)
    tallies: Counter[tuple[object, str]] = Counter()
    found = []
    for request in _requests(chance):
        if _is_at_home(request) and not planted:
            continue
        taken, longer = _planted(request, chance) if planted else (None, False)
        decided, classed = _decide(
            request, taken, chance, longer=longer, must_move=_is_at_home(request) or chance.random() < 1 / 12
        )
        for column, number in columns_of(decided).items():
            tallies[cohort(request), column] += number
        found += [classed] if classed else []
    by_cohort: dict[object, dict[str, int]] = {}
    for (where, column), number in tallies.items():
        by_cohort.setdefault(where, {})[column] = number
    return [Tally(where, counts) for where, counts in by_cohort.items()], found  # type: ignore[arg-type]


def _requests(chance: random.Random) -> Iterator[Request]:
    for day in YEAR_START:
        if day.isoweekday() > 5:
            continue
        for _ in range(chance.randint(10, 21)):
            service = chance.choices(list(SERVICES), weights=(8, 7, 4, 1))[0]
            start = datetime.combine(day, time(chance.randint(8, 16)), VANCOUVER)
            wanted = Slot(
                start=start,
                duration_minutes=SERVICES[service],
                practitioner_id=chance.choice(PEOPLE),
                service_id=service,
            )
            if wanted.practitioner_id == "prov_cho" and start.hour == 15:
                continue
            received = start - timedelta(days=chance.randint(3, 21), minutes=chance.randint(0, 600))
            yield a_request(practice_id=PRACTICE.id, requested=wanted, received_at=received.astimezone(VANCOUVER))


def _planted(request: Request, chance: random.Random) -> tuple[Appointment | None, bool]:
    """The appointment in the slot, and whether the service takes longer than requested."""
    asked = request.requested
    meets = (asked.start.isoweekday(), asked.start.hour, asked.practitioner_id) == (2, 15, "prov_lee")
    meeting = Slot(start=asked.start, duration_minutes=60, practitioner_id="prov_lee")
    taken = an_appointment(practice_id=PRACTICE.id, patient=a_stranger(), slot=meeting) if meets else None
    return taken if chance.random() < 0.85 else None, asked.service_id == "svc_implant" and chance.random() < 0.8


def _is_at_home(request: Request) -> bool:
    return request.requested.practitioner_id == "prov_cho" and request.requested.start.hour >= 15


def _decide(
    request: Request, taken: Appointment | None, chance: random.Random, *, longer: bool, must_move: bool
) -> tuple[Request, Misfit | None]:
    stamp = a_stamp(at=add_minutes(request.received_at, 90))
    sheets = sheets_with(taken, since=request.received_at - timedelta(days=30)) if taken else {}
    if (taken or must_move) and chance.random() < 0.3:
        change = reject(request, a_rejection(), stamp)
    else:
        minutes = -30 if taken else chance.choice([-60, -30, 30, 60]) if must_move else 0
        edits = an_acceptance(
            override={"reason": "made up"},
            start=add_minutes(request.requested.start, minutes).isoformat(),
            **({"duration_minutes": 120} if longer else {}),
        )
        wanted = slot_with_edits(PRACTICE, request, edits)
        change = accept(PRACTICE, request, wanted, edits, {}, stamp)
    assert change.request
    return change.request_after, classify_misfit(PRACTICE, request, new_history_entry(change, change.request), sheets)


def segments(found: Sequence[Finding]) -> set[tuple[str, int | None, int | None, str | None, str | None]]:
    return {(one.cause.value, one.weekday, one.hour, one.practitioner_id, one.service_id) for one in found}


SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 10))]
"""A year takes a second or two to make."""


@cache
def planted_year(seed: int) -> Classed:
    return a_year(seed, planted=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_findings_are_exactly_the_planted_causes(seed: int) -> None:
    findings = detect_findings(*planted_year(seed), ())
    assert segments(findings.items) == PLANTED


@pytest.mark.parametrize("seed", SEEDS)
def test_no_quarter_has_a_finding_that_was_not_planted(seed: int) -> None:
    tallies, misfits = planted_year(seed)
    for first in (YEAR_START[0], YEAR_START[91], YEAR_START[182], YEAR_START[273]):
        days = range(first.toordinal(), first.toordinal() + 91)
        findings = detect_findings(
            [one for one in tallies if one.cohort.day.toordinal() in days],
            [one for one in misfits if one.day.toordinal() in days],
            (),
        )
        assert segments(findings.items) <= PLANTED


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_without_causes_has_no_findings(seed: int) -> None:
    findings = detect_findings(*a_year(seed, planted=False), ())
    assert findings.misfits > 200
    assert set(findings.causes) == {Cause.UNEXPLAINED}
    assert findings.items == ()
