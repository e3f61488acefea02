"""Rechecking a watched request."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet
from bookings.domain.decisions.auto_link import INGEST_WINDOW, recheck_watch
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.watch import RECHECK_DELAY, watch
from bookings.domain.kernel.errors import MoveNotAllowed
from bookings.domain.matching.candidate_ranking import rank_candidates
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from tests.support.builders import NOW, a_patient, a_request, a_slot, a_stamp, an_appointment

DUE = NOW + RECHECK_DELAY
SECOND = timedelta(seconds=1)
UNSURE = a_patient(email=None, phone=None, date_of_birth=None)
"""The patient's name and nothing else, so that a match is uncertain."""


def watched_requests() -> Request:
    return watch(a_request(), Watching(notify=False), a_stamp()).request_after


def reported(at: datetime | None, **of: Any) -> Appointment:
    """An appointment of the patient that was first reported then."""
    return an_appointment(**{"made_at": at, **of})


def recheck(request: Request, *appointments: Appointment, at: datetime = DUE) -> ChangeSet:
    return recheck_watch(request, rank_candidates(request.patient, appointments), a_stamp("clock", at))


@pytest.mark.parametrize(
    ("at", "action"),
    [
        (NOW, "link"),
        (NOW - INGEST_WINDOW, "link"),
        (NOW - INGEST_WINDOW - SECOND, "look_again"),
        (None, "look_again"),
    ],
    ids=["in that second", "perhaps still in hand", "seen by the front desk", "from before we noted this"],
)
def test_only_an_appointment_newer_than_the_watch_is_linked(at: datetime | None, action: str) -> None:
    assert recheck(watched_requests(), reported(at)).action == action


@pytest.mark.parametrize(("at", "action"), [(NOW, "match_found"), (NOW - timedelta(hours=1), "look_again")])
def test_only_an_appointment_newer_than_the_watch_asks_for_attention(at: datetime, action: str) -> None:
    assert recheck(watched_requests(), reported(at, patient=UNSURE)).action == action


def test_an_older_certain_match_makes_a_new_one_ambiguous() -> None:
    older = reported(NOW - timedelta(days=1), slot=a_slot("2026-07-20T09:00"))
    assert recheck(watched_requests(), reported(NOW), older).action == "match_found"


def test_a_recheck_without_a_match_adds_no_revision() -> None:
    request = watched_requests()
    change = recheck(request)
    assert change.request
    assert not change.request.is_new_revision
    assert change.request_after == request.model_copy(update={"look_again_at": None})


def test_only_a_watched_request_that_is_due_is_rechecked() -> None:
    request = watched_requests()
    for early, at in ((request, DUE - SECOND), (recheck(request).request_after, DUE), (a_request(), DUE)):
        with pytest.raises(MoveNotAllowed):
            recheck(early, reported(NOW), at=at)
