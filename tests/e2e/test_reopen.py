"""Story 4: no e-mail without notify, and reopening undoes a decision."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.actors import FrontDesk, eventually, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_no_email_is_sent_without_notify(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    asked = patient.submit(f"{next_15_july() + timedelta(days=7)}T15:00:00")
    assert desk.decide("accept", asked["id"], {"notify": False}).status_code == 200

    stage.sweep()
    later_patient = stage.patient(practice)
    other = later_patient.submit(f"{next_15_july() + timedelta(days=14)}T15:00:00")
    assert desk.decide("accept", other["id"], {"notify": True}).status_code == 200
    stage.only_email_to(later_patient.email)  # a later e-mail has arrived, so no earlier one is under way

    assert stage.emails_to(patient.email) == []


def test_reopening_undoes_a_rejection(stage: Stage) -> None:
    practice, source = stage.harbour, f"test-{uuid4().hex[:8]}"
    desk, manager = stage.front_desk(practice), stage.manager(practice)
    start = f"{next_15_july()}T15:00:00"
    kept = stage.patient(practice).submit(start, source=source)
    asked = stage.patient(practice).submit(f"{next_15_july()}T08:00:00", source=source)
    assert desk.decide("accept", kept["id"], {"notify": False}).status_code == 200
    before = _figures(manager, source)
    assert before["decided_conversion"] == 1.0

    rejected = desk.decide("reject", asked["id"], {"reason": "no_opening", "notify": False})
    assert rejected.json()["status"] == "rejected"
    assert _figures(manager, source)["decided_conversion"] == 0.5

    reopened = desk.decide("reopen", asked["id"], revision=2)
    assert reopened.status_code == 200, reopened.text
    assert (reopened.json()["status"], reopened.json()["decision"]) == ("pending", None)
    assert _figures(manager, source) == before


def test_reopening_an_acceptance_frees_the_time_and_sends_a_cancellation(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    start = f"{next_15_july() + timedelta(days=21)}T15:00:00"
    seat = {"practitioner_id": practice["practitioners"][0]["id"], "chair_id": practice["chairs"][0]["id"]}
    asked = patient.submit(start, **seat)
    assert desk.decide("accept", asked["id"], {"notify": True}).status_code == 200
    stage.only_email_to(patient.email)

    assert desk.decide("reopen", asked["id"], revision=2).json()["accepted"] is None

    cancellation = stage.emails_to(patient.email, count=2)[1]
    assert any("METHOD:CANCEL" in part["content"] for part in cancellation["attachments"])
    somebody_else = stage.patient(practice).submit(start, **seat)
    assert desk.request(somebody_else["id"])["fit"]["verdict"] == "fits"


@pytest.mark.parametrize(("part", "shown"), [("bounce", "failed"), ("ooto", "sent")])
def test_a_confirmation_that_bounced_is_cancelled_too(stage: Stage, part: str, shown: str) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice, part=part)
    asked = patient.submit(f"{next_15_july() + timedelta(days=28)}T15:00:00")
    assert desk.decide("accept", asked["id"], {"notify": True}).status_code == 200
    stage.only_email_to(patient.email)
    assert eventually(lambda: desk.request(asked["id"])["mail"] == shown, "what SES says of it")

    revision = desk.request(asked["id"])["revision"]  # a failed e-mail is an attention, and makes a new one
    assert desk.decide("reopen", asked["id"], revision=revision).status_code == 200
    assert "no longer confirmed" in stage.emails_to(patient.email, count=2)[1]["subject"]


def _figures(manager: FrontDesk, source: str) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    query = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1)), "group_by": "source"}
    groups = manager.get("/reports/online-scheduling", **query).json()["groups"]
    (figures,) = (group["figures"] for group in groups if group["key"] == source)
    return {name: value for name, value in figures.items() if name != "time_to_decision"}
