"""The calls of the README with a Python client that a public generator made from docs/openapi.json.

Generate the client beside this file, and run it against `make run`:

    openapi-python-client generate --meta none --path docs/openapi.json --output-path chairlink_client
    python readme_calls.py http://127.0.0.1:8000
"""

import base64
import hmac
import sys
import time
from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from chairlink_client import AuthenticatedClient, Client
from chairlink_client.api.patients import read_own_request, submit_request, withdraw_request
from chairlink_client.api.pms_agents import receive_pms_events
from chairlink_client.api.staff import (
    accept_request,
    link_request,
    list_findings,
    list_reports,
    list_requests,
    read_conversion_report,
    read_history,
    read_request,
    reopen_request,
)
from chairlink_client.models import (
    Acceptance,
    AppointmentData,
    AppointmentUpserted,
    ConversionReport,
    EventBatch,
    EventBatchResult,
    HistoryStepList,
    Linking,
    ListedReportList,
    OwnRequest,
    PatientData,
    PatientDetails,
    PossibleMatchProblem,
    PracticeFindings,
    ReadConversionReportGroupBy,
    RequestedSlot,
    Resolution,
    StaffRequest,
    StaffRequestPage,
    Status,
    Submission,
    SubmittedRequest,
)
from chairlink_client.types import Response

PRACTICE = "prac_harbour_dental"
UNSIGNED = "v1,unsigned"
"""In place of the signature, which needs the bytes of the body: see WebhookSignature."""

_Answer = TypeVar("_Answer")


def main(url: str) -> None:
    """Make the calls in the order of the README, for another patient on another day."""
    today = datetime.now().astimezone().date()
    day = today + timedelta(days=7 * 31 + 2 - today.weekday())  # a Wednesday
    name = f"Q{uuid4().hex[:8]}"  # somebody new, so that the script can run again
    patient = PatientDetails(first_name="Mary", last_name=name, email=f"{name}@example.com")
    anybody = Client(base_url=f"{url}/v1")
    front_desk = AuthenticatedClient(base_url=f"{url}/v1", token=sign_in(url, "front_desk"))
    manager = AuthenticatedClient(base_url=f"{url}/v1", token=sign_in(url, "manager"))

    asked = ask_for_a_time(anybody, patient, at(day, 15))
    accept_and_reopen(front_desk, asked, day)
    read_reports(manager, today)
    report_appointment(url, patient, asked, at(day, 9))
    link(front_desk, asked)
    withdraw(anybody, ask_for_a_time(anybody, patient, at(day, 16)))


def ask_for_a_time(client: Client, patient: PatientDetails, start: str) -> SubmittedRequest:
    """The patient asks for a time, and reads the request."""
    wish = RequestedSlot(start=start, service_id="svc_cleaning", practitioner_id="prov_chen")
    submission = Submission(patient=patient, requested=wish)
    key = uuid4().hex  # a retry would send the same key
    submitted = submit_request.sync_detailed(PRACTICE, client=client, body=submission, idempotency_key=key)
    asked = expect(SubmittedRequest, submitted)
    own = expect(OwnRequest, read_own_request.sync_detailed(asked.manage_token, client=client))
    assert (own.status, own.accepted) == (Status.PENDING, None)
    return asked


def accept_and_reopen(client: AuthenticatedClient, asked: SubmittedRequest, day: date) -> None:
    """The front desk accepts half an hour earlier and in another chair, with an e-mail, and undoes it."""
    queue = list_requests.sync_detailed(PRACTICE, client=client, status="pending", from_=day, to=day)
    assert asked.id in [each.id for each in expect(StaffRequestPage, queue).items]
    acceptance = Acceptance(start=at(day, 14, 30), chair_id="chair_2", notify=True)
    etag = revision(client, asked)
    answer = accept_request.sync_detailed(PRACTICE, asked.id, client=client, body=acceptance, if_match=etag)
    accepted = expect(StaffRequest, answer)
    assert accepted.resolution is Resolution.WITH_CHANGES
    assert accepted.accepted is not None
    assert accepted.accepted.start.replace(tzinfo=None).isoformat() == at(day, 14, 30)
    history = expect(HistoryStepList, read_history.sync_detailed(PRACTICE, asked.id, client=client))
    assert {step.action for step in history.items} == {"submit", "accept"}
    etag = revision(client, asked)
    reopened = reopen_request.sync_detailed(PRACTICE, asked.id, client=client, if_match=etag)
    assert expect(StaffRequest, reopened).status is Status.PENDING


def read_reports(client: AuthenticatedClient, today: date) -> None:
    """The manager reads the report, the scheduled reports, and why requests do not fit."""
    month_ago, by = today - timedelta(days=30), ReadConversionReportGroupBy.SOURCE
    report = read_conversion_report.sync_detailed(PRACTICE, client=client, from_=month_ago, to=today, group_by=by)
    assert expect(ConversionReport, report).totals.received >= 1
    expect(ListedReportList, list_reports.sync_detailed(PRACTICE, client=client))
    expect(PracticeFindings, list_findings.sync_detailed(PRACTICE, client=client))


def report_appointment(url: str, patient: PatientDetails, asked: SubmittedRequest, start: str) -> None:
    """The practice's agent reports that the patient has an appointment."""
    agent_id, secret = agent_of_practice(url)
    agent = AuthenticatedClient(
        base_url=f"{url}/v1",
        token=UNSIGNED,
        prefix="",
        auth_header_name="webhook-signature",
        httpx_args={"auth": WebhookSignature(secret)},
    )
    known_patient = PatientData(first_name=patient.first_name, last_name=patient.last_name, email=patient.email)
    data = AppointmentData(id=f"A-{asked.id}", patient=known_patient, start=start, duration_minutes=60)
    told = receive_pms_events.sync_detailed(
        agent_id,
        client=agent,
        body=EventBatch(events=[AppointmentUpserted(type_="appointment.upserted", version=1, data=data)]),
        webhook_id=f"msg_{uuid4().hex}",
        webhook_timestamp=str(int(time.time())),
        webhook_signature=UNSIGNED,
    )
    assert expect(EventBatchResult, told).accepted == 1


def link(client: AuthenticatedClient, asked: SubmittedRequest) -> None:
    """Accepting asks whether it is the same appointment; the front desk links it."""
    etag = revision(client, asked)
    body = Acceptance(notify=True)
    answer = accept_request.sync_detailed(PRACTICE, asked.id, client=client, body=body, if_match=etag)
    (match, *_) = expect(PossibleMatchProblem, answer).matches
    linking = Linking(appointment_id=match.appointment.id, notify=True)
    linked = link_request.sync_detailed(PRACTICE, asked.id, client=client, body=linking, if_match=etag)
    assert expect(StaffRequest, linked).resolution is Resolution.LINKED


def withdraw(client: Client, asked: SubmittedRequest) -> None:
    """The patient withdraws the request."""
    withdrawn = withdraw_request.sync_detailed(asked.manage_token, client=client)
    assert expect(OwnRequest, withdrawn).status is Status.CANCELLED


def revision(client: AuthenticatedClient, asked: SubmittedRequest) -> str:
    """The request's current revision, for `If-Match`."""
    read = read_request.sync_detailed(PRACTICE, asked.id, client=client)
    expect(StaffRequest, read)
    etag: str = read.headers["etag"]
    return etag


def expect(kind: type[_Answer], response: Response[Any]) -> _Answer:
    """The answer, if it is of that kind."""
    if not isinstance(response.parsed, kind):
        raise SystemExit(f"{response.status_code} instead of {kind.__name__}: {response.content.decode()}")
    return response.parsed


def at(day: date, hour: int, minute: int = 0) -> str:
    """A time without an offset, which is the practice's own."""
    return f"{day}T{hour:02}:{minute:02}:00"


def sign_in(url: str, role: str) -> str:
    """A token of the demo's user; in AWS Cognito gives it."""
    answer = httpx.post(f"{url}/local/token", json={"practice_id": PRACTICE, "role": role})
    token: str = answer.raise_for_status().json()["token"]
    return token


def agent_of_practice(url: str) -> tuple[str, str]:
    """Id and secret of the practice's agent."""
    practices = httpx.get(f"{url}/local/practices").raise_for_status().json()
    (practice,) = (each for each in practices if each["practice_id"] == PRACTICE)
    return practice["agent_id"], practice["agent_secret"]


class WebhookSignature(httpx.Auth):
    """Signs each call of an agent as Standard Webhooks specifies: id, timestamp and the bytes of the body."""

    requires_request_body = True

    def __init__(self, secret: str) -> None:
        self._key = base64.b64decode(secret.removeprefix("whsec_"))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Set the signature."""
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.content
        signature = base64.b64encode(hmac.digest(self._key, signed, "sha256")).decode()
        request.headers["webhook-signature"] = f"v1,{signature}"
        yield request


if __name__ == "__main__":
    main(sys.argv[1])
