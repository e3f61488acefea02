"""A practice of its own for generated calls, so that they change nothing that other tests of the session read.

It has what each operation needs to get beyond "not found": requests in every status, an appointment in the PMS, a
finding and a scheduled report.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from pynamodb.connection import Connection

from bookings.domain.practice.agent import Agent as AgentKey
from bookings.domain.practice.practice import Practice
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.practice_repository import DynamoPracticeRepository
from bookings.storage.schema import Table
from local.aws_emulator import ACCOUNT, REGION
from local.demo_practices import HARBOUR
from tests.e2e.actors import Agent, FrontDesk, Json, Patient, appointment_event, eventually
from tests.e2e.conftest import Stack

PRACTICE = replace(
    HARBOUR,
    fields=HARBOUR.fields
    | {
        "id": "prac_generated_calls",
        "name": "Practice of generated calls",
        # Reports are enqueued once a morning for each zone; those of the demo practices' zones may be by now.
        "timezone": "America/Tijuana",
    },
    agent_id="agt_generated_calls",
)
SECRET = "whsec_Z2VuZXJhdGVkIGNhbGxzLCBubyByZWFsIHNlY3JldA=="

_WAIT_SECONDS = 60.0
_PASSWORD = "Generated-calls-1"
_PENDING = 20
_MISFITS, _FITS = 7, 2
"""Requests for one hour of the week that the PMS has something else in, and that it has not. They lead to a finding."""


@dataclass(frozen=True)
class PracticeUnderTest:
    """The practice's ids, by the name of the parameter or field that takes them."""

    manager_token: str
    ids: dict[str, list[str]]


def create_practice(stack: Stack) -> PracticeUnderTest:
    """Create the practice, its agent, its manager, and all that calls can find there."""
    _save_practice(stack)
    token = _sign_up_manager(stack)
    manager = FrontDesk(PRACTICE.id, stack.http, token)
    agent = Agent(PRACTICE.agent_id, SECRET, stack.http)
    agent.send_events(*PRACTICE.events())
    today = datetime.now(ZoneInfo(PRACTICE.fields["timezone"])).date()
    monday = today + timedelta(days=7 - today.weekday())
    starts = [datetime.combine(monday + timedelta(weeks=week), time(15)) for week in range(_MISFITS + _FITS)]
    appointments = [
        _appointment(start, Patient(PRACTICE.id, stack.http), f"A-{number}")
        for number, start in enumerate(starts[:_MISFITS])
    ]
    agent.send_events(*appointments)
    _make_finding(stack.http, manager, starts)
    requests = _make_requests(stack.http, manager, datetime.combine(monday + timedelta(days=1), time(9)))
    stack.http.post("/local/run/enqueue_due_reports").raise_for_status()
    eventually(lambda: manager.get("/reports").json()["items"], "a scheduled report", _WAIT_SECONDS)
    findings = eventually(lambda: manager.get("/findings").json()["items"], "a finding", _WAIT_SECONDS)
    days = [monday + timedelta(days=day) for day in (-90, -7, 0, 1, 7)]
    return PracticeUnderTest(
        token,
        ids={
            "practice_id": [PRACTICE.id],
            "agent_id": [PRACTICE.agent_id],
            "request_id": [each["id"] for each in requests],
            "manage_token": [each["manage_token"] for each in requests],
            "finding_id": [each["id"] for each in findings],
            "appointment_id": [event["data"]["id"] for event in appointments],
            "practitioner_id": [each.id for each in PRACTICE.practitioners],
            "chair_id": [chair_id for chair_id, _ in PRACTICE.chairs],
            "service_id": [service_id for service_id, _, _ in PRACTICE.services],
            "revision": [f'"{number}"' for number in (1, 2, 3)],
            "date": [day.isoformat() for day in days],
            "start": [f"{day}T{hour}:00:00-08:00" for day in days[2:] for hour in ("10", "14")],
        },
    )


def _save_practice(stack: Stack) -> None:
    """Write what no API creates: the practice itself and its agent's key."""
    connection = Connection(
        region=REGION,
        host=stack.state.emulator_url_file.read_text(),
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
    )
    table_name = stack.name_of("PracticesTable")
    practices = DynamoPracticeRepository(DynamoDb(connection, {Table.PRACTICES: table_name}), cache_seconds=0)
    practices.save(Practice(**PRACTICE.fields))
    practices.save_agent(AgentKey(id=PRACTICE.agent_id, practice_id=PRACTICE.id, secrets=(SECRET,)))


def _sign_up_manager(stack: Stack) -> str:
    """Create the manager's user and group; returns an ID token."""
    cognito: Any = stack.aws("cognito-idp")
    pool, client = stack.name_of("UserPool"), stack.name_of("UserPoolClient")
    user, group = "manager@generated-calls.example.com", f"{PRACTICE.id}:manager"
    attributes = [{"Name": "email", "Value": user}, {"Name": "name", "Value": "Morgan Tremblay"}]
    cognito.admin_create_user(UserPoolId=pool, Username=user, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=_PASSWORD, Permanent=True)
    cognito.create_group(UserPoolId=pool, GroupName=group)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=user, GroupName=group)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": _PASSWORD},
    )
    token: str = answer["AuthenticationResult"]["IdToken"]
    return token


def _appointment(start: datetime, patient: Patient, appointment_id: str) -> Json:
    return appointment_event(
        patient, start.isoformat(), id=appointment_id, practitioner_id="prov_chen", chair_id="chair_1"
    )


def _make_finding(http: httpx.Client, manager: FrontDesk, starts: list[datetime]) -> None:
    """Request the same hour of several weeks, and accept half an hour earlier where the practitioner is busy."""
    for number, start in enumerate(starts):
        patient = Patient(PRACTICE.id, http)
        request = patient.submit(start.isoformat(), duration_minutes=30, practitioner_id="prov_chen")
        accepted_start = start - timedelta(minutes=30) if number < _MISFITS else start
        body = {"start": accepted_start.isoformat(), "notify": False, "different_appointment": True}
        manager.decide("accept", request["id"], body).raise_for_status()


def _make_requests(http: httpx.Client, manager: FrontDesk, first: datetime) -> list[Json]:
    """Requests in every status. Most are pending, since many calls decide one."""
    requests = [
        Patient(PRACTICE.id, http).submit((first + timedelta(hours=number % 3, weeks=number // 3)).isoformat())
        for number in range(_PENDING + 10)
    ]
    for request in requests[_PENDING : _PENDING + 5]:
        manager.decide("accept", request["id"], {"notify": True}).raise_for_status()
    for request in requests[_PENDING + 5 : _PENDING + 8]:
        manager.decide("reject", request["id"], {"reason": "duplicate", "notify": False}).raise_for_status()
    manager.decide("watch", requests[-2]["id"], {"notify": False}).raise_for_status()
    path = f"/v1/public/requests/{requests[-1]['manage_token']}/withdraw"
    http.post(path, headers={"Idempotency-Key": uuid4().hex}).raise_for_status()
    return requests
