"""Write-back with the reference agent and the simulated PMS."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.actors import FrontDesk, Json, Patient, eventually, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e

WEEK = 40
"""Weeks after the other tests, so that no appointment is in the way."""


def _start(week: int, clock: str = "15:00:00") -> str:
    return f"{next_15_july() + timedelta(weeks=WEEK + week)}T{clock}"


def _accepted(stage: Stage, start: str, **body: Any) -> tuple[FrontDesk, Patient, Json]:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    seat = {"practitioner_id": practice["practitioners"][0]["id"], "chair_id": practice["chairs"][0]["id"]}
    asked = patient.submit(start, **seat)
    answer = desk.decide("accept", asked["id"], {"notify": False, **body})
    assert answer.status_code == 200, answer.text
    return desk, patient, answer.json()


def _settled(desk: FrontDesk, request_id: str) -> Json:
    """The request when its write has an outcome."""

    def settled() -> Json | None:
        request = desk.request(request_id)
        return request if request["pms_write"] not in ("queued", "not_required") else None

    return eventually(settled, "the write's outcome", timeout_seconds=60)


def _in_pms(stage: Stage, patient: Patient) -> list[Json]:
    """The patient's appointments in the PMS."""
    return [
        entry for entry in stage.pms(stage.harbour) if entry["patient"]["last_name"] == patient.details["last_name"]
    ]


def test_an_accepted_request_becomes_one_appointment_in_the_pms(stage: Stage) -> None:
    desk, patient, accepted = _accepted(stage, _start(0))
    assert accepted["pms_write"] == "queued"

    written = _settled(desk, accepted["id"])

    assert (written["pms_write"], written["attention"]) == ("complete", None)
    assert (written["appointment_id"], written["revision"]) == (accepted["appointment_id"], accepted["revision"])
    (entry,) = _in_pms(stage, patient)
    assert (entry["start"], entry["operatory"], entry["status"]) == (
        _start(0), accepted["accepted"]["chair_id"], "booked",
    )  # fmt: skip

    # Somebody moves it in the PMS: it is the same appointment, and the request follows.
    stage.enter_in_pms(stage.harbour, id=entry["id"], start=_start(0, "16:00:00"))
    moved = eventually(
        lambda: (now := desk.request(accepted["id"]))["accepted"]["start"].startswith(_start(0, "16:00")) and now,
        "the move",
    )
    assert moved["appointment_id"] == accepted["appointment_id"]
    day = desk.get("/schedule", date=_start(0)[:10]).json()
    (chair,) = (one for one in day["chairs"] if one["id"] == accepted["accepted"]["chair_id"])
    assert [busy["appointment_id"] for busy in chair["busy"]] == [accepted["appointment_id"]]


def test_a_refused_write_asks_for_attention_with_its_reason(stage: Stage) -> None:
    """The front desk overrides a conflict with an appointment in the PMS, and the PMS refuses the write."""
    practice, start = stage.harbour, _start(1)
    chair = practice["chairs"][0]["id"]
    stage.enter_in_pms(
        practice, patient={"first_name": "Walk", "last_name": "In"}, start=start, minutes=60, operatory=chair
    )
    desk = stage.front_desk(practice)
    eventually(lambda: _busy(desk, start[:10], chair), "the PMS's own appointment")
    desk, patient, accepted = _accepted(stage, start, override={"reason": "they are quick"})

    given_back = _settled(desk, accepted["id"])

    assert (given_back["status"], given_back["pms_write"]) == ("accepted", "failed")
    assert given_back["attention"] == "write_failed"
    assert given_back["pms_write_reason"] == f"{chair} is taken at 15:00 on that day"
    listed = desk.get("/requests", attention="true").json()["items"]
    assert accepted["id"] in [item["id"] for item in listed]
    assert desk.get(f"/requests/{accepted['id']}/history").json()["items"][-1]["action"] == "write_failed"
    assert _in_pms(stage, patient) == []


def test_reopening_cancels_the_appointment_in_the_pms(stage: Stage) -> None:
    desk, patient, accepted = _accepted(stage, _start(2))
    _settled(desk, accepted["id"])

    reopened = desk.decide("reopen", accepted["id"], revision=accepted["revision"])

    assert reopened.status_code == 200, reopened.text
    chair = accepted["accepted"]["chair_id"]
    eventually(
        lambda: [e["status"] for e in _in_pms(stage, patient)] == ["cancelled"], "the cancellation", timeout_seconds=60
    )
    assert not _busy(desk, _start(2)[:10], chair)
    assert desk.request(accepted["id"])["status"] == "pending"


def test_confirm_on_write_sends_the_email_after_the_pms_write(stage: Stage) -> None:
    practice = stage.harbour
    manager, chair = stage.manager(practice), practice["chairs"][0]["id"]
    stage.enter_in_pms(
        practice, patient={"first_name": "Walk", "last_name": "In"}, start=_start(4), minutes=60, operatory=chair
    )
    eventually(lambda: _busy(manager, _start(4)[:10], chair), "the PMS's own appointment")
    _confirms_when(manager, "written")
    try:
        desk, patient, accepted = _accepted(stage, _start(3), notify=True)
        _, disappointed, refused = _accepted(stage, _start(4), notify=True, override={"reason": "they are quick"})
        assert (accepted["mail"], refused["mail"]) == (None, None)

        assert _settled(desk, accepted["id"])["pms_write"] == "complete"
        assert _settled(desk, refused["id"])["pms_write"] == "failed"
        assert "3:00" in stage.only_email_to(patient.email)["text"]
        assert stage.emails_to(disappointed.email) == []
    finally:
        _confirms_when(manager, "decided")


def _confirms_when(manager: FrontDesk, when: str) -> None:
    manager.change_settings(confirm_when=when)
    time.sleep(1.5)  # the other functions cache a practice for a second here, for a minute on AWS


def _busy(desk: FrontDesk, day: str, chair_id: str) -> list[Json]:
    (chair,) = (one for one in desk.get("/schedule", date=day).json()["chairs"] if one["id"] == chair_id)
    busy: list[Json] = chair["busy"]
    return busy
