"""Detecting findings, their confidence, and marks of handled ones."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from math import isclose
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.insights.detect_findings import MIN_MISFITS, detect_findings, wilson
from bookings.domain.insights.finding import Finding, FindingMark
from bookings.domain.insights.misfit_cause import Cause, Instead, Misfit
from bookings.domain.insights.recommended_fix import FixCode
from bookings.domain.reporting.tally import Tally
from tests.support.builders import NOW, a_cohort, a_misfit, a_slot

TUESDAY = a_slot("2026-07-14T15:00", 30, practitioner_id="prov_a")
DAY = date(2026, 7, 1)


def accepted(number: int, day: date = DAY, **fields: Any) -> Tally:
    """So many accepted requests, by default for Tuesdays at 15:00 with prov_a."""
    where = {"weekday": 2, "hour": 15, "practitioner_id": "prov_a", "service_id": "", **fields}
    return Tally(a_cohort(day, **where), {"received": number, "status_accepted": number})


def elsewhere(number: int = 200) -> Tally:
    return accepted(number, weekday=4, hour=9, practitioner_id="prov_b")


def misfits(number: int, **fields: Any) -> list[Misfit]:
    return [a_misfit(**{"requested": TUESDAY, **fields}) for _ in range(number)]


def found(
    tallies: Iterable[Tally], some_misfits: Sequence[Misfit], handled: Sequence[FindingMark] = ()
) -> tuple[Finding, ...]:
    return detect_findings(tallies, some_misfits, handled).items


def handled_mark(finding: Finding, day: date = DAY) -> FindingMark:
    return FindingMark(practice_id="prac_1", finding_id=finding.id, day=day, at=NOW, by="staff:u1", finding=finding)


def test_a_finding_has_its_counts_confidence_and_recommended_fix() -> None:
    some_misfits = misfits(7)
    (finding,) = found([accepted(9), elsewhere()], some_misfits)
    assert (finding.weekday, finding.hour, finding.practitioner_id) == (2, 15, "prov_a")
    assert (finding.misfits, finding.requests, finding.usual_move_minutes) == (7, 9, -30)
    assert (finding.interval.low, finding.interval.high) == (0.453, 0.937)
    assert sorted(finding.request_ids) == sorted(one.request_id for one in some_misfits)
    assert finding.instead == {Instead.MOVED: 7}
    assert (finding.fix.code, finding.fix.start, finding.fix.end) == (FixCode.BLOCK_TIME, time(15), time(15, 30))


def test_fewer_than_five_misfits_are_no_finding() -> None:
    assert found([accepted(4), elsewhere()], misfits(MIN_MISFITS - 1)) == ()


def test_a_share_that_chance_may_explain_is_no_finding() -> None:
    assert found([accepted(14), elsewhere()], misfits(5)) == ()


def test_a_share_as_high_as_elsewhere_is_no_finding() -> None:
    all_over = [a_misfit(requested=a_slot("2026-07-16T09:00", practitioner_id="prov_b")) for _ in range(100)]
    (finding,) = found([accepted(20), elsewhere()], [*misfits(10), *all_over])
    assert (finding.weekday, finding.hour, finding.practitioner_id) == (None, None, None)
    assert (finding.misfits, finding.requests) == (110, 220)


def test_a_share_below_twice_that_of_elsewhere_is_no_finding() -> None:
    """Both shares are hardly above the floor: what is common everywhere is no finding of a segment."""
    thursday = a_slot("2026-07-16T09:00", practitioner_id="prov_b")
    some_misfits = misfits(30) + [a_misfit(requested=thursday) for _ in range(136)]
    assert found([accepted(80), elsewhere(800)], some_misfits) == ()


def test_a_request_counts_in_one_finding_only() -> None:
    both = misfits(20) + misfits(19, cause=Cause.TOO_SHORT, booked_minutes=60)
    results = found([accepted(40), elsewhere(300)], both)
    ids = [request_id for finding in results for request_id in finding.request_ids]
    assert {finding.cause for finding in results} == {Cause.SLOT_TAKEN, Cause.TOO_SHORT}
    assert len(ids) == len(set(ids)) == 39


def test_a_cause_of_a_service_is_one_finding_and_not_one_per_hour() -> None:
    tallies, some_misfits = [elsewhere()], []
    for weekday, day in enumerate(("13", "14", "15", "16", "17"), start=1):
        slot = a_slot(f"2026-07-{day}T10:00", 30, service_id="svc_implant")
        tallies.append(accepted(10, weekday=weekday, hour=10, practitioner_id="", service_id="svc_implant"))
        some_misfits += misfits(9, requested=slot, cause=Cause.TOO_SHORT, booked_minutes=90, moved_minutes=0)
    (finding,) = found(tallies, some_misfits)
    assert (finding.service_id, finding.weekday, finding.misfits, finding.requests) == ("svc_implant", None, 45, 50)
    assert (finding.fix.code, finding.fix.minutes) == (FixCode.SET_DURATION, 90)


def test_a_finding_lists_the_other_causes_in_its_segment() -> None:
    (finding,) = found([accepted(12), elsewhere()], misfits(8) + misfits(2, cause=Cause.UNEXPLAINED))
    assert finding.causes == {Cause.SLOT_TAKEN: 8, Cause.UNEXPLAINED: 2}


def test_an_undone_misfit_does_not_count() -> None:
    results = detect_findings([accepted(9), elsewhere()], misfits(4) + misfits(9, cause=None), ())
    assert (results.misfits, results.items) == (4, ())


def test_duplicates_and_spam_do_not_count_as_requests() -> None:
    noise = {"status_rejected": 6, "reason_spam": 4, "reason_duplicate": 2, "status_pending": 3}
    noisy = accepted(9)._replace(counts={"status_accepted": 9, **noise})
    assert found([noisy, elsewhere()], misfits(7))[0].requests == 9


def test_a_finding_has_the_same_id_over_other_days() -> None:
    (one,) = found([accepted(9), elsewhere()], misfits(7))
    (other,) = found([accepted(60), elsewhere(900)], misfits(50))
    assert one.id == other.id


def test_a_handled_finding_is_not_shown_again() -> None:
    some_misfits, tallies = misfits(7), [accepted(9), elsewhere()]
    (finding,) = found(tallies, some_misfits)
    assert found(tallies, some_misfits, [handled_mark(finding)]) == ()


def test_a_handled_finding_stays_hidden_while_new_misfits_are_too_few() -> None:
    tallies = [accepted(9), accepted(9, DAY + timedelta(days=7)), elsewhere()]
    (finding,) = found([accepted(9), elsewhere()], misfits(7))
    since = misfits(4, day=DAY + timedelta(days=7))
    assert found(tallies, misfits(7) + since, [handled_mark(finding)]) == ()


def test_a_handled_finding_returns_with_new_misfits_only() -> None:
    tallies = [accepted(9), accepted(9, DAY + timedelta(days=7)), elsewhere()]
    (finding,) = found([accepted(9), elsewhere()], misfits(7))
    since = misfits(8, day=DAY + timedelta(days=7))
    (again,) = found(tallies, misfits(7) + since, [handled_mark(finding)])
    assert (again.id, again.misfits, again.requests) == (finding.id, 8, 9)


def test_handled_misfits_do_not_count_in_a_wider_finding() -> None:
    other_hour = a_slot("2026-07-14T16:00", 30, practitioner_id="prov_a")
    tallies = [accepted(9), accepted(9, hour=16), elsewhere()]
    (finding,) = found([accepted(9), elsewhere()], misfits(7))
    assert found(tallies, misfits(7) + misfits(4, requested=other_hour), [handled_mark(finding)]) == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"cause": Cause.OUTSIDE_HOURS}, FixCode.FIX_HOURS),
        ({"cause": Cause.CHAIR_IMPOSSIBLE}, FixCode.FIX_HOURS),
        ({"cause": Cause.STALE_DATA}, FixCode.CHECK_AGENT),
        ({"cause": Cause.SHORT_LEAD, "lead_minutes": 130}, FixCode.RAISE_LEAD_TIME),
        ({"cause": Cause.UNEXPLAINED}, FixCode.BLOCK_TIME),
        ({"cause": Cause.UNEXPLAINED, "instead": Instead.REJECTED, "moved_minutes": None}, FixCode.ASK_FRONT_DESK),
    ],
)
def test_each_cause_has_its_recommended_fix(fields: dict[str, Any], code: FixCode) -> None:
    assert found([accepted(9), elsewhere()], misfits(7, **fields))[0].fix.code is code


def test_a_short_lead_recommends_notice_rounded_up_to_an_hour() -> None:
    (finding,) = found([accepted(9), elsewhere()], misfits(7, cause=Cause.SHORT_LEAD, lead_minutes=130))
    assert finding.fix.minutes == 180


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), st.floats(0.5, 5))
def test_the_wilson_interval_contains_the_share_and_stays_within_0_and_1(counts: tuple[int, int], z: float) -> None:
    part, whole = counts
    low, high = wilson(part, whole, z)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


@given(st.integers(1, 500).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))), st.floats(0.5, 5))
def test_the_wilson_bounds_are_z_standard_errors_from_the_share(counts: tuple[int, int], z: float) -> None:
    part, whole = counts
    for end in wilson(part, whole, z):
        if 1e-9 < end < 1 - 1e-9:
            assert isclose((part / whole - end) ** 2, z * z * end * (1 - end) / whole, rel_tol=1e-6, abs_tol=1e-12)


@given(st.integers(1, 200), st.integers(1, 200))
def test_more_data_narrows_the_wilson_interval(part: int, more: int) -> None:
    z = NormalDist().inv_cdf(0.975)
    few, many = wilson(part, 2 * part, z), wilson(part + more, 2 * (part + more), z)
    assert few[0] < many[0] < many[1] < few[1]
