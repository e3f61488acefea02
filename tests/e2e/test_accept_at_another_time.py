"""Story 1: a request is accepted at another time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import icalendar
import pytest

from tests.e2e.actors import FrontDesk, Patient, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_accepting_at_another_time_sends_a_confirmation(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    day, source = next_15_july(), f"test-{uuid4().hex[:8]}"
    person, chair, other_chair = (
        practice["practitioners"][0]["id"],
        practice["chairs"][0]["id"],
        practice["chairs"][1]["id"],
    )
    asked = patient.submit(f"{day}T15:00:00", practitioner_id=person, chair_id=chair, source=source)

    listed = desk.get("/requests", status="pending", source=source, **{"from": str(day), "to": str(day)}).json()
    assert [item["id"] for item in listed["items"]] == [asked["id"]]
    assert listed["items"][0]["fit"]["verdict"] == "fits"

    edits = {"start": f"{day}T14:30:00", "chair_id": other_chair, "notify": True}
    accepted = desk.decide("accept", asked["id"], edits)

    assert accepted.status_code == 200, accepted.text
    request = accepted.json()
    assert (request["status"], request["resolution"]) == ("accepted", "with_changes")
    assert request["requested"]["start"] == f"{day}T15:00:00-07:00"
    assert request["requested"]["chair_id"] == chair
    assert request["accepted"]["start"] == f"{day}T14:30:00-07:00"
    assert request["accepted"]["chair_id"] == other_chair
    assert accepted.headers["ETag"] == '"2"'
    _hears_of_it(stage, patient)
    _history_shows_before_and_after(desk, asked["id"])
    _counts_as_converted(stage.manager(practice), source)


def _hears_of_it(stage: Stage, patient: Patient) -> None:
    mail = stage.only_email_to(patient.email)
    assert "2:30" in mail["text"]
    assert "Vancouver" in mail["text"]
    assert "2:30" in mail["html"]
    (entry,) = (part for part in mail["attachments"] if part["filename"].endswith(".ics"))
    (event,) = icalendar.Calendar.from_ical(entry["content"]).walk("VEVENT")
    starts = event.decoded("DTSTART").astimezone(UTC)
    assert (starts.hour, starts.minute) == (21, 30)


def _history_shows_before_and_after(desk: FrontDesk, request_id: str) -> None:
    submit, accept = desk.get(f"/requests/{request_id}/history").json()["items"]
    assert (submit["action"], accept["action"]) == ("submit", "accept")
    assert accept["before"]["status"] == "pending"
    assert accept["after"]["status"] == "accepted"
    assert accept["by"].startswith("staff:")


def _counts_as_converted(manager: FrontDesk, source: str) -> None:
    today = datetime.now(UTC).date()
    query = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1)), "group_by": "source"}
    groups = manager.get("/reports/online-scheduling", **query).json()["groups"]
    (figures,) = (group["figures"] for group in groups if group["key"] == source)
    assert (figures["received"], figures["accepted"]) == (1, 1)
    assert figures["gross_conversion"] == figures["decided_conversion"] == 1.0
    assert figures["resolutions"]["with_changes"] == 1


def test_the_front_desk_may_not_read_the_report(stage: Stage) -> None:
    answer = stage.front_desk(stage.harbour).get(
        "/reports/online-scheduling", **{"from": "2026-01-01", "to": "2026-01-31"}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
