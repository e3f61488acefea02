"""\"I'll do this later\": the request is linked when the PMS reports the appointment."""

import pytest

from tests.e2e.actors import appointment_event, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_a_watched_request_is_linked_by_the_event_that_brings_its_appointment(stage: Stage) -> None:
    practice = stage.saint_laurent
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    asked = patient.submit(f"{next_15_july()}T15:00:00")
    assert desk.decide("watch", asked["id"], {"notify": True}).json()["status"] == "pending"

    stage.agent(practice).send_events(appointment_event(patient, f"{next_15_july()}T16:00:00"))

    request = desk.request(asked["id"])
    assert (request["status"], request["resolution"]) == ("accepted", "auto_linked")
    assert "16:00" in request["accepted"]["start"]
    assert "16" in stage.only_email_to(patient.email)["text"]


def test_an_appointment_cancelled_in_the_pms_asks_for_attention(stage: Stage) -> None:
    practice = stage.saint_laurent
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    asked = patient.submit(f"{next_15_july()}T15:00:00")
    event = appointment_event(patient, f"{next_15_july()}T11:00:00")
    stage.agent(practice).send_events(event)
    assert desk.decide("link", asked["id"], {"appointment_id": event["data"]["id"], "notify": False}).status_code == 200

    stage.agent(practice).send_events(
        {"type": "appointment.deleted", "version": 2, "data": {"id": event["data"]["id"]}}
    )

    listed = desk.get("/requests", attention="true").json()["items"]
    (found,) = [request for request in listed if request["id"] == asked["id"]]
    assert (found["attention"], found["appointment_status"]) == ("cancelled_in_pms", "cancelled")
    assert desk.decide("dismiss", asked["id"], revision=found["revision"]).json()["attention"] is None
