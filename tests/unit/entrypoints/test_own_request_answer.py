"""What the patient's answer holds: whoever has the link sees it."""

from bookings.entrypoints.answers.requests import to_own_request
from bookings.entrypoints.endpoint import to_json
from tests.support.builders import a_practice, a_request, a_slot


def test_the_patients_answer_holds_only_what_the_page_shows() -> None:
    slot = a_slot(practitioner_id="prov_a", chair_id="chr_a", service_id="svc_checkup")
    request = a_request(id="req_1", requested=slot, accepted=slot, note="I am afraid of needles")
    shown = {
        "start": "2026-07-15T15:00:00-07:00",
        "duration_minutes": 60,
        "service_id": "svc_checkup",
        "practitioner_id": "prov_a",
    }
    assert to_json(to_own_request(a_practice(id="prac_1", phone="+16045550100"), request)) == {
        "id": "req_1",
        "status": "pending",
        "requested": shown,
        "accepted": shown,
        "practice": {"id": "prac_1", "name": "Harbour Dental", "phone": "+16045550100"},
    }
