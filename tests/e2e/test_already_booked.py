"""Stories 2 and 3: the patient has an appointment already; a practice on Dentrix can only link."""

import pytest

from tests.e2e.actors import appointment_event, eventually, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_a_request_is_linked_to_the_patients_existing_appointment(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient, agent = stage.front_desk(practice), stage.patient(practice), stage.agent(practice)
    day = next_15_july()
    event = appointment_event(patient, f"{day}T09:00:00")
    assert agent.send_events(event) == {"accepted": 1, "ignored": 0, "rejected": []}
    asked, asked_again = patient.submit(f"{day}T15:00:00"), patient.submit(f"{day}T16:00:00")

    could_be = desk.decide("accept", asked["id"], {"notify": True})
    assert (could_be.status_code, could_be.json()["type"]) == (409, "possible-match")
    (match,) = could_be.json()["matches"]
    assert match["appointment"]["id"] == event["data"]["id"]
    assert desk.get(f"/requests/{asked['id']}/matches").json()["items"] == [match]

    linked = desk.decide("link", asked["id"], {"appointment_id": match["appointment"]["id"], "notify": True})
    assert linked.status_code == 200, linked.text
    assert (linked.json()["status"], linked.json()["resolution"]) == ("accepted", "linked")
    assert linked.json()["accepted"]["start"] == f"{day}T09:00:00-07:00"
    assert "9:00" in stage.only_email_to(patient.email)["text"]

    taken = desk.decide("link", asked_again["id"], {"appointment_id": match["appointment"]["id"], "notify": False})
    assert (taken.status_code, taken.json()["type"]) == (409, "appointment-taken")


def test_a_possible_match_can_be_declared_a_different_appointment(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    day = next_15_july()
    stage.agent(practice).send_events(appointment_event(patient, f"{day}T09:00:00"))
    asked = patient.submit(f"{day}T10:00:00")

    accepted = desk.decide("accept", asked["id"], {"notify": False, "different_appointment": True})

    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["resolution"] == "as_requested"


def test_a_linked_request_follows_its_appointment(stage: Stage) -> None:
    practice = stage.harbour
    desk, patient, agent = stage.front_desk(practice), stage.patient(practice), stage.agent(practice)
    day = next_15_july()
    agent.send_events(appointment_event(patient, f"{day}T09:00:00"))
    asked = patient.submit(f"{day}T15:00:00")
    link = {"appointment_id": f"A-{patient.name}", "notify": False}
    assert desk.decide("link", asked["id"], link).status_code == 200

    agent.send_events(appointment_event(patient, f"{day}T11:00:00", version=2))
    assert desk.request(asked["id"])["accepted"]["start"] == f"{day}T11:00:00-07:00"

    agent.send_events({"type": "appointment.deleted", "version": 3, "data": {"id": f"A-{patient.name}"}})
    assert desk.request(asked["id"])["appointment_status"] == "cancelled"


def test_a_practice_on_dentrix_can_only_link(stage: Stage) -> None:
    practice = stage.saint_laurent
    desk, patient = stage.front_desk(practice), stage.patient(practice)
    day = next_15_july()
    asked = patient.submit(f"{day}T15:00:00")

    refused = desk.decide("accept", asked["id"], {"notify": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "pms-cannot-create")

    stage.agent(practice).send_events(appointment_event(patient, f"{day}T14:30:00"))
    matches = eventually(lambda: desk.get(f"/requests/{asked['id']}/matches").json()["items"], "the match")
    linked = desk.decide("link", asked["id"], {"appointment_id": matches[0]["appointment"]["id"], "notify": True})
    assert linked.status_code == 200, linked.text
    mail = stage.only_email_to(patient.email)
    assert "14 h 30" in mail["text"].replace("\xa0", " ").replace("\u202f", " ")
