"""Tallies of requests."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.accept import accept
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.decision_change_set import add_decision_context
from bookings.domain.decisions.link import link
from bookings.domain.decisions.reopen import reopen
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.reporting.tally import COLUMNS, cohort, columns_of, tally_delta
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from tests.support.builders import (
    NOW,
    a_cohort,
    a_linking,
    a_practice,
    a_rejection,
    a_request,
    a_slot,
    a_stamp,
    an_acceptance,
    an_appointment,
)

PRACTICE = a_practice()


def accepted(request: Request, stamp: Stamp) -> ChangeSet:
    return accept(PRACTICE, request, request.requested, an_acceptance(), {}, stamp)


def linked(request: Request, stamp: Stamp) -> ChangeSet:
    appointment = an_appointment()
    return link(request, appointment, a_linking(appointment), stamp)


def rejected(request: Request, stamp: Stamp) -> ChangeSet:
    return reject(request, a_rejection(), stamp)


def withdrawn(request: Request, stamp: Stamp) -> ChangeSet:
    return withdraw(request, stamp)


Decide = Callable[[Request, Stamp], ChangeSet]
UNDOABLE: list[Decide] = [accepted, linked, rejected]


def totals(tally: dict[str, int]) -> tuple[int, int]:
    statuses = sum(count for column, count in tally.items() if column.startswith("status_"))
    return tally["received"], statuses


def test_a_new_request_is_received_and_pending() -> None:
    assert tally_delta(None, a_request()) == {"received": 1, "status_pending": 1}


@pytest.mark.parametrize("decision", UNDOABLE)
def test_a_decision_and_its_reopening_cancel_out(decision: Decide) -> None:
    request = a_request()
    change = decision(request, a_stamp())
    there = Counter(tally_delta(request, change.request_after))
    appointment: Appointment | None = change.appointment.after if change.appointment else None
    undone = reopen(change.request_after, appointment, a_stamp())
    back = Counter(tally_delta(change.request_after, undone.request_after))
    assert there, "some column changed"
    there.update(back)
    assert set(there.values()) == {0}


@given(st.lists(st.sampled_from([0, 1, 2, 3]), max_size=8))
def test_a_request_is_counted_once_after_any_decisions(story: list[int]) -> None:
    request = a_request()
    tally = Counter(tally_delta(None, request))
    appointment: Appointment | None = None
    for step in story:
        if request.status == "pending":
            change = [*UNDOABLE, withdrawn][step](request, a_stamp())
        elif request.status == "cancelled":
            break
        else:
            change = reopen(request, appointment, a_stamp())
        tally.update(tally_delta(request, change.request_after))
        request = change.request_after
        appointment = change.appointment.after if change.appointment else None
        assert totals(tally) == (1, 1)
        assert min(tally.values()) == 0 or min(tally.values()) == 1
        assert {column: n for column, n in tally.items() if n} == dict(columns_of(request))


@pytest.mark.parametrize(
    ("waited", "bucket"),
    [
        (timedelta(minutes=14, seconds=59), "within_15m"),
        (timedelta(minutes=15), "within_30m"),
        (timedelta(hours=1), "within_2h"),
        (timedelta(hours=4), "within_8h"),
        (timedelta(days=1), "within_2d"),
        (timedelta(days=3), "within_7d"),
        (timedelta(days=30), "longer"),
    ],
)
def test_the_time_to_decision_is_counted_in_a_bucket(waited: timedelta, bucket: str) -> None:
    request = a_request(requested=a_slot("2026-08-30T15:00"))
    decided = rejected(request, a_stamp(at=NOW + waited)).request_after
    assert columns_of(decided)[f"decided_{bucket}"] == 1


def test_a_withdrawal_is_not_counted_as_a_decision() -> None:
    after = withdrawn(a_request(), a_stamp()).request_after
    assert dict(columns_of(after)) == {"received": 1, "status_cancelled": 1}


def test_a_request_is_counted_on_the_practices_local_day() -> None:
    """06:30 UTC on 3 July is still 2 July in Vancouver."""
    request = a_request(received_at=datetime(2026, 7, 3, 6, 30, tzinfo=UTC))
    assert cohort(request) == a_cohort(date(2026, 7, 2))


def test_no_practitioner_and_no_service_are_counted_under_an_empty_id() -> None:
    request = a_request(requested=a_slot(), source="phone")
    assert cohort(request) == a_cohort(source="phone", practitioner_id="", service_id="")


def test_a_request_is_counted_at_its_requested_local_weekday_and_hour() -> None:
    """Sunday, 11 October 2026, 23:30 in Vancouver is Monday in UTC."""
    counted = cohort(a_request(requested=a_slot("2026-10-11T23:30", chair_id="chr_a")))
    assert (counted.weekday, counted.hour, counted.chair_id) == (7, 23, "chr_a")


@pytest.mark.parametrize(("says", "counted"), [(True, "new"), (False, "existing"), (None, "")])
def test_new_or_returning_is_what_the_patient_says(says: bool | None, counted: str) -> None:
    assert cohort(a_request(new_patient=says)).patient == counted


def test_every_column_of_a_request_is_declared() -> None:
    stood = an_appointment(status="fulfilled")
    changes = [
        rejected(a_request(), a_stamp()),
        link(a_request(), stood, a_linking(stood), a_stamp()),
        accepted(a_request(), a_stamp()),
        withdrawn(a_request(), a_stamp()),
    ]
    counted = {
        column for change in changes for column in columns_of(add_decision_context(change, PRACTICE).request_after)
    }
    assert counted <= COLUMNS
    assert {"decided_open_within_5m", "appointment_fulfilled", "reason_no_opening"} <= counted


def test_a_decision_never_changes_the_cohort() -> None:
    request = a_request()
    wanted = a_slot("2026-07-20T09:00", practitioner_id="prov_b", chair_id="chr_b")
    change = accept(PRACTICE, request, wanted, an_acceptance(), {}, a_stamp(at=NOW + timedelta(days=2)))
    assert cohort(change.request_after) == cohort(request)
