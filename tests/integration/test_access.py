"""Access: groups are practice and role; data of other practices are not found."""

from collections.abc import Mapping

import pytest

from tests.support.api_harness import ROUTES, ApiHarness
from tests.support.builders import an_http_event
from tests.support.scenarios import HARBOUR, JANES, SAINT_LAURENT, accepted, pending

PATH = {"practice_id": HARBOUR.id, "request_id": JANES.id, "manage_token": "x.y.z", "agent_id": "agt_x"}
BODY = '{"notify": false, "reason": "spam", "appointment_id": "A1"}'
QUERY = {"date": "2026-07-15", "from": "2026-07-01", "to": "2026-07-31"}

OF_STAFF = sorted(function for function, route in ROUTES.items() if not route.open)
OF_MANAGERS = ["list_reports", "read_conversion_report", "update_practice_settings"]


def test_every_staff_operation_is_behind_the_authorizer() -> None:
    assert {function for function in ROUTES if ROUTES[function].path.startswith("/practices/")} == set(OF_STAFF)


@pytest.mark.parametrize(
    "groups",
    [
        "",
        "prac_saint_laurent:manager",
        "[prac_saint_laurent:front_desk prac_saint_laurent:manager]",
        "prac_harbour",
        "prac_harbour:",
        "prac_harbour:owner",
        "prac_harbour:manager:",
        "xprac_harbour:manager",
        "prac_harbour_2:manager",
    ],
)
@pytest.mark.parametrize("function", OF_STAFF)
def test_staff_of_other_practices_get_practice_not_found(moto_api: ApiHarness, function: str, groups: str) -> None:
    pending(moto_api)
    before = moto_api.stored_items()
    event = an_http_event(path=PATH, headers={"If-Match": '"1"'}, body=BODY, query=QUERY, groups=groups)
    moto_api.invoke(function, event).assert_problem(404, "practice-not-found")
    assert moto_api.stored_items() == before


@pytest.mark.parametrize("function", OF_STAFF)
def test_without_verified_claims_the_practice_is_not_found(moto_api: ApiHarness, function: str) -> None:
    event = an_http_event(path=PATH, headers={"If-Match": '"1"', "Authorization": "Bearer forged"}, query=QUERY)
    moto_api.invoke(function, event).assert_problem(404, "practice-not-found")


@pytest.mark.parametrize("function", OF_MANAGERS)
@pytest.mark.parametrize("groups", ["prac_harbour:front_desk", "prac_harbour:front_desk,prac_saint_laurent:manager"])
def test_the_front_desk_may_not_read_reports_or_change_settings(
    moto_api: ApiHarness, function: str, groups: str
) -> None:
    event = an_http_event(path=PATH, query=QUERY, groups=groups)
    moto_api.invoke(function, event).assert_problem(403, "forbidden")


@pytest.mark.parametrize(
    ("function", "path"),
    [("read_practice", {}), ("read_request", {"request_id": JANES.id}), ("read_history", {"request_id": JANES.id})],
)
def test_a_manager_may_do_what_the_front_desk_may(moto_api: ApiHarness, function: str, path: Mapping[str, str]) -> None:
    pending(moto_api)
    event = an_http_event(path={"practice_id": HARBOUR.id, **path}, groups="prac_harbour:manager")
    assert moto_api.invoke(function, event).status == 200


def test_one_user_may_work_at_two_practices(moto_api: ApiHarness) -> None:
    groups = "prac_harbour:front_desk,prac_saint_laurent:manager"
    for practice in (HARBOUR, SAINT_LAURENT):
        event = an_http_event(path={"practice_id": practice.id}, groups=groups)
        assert moto_api.invoke("read_practice", event).part("id") == practice.id


def test_the_patients_view_has_no_internal_fields(moto_api: ApiHarness) -> None:
    accepted(moto_api)
    token = f"{HARBOUR.id}.{JANES.id}.the-patients-own-secret"
    answer = moto_api.invoke("read_own_request", an_http_event(path={"manage_token": token}))
    assert set(answer.body) == {"id", "status", "requested", "accepted", "practice"}
    assert JANES.patient.email
    assert JANES.patient.email not in answer.text
    assert "staff:" not in answer.text
    assert "the-patients-own-secret" not in answer.text


def test_no_answer_contains_the_manage_digest(moto_api: ApiHarness) -> None:
    accepted(moto_api)
    path = {"practice_id": HARBOUR.id, "request_id": JANES.id}
    for function in ("read_request", "list_requests", "read_history"):
        answer = moto_api.invoke(function, an_http_event(path=path, groups="prac_harbour:manager"))
        assert answer.status == 200
        assert JANES.manage_digest not in answer.text


def test_the_public_practice_has_no_pms_data_and_no_hours_of_people(moto_api: ApiHarness) -> None:
    answer = moto_api.invoke("read_public_practice", an_http_event(path={"practice_id": HARBOUR.id}))
    assert set(answer.body) == {
        "id", "name", "timezone", "language", "phone", "address", "practitioners", "services",
    }  # fmt: skip
    assert set(answer.part("practitioners.0")) == {"id", "name"}
