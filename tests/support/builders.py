"""Builders of valid entities and commands; tests set only the fields that matter.

The practice is in Vancouver, open on weekdays from 8 to 17, with two chairs and two practitioners; it is NOW.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any, Literal, TypeVar

from bookings.domain.change_set import ChangeSet, CommandContext, new_history_entry
from bookings.domain.decisions.commands import Acceptance, Linking, Rejection, Submission
from bookings.domain.insights.detect_findings import detect_findings
from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import Cause, Instead, Misfit
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.wall_time import get_zone, to_local
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.business_hours import Closure, Hours, OpenHours
from bookings.domain.practice.practice import Capabilities, Chair, Pms, Practice, Practitioner, SectionKind, Service
from bookings.domain.reporting.tally import Cohort, Tally
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import RejectionReason, Request
from bookings.domain.scheduling.day_sheet import DaySheet, Resource, SheetKey, busy_times
from bookings.domain.scheduling.slot import Slot

NOW = datetime(2026, 7, 1, 17, tzinfo=UTC)
"""A Wednesday, 10 o'clock in Vancouver."""

COLLEAGUE = "Robin Fraser"
"""The name in the verified claims of staff."""

VANCOUVER = get_zone("America/Vancouver")
TORONTO = get_zone("America/Toronto")
A_LARGE_LIMIT = 5_000
"""Requests of an hour, where a test is not about the limit."""

WEEKDAYS = (1, 2, 3, 4, 5)
SECRET = "whsec_" + base64.b64encode(b"one of the agent's two secrets").decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"the other, while they rotate!!").decode()

_Model = TypeVar("_Model", bound=Entity)
_numbers = count(0x100)
"""Above the numbers of the fixed ids in sample events."""


def a_time(wall: str = "2026-07-15T15:00", timezone: str = "America/Vancouver") -> datetime:
    """The wall time in that zone; an offset in the text selects one of two equal times."""
    return to_local(datetime.fromisoformat(wall), get_zone(timezone), "start")


def a_slot(
    start: str = "2026-07-15T15:00",
    minutes: int = 60,
    *,
    practitioner_id: str | None = None,
    chair_id: str | None = None,
    service_id: str | None = None,
    timezone: str = "America/Vancouver",
) -> Slot:
    return Slot(
        start=a_time(start, timezone),
        duration_minutes=minutes,
        practitioner_id=practitioner_id,
        chair_id=chair_id,
        service_id=service_id,
    )


def a_patient(**fields: Any) -> Patient:
    known = {
        "first_name": "Jane",
        "last_name": "Doe",
        "email": "jane@example.com",
        "phone": "+16045550123",
        "date_of_birth": date(1990, 4, 2),
    }
    return _made(Patient, known, fields)


def a_stranger(name: str = "Sam") -> Patient:
    """A patient who shares nothing with `a_patient`."""
    return a_patient(
        first_name=name,
        last_name="Strange",
        email=f"{name.lower()}@elsewhere.example",
        phone="+16045550199",
        date_of_birth=date(1971, 1, 9),
    )


def open_hours(
    start: str = "08:00", end: str = "17:00", days: Iterable[int] = WEEKDAYS, chair_id: str | None = None
) -> tuple[OpenHours, ...]:
    begin, finish = time.fromisoformat(start), time.fromisoformat(end)
    return tuple(OpenHours(weekday=day, start=begin, end=finish, chair_id=chair_id) for day in days)


def hours(*weekly: OpenHours, closures: Iterable[tuple[str, str]] = ()) -> Hours:
    closed = (Closure(start=a_time(start), end=a_time(end)) for start, end in closures)
    return Hours(weekly=weekly or open_hours(), closures=tuple(closed))


def a_chair(chair_id: str = "chr_a", **fields: Any) -> Chair:
    return _made(Chair, {"id": chair_id, "name": f"Chair {chair_id}"}, fields)


def a_practitioner(practitioner_id: str = "prov_a", **fields: Any) -> Practitioner:
    return _made(Practitioner, {"id": practitioner_id, "name": f"Dr {practitioner_id}"}, fields)


def a_service(service_id: str = "svc_checkup", **fields: Any) -> Service:
    return _made(Service, {"id": service_id, "name": "Check-up", "duration_minutes": 60}, fields)


def a_pms(*, create: bool = True, **fields: Any) -> Pms:
    return _made(Pms, {"kind": "open_dental", "capabilities": Capabilities(create=create)}, fields)


def a_practice(**fields: Any) -> Practice:
    known = {
        "id": f"prac_{next(_numbers):04}",
        "name": "Harbour Dental",
        "timezone": "America/Vancouver",
        "country": "CA",
        "language": "en",
        "email_undo_seconds": 0,
        "pms": a_pms(),
        "hours": hours(),
        "chairs": (a_chair("chr_a"), a_chair("chr_b")),
        "practitioners": (a_practitioner("prov_a"), a_practitioner("prov_b")),
        "services": (a_service("svc_checkup"), a_service("svc_cleaning", duration_minutes=30)),
    }
    return _made(Practice, known, fields)


def sections_of(practice: Practice) -> list[tuple[SectionKind, str, Entity]]:
    """The practice's sections as its PMS would send them."""
    sections: list[tuple[SectionKind, str, Entity]] = [("hours", practice.id, practice.hours)] if practice.hours else []
    sections += [("practitioner", person.id, person) for person in practice.practitioners]
    sections += [("chair", chair.id, chair) for chair in practice.chairs]
    sections += [("service", service.id, service) for service in practice.services]
    sections += [("hours", person.id, person.hours) for person in practice.practitioners if person.hours]
    sections += [("hours", chair.id, chair.hours) for chair in practice.chairs if chair.hours]
    return sections


def an_agent(practice: Practice, *secrets: str) -> Agent:
    return Agent(id=f"agt_{practice.id}", practice_id=practice.id, secrets=secrets or (SECRET,))


def a_request(**fields: Any) -> Request:
    received_at = fields.get("received_at", NOW)
    known = {
        "id": f"req_{int(received_at.timestamp() * 1000):012x}{next(_numbers):016x}",
        "practice_id": "prac_1",
        "received_at": received_at,
        "source": "website",
        "patient": a_patient(),
        "requested": a_slot(practitioner_id="prov_a", service_id="svc_checkup"),
        "manage_digest": "0" * 64,
    }
    return _made(Request, known, fields)


def a_cohort(day: date = date(2026, 7, 1), **fields: Any) -> Cohort:
    """The cohort of `a_request`."""
    known = Cohort(day, "website", "prov_a", "svc_checkup", "", weekday=3, hour=15, patient="")
    return known._replace(**fields)


def an_appointment(**fields: Any) -> Appointment:
    """An appointment that the PMS has reported."""
    known = {
        "id": f"A{next(_numbers)}",
        "practice_id": "prac_1",
        "patient": a_patient(),
        "slot": a_slot("2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_b"),
        "status": AppointmentStatus.BOOKED,
        "origin": "pms",
        "version": 1,
    }
    return _made(Appointment, known, fields)


def sheets_with(*appointments: Appointment, since: datetime | None = None) -> dict[SheetKey, DaySheet]:
    """The day sheets of these appointments, busy since this moment if it is given."""
    sheets: dict[SheetKey, DaySheet] = {}
    for one in appointments:
        for key, busy in busy_times(one.busy_slots, since).items():
            known = sheets.get(key, DaySheet(key))
            sheets[key] = DaySheet(key, known.version + 1, {**known.busy, one.id: busy})
    return sheets


def sheet_key(day: str, kind: Literal["chair", "practitioner"], resource_id: str) -> SheetKey:
    return SheetKey(date.fromisoformat(day), Resource(kind, resource_id))


def a_step(request: Request, change: ChangeSet) -> HistoryEntry:
    """The history entry of a change of the request."""
    assert change.request
    assert change.request.after.id == request.id
    return new_history_entry(change, change.request)


def a_misfit(**fields: Any) -> Misfit:
    """A request received NOW that was moved half an hour earlier because its slot was taken."""
    known = {
        "practice_id": "prac_1",
        "request_id": f"req_{next(_numbers):028x}",
        "revision": 2,
        "day": date(2026, 7, 1),
        "received_at": NOW,
        "decided_at": NOW,
        "requested": a_slot(practitioner_id="prov_a", service_id="svc_checkup"),
        "cause": Cause.SLOT_TAKEN,
        "causes": (Cause.SLOT_TAKEN,),
        "instead": Instead.MOVED,
        "moved_minutes": -30,
        "booked_minutes": 60,
        "lead_minutes": 5000,
    }
    return _made(Misfit, known, fields)


def an_email(request: Request, **fields: Any) -> Email:
    known = {
        "outbox_id": f"mail_{next(_numbers):04}",
        "practice_id": request.practice_id,
        "request_id": request.id,
        "revision": request.revision,
        "kind": EmailKind.CONFIRMATION,
        "correlation_id": "corr_1",
        "due_at": NOW,
    }
    return _made(Email, known, fields)


def a_stamp(by: str = "staff:u1", at: datetime = NOW, by_name: str | None = None) -> Stamp:
    return Stamp(by=by, at=at, correlation_id="corr_1", by_name=by_name)


def an_idempotency_key(
    key: str | None = None, payload: bytes = b"{}", operation: str = "POST /accept"
) -> IdempotencyKey:
    """The idempotency key of a call; a new one unless a key is given."""
    return IdempotencyKey.of(
        principal="staff:u1", operation=operation, key=key or f"key_{next(_numbers)}", payload=payload
    )


def a_command_context(
    request: Request, *, revision: int | None = None, idempotency_key: IdempotencyKey | None = None, at: datetime = NOW
) -> CommandContext:
    """The context of a decision on this revision of the request."""
    allowed = {request.revision if revision is None else revision}
    return CommandContext(request.practice_id, request.id, allowed, idempotency_key, a_stamp(at=at))


def a_submission(**fields: Any) -> Submission:
    known = {
        "patient": {
            "first_name": "Jane",
            "last_name": "Doe",
            "email": "jane@example.com",
            "phone": "604-555-0123",
            "date_of_birth": "1990-04-02",
        },
        "requested": {"start": "2026-07-15T15:00:00", "practitioner_id": "prov_a", "service_id": "svc_checkup"},
    }
    return Submission.model_validate_json(json.dumps({**known, **fields}))


def an_acceptance(**fields: Any) -> Acceptance:
    return Acceptance.model_validate_json(json.dumps({"notify": False, **fields}))


def a_linking(appointment: Appointment, *, notify: bool = False) -> Linking:
    return Linking(appointment_id=appointment.id, notify=notify)


def a_rejection(reason: RejectionReason = RejectionReason.NO_OPENING, **fields: Any) -> Rejection:
    return Rejection(**{"reason": reason, "notify": False, **fields})


def an_event(kind: str = "appointment.upserted", version: int | str | None = 1, **data: Any) -> dict[str, Any]:
    """An event of the PMS. An appointment's has all required fields."""
    known: dict[str, Any] = {}
    if kind == "appointment.upserted":
        known = {
            "id": "A1",
            "patient": {"first_name": "Jane", "last_name": "Doe", "email": "JANE@example.com"},
            "start": "2026-07-16T09:00:00",
            "duration_minutes": 60,
            "practitioner_id": "prov_b",
            "chair_id": "chr_b",
        }
    event = {"type": kind, "data": {**known, **data}}
    return event if version is None else {**event, "version": version}


def completed(write: PmsWrite, pms_id: str | None = None) -> dict[str, Any]:
    """The event that a write is completed, with the PMS's id of a created appointment."""
    return an_event("write.completed", None, write_id=write.id, **({"appointment_id": pms_id} if pms_id else {}))


def failed(write: PmsWrite, reason: str = "Operatory 1 is blocked") -> dict[str, Any]:
    """The event that a write has failed."""
    return an_event("write.failed", None, write_id=write.id, reason=reason)


def signed(raw: bytes, at: datetime, *, secret: str = SECRET, webhook_id: str | None = None) -> dict[str, str]:
    """The Standard Webhooks headers of this body, made without the library that verifies them."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    webhook_id, stamp = webhook_id or f"msg_{next(_numbers)}", str(int(at.timestamp()))
    mac = hmac.new(key, f"{webhook_id}.{stamp}.".encode() + raw, hashlib.sha256).digest()
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def a_mark(practice_id: str, by: str = "staff:u1") -> FindingMark:
    """The mark of a handled finding with seven misfits."""
    misfits = [a_misfit(practice_id=practice_id) for _ in range(7)]
    (finding,) = detect_findings([Tally(a_cohort(), {"status_accepted": 9})], misfits, ()).items
    return FindingMark(practice_id=practice_id, finding_id=finding.id, day=NOW.date(), at=NOW, by=by, finding=finding)


def an_http_event(
    *,
    path: Mapping[str, str] | None = None,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    groups: str | Sequence[str] | None = None,
    token_use: str = "id",
    is_base64: bool = False,
    repeated: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> dict[str, Any]:
    """An event of API Gateway. `repeated` replaces what `multiValueHeaders` and its like have, by that name."""
    parameters = dict(path or {})
    named = {"sub": "u1", "name": COLLEAGUE, "token_use": token_use, "cognito:groups": groups}
    claims = {} if groups is None else named
    return {
        "httpMethod": "POST",
        "path": "/" + "/".join(parameters.values()),
        "pathParameters": parameters,
        "headers": dict(headers or {}),
        "multiValueHeaders": {name: [value] for name, value in (headers or {}).items()},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "body": body,
        "isBase64Encoded": is_base64,
        "requestContext": {"requestId": f"call-{next(_numbers)}", "authorizer": {"claims": claims}},
        **(repeated or {}),
    }


def _made(kind: type[_Model], known: Mapping[str, Any], fields: Mapping[str, Any]) -> _Model:
    unknown = fields.keys() - kind.model_fields.keys()
    if unknown:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{**known, **fields})
