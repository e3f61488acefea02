"""The response bodies: domain objects as JSON values, without what callers must not see (docs/api.md)."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bookings.domain.matching.match import Match
from bookings.domain.outbox.pms_write import PmsWrite, create_write_id
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, Contradiction
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.conflicts import Fit, Obstacle
from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.domain.scheduling.slot import Slot

if TYPE_CHECKING:  # at run time, only the functions that answer with these import them
    from bookings.domain.reporting.scheduled_report import ScheduledReport
    from bookings.use_cases.read_schedule import ScheduleDay
    from bookings.use_cases.receive_pms_events import BatchResult

_INTERNAL_FIELDS = {"look_again_at", "manage_digest", "outbox_id", "pms_synced_at"}


def render(value: object) -> Any:  # noqa: C901  # one case per type
    """The value as JSON values, also nested ones."""
    match value:
        case Appointment():
            return appointment_response(value)
        case Match():
            return match_response(value)
        case Request():
            return request_response(value, None)
        case Obstacle():
            return value.model_dump(mode="json", exclude_none=True)
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {key: render(element) for key, element in value.items()}
        case list() | tuple():
            return [render(element) for element in value]
        case Enum():
            return value.value
        case _:
            return value


def request_response(request: Request, fit: Fit | None) -> dict[str, Any]:
    """A request as staff see it. Only an undecided request has a `fit`."""
    fields = request.model_dump(mode="json", exclude=_INTERNAL_FIELDS)
    return fields | {"fit": fit and _fit_response(fit)}


def _fit_response(fit: Fit) -> dict[str, Any]:
    return {**fit.model_dump(mode="json"), "reasons": render(fit.reasons)}


def own_request_response(practice: Practice, request: Request) -> dict[str, Any]:
    """A request as its patient sees it, without the practice's notes and decision."""
    fields = request.model_dump(
        mode="json", include={"id", "status", "received_at", "requested", "accepted", "patient"}
    )
    return fields | {"practice": {"id": practice.id, "name": practice.name, "phone": practice.phone}}


def appointment_response(appointment: Appointment) -> dict[str, Any]:
    """An appointment, with the fields that it has in PMS events."""
    slot = appointment.slot.model_dump(mode="json") if appointment.slot else {}
    fields = appointment.model_dump(mode="json", include={"id", "patient", "status", "origin", "request_id"})
    contradiction = appointment.contradiction and _contradiction_response(appointment.contradiction)
    return fields | slot | {"contradiction": contradiction}


def _contradiction_response(contradiction: Contradiction) -> dict[str, Any]:
    slot = contradiction.slot.model_dump(mode="json") if contradiction.slot else {}
    return contradiction.model_dump(mode="json", exclude={"slot"}) | slot


def leased_write_response(write: PmsWrite, appointment: Appointment) -> dict[str, Any]:
    """A PMS write for the agent. The appointment has the fields of a PMS event, and the PMS's own id if we know it.

    The appointment's `write_id` identifies the create that it comes from. It is the same in every answer.
    """
    slot = appointment.slot.model_dump(mode="json") if appointment.slot else dict.fromkeys(Slot.model_fields)
    fields = appointment.model_dump(mode="json", include={"patient"}) | slot
    fields |= {"id": appointment.pms_id or appointment.id, "write_id": create_write_id(appointment.id)}
    fields["status"] = "cancelled" if write.kind == "cancel" else appointment.status.value
    return {"write_id": write.id, "kind": write.kind, "appointment": fields}


def match_response(match: Match) -> dict[str, Any]:
    """A possible match, with the reasons for it."""
    return match.model_dump(mode="json", exclude={"appointment"}) | {
        "appointment": appointment_response(match.appointment)
    }


def practice_response(practice: Practice, now: datetime) -> dict[str, Any]:
    """A practice as its staff see it. `lag_seconds` is the time since the agent last sent anything."""
    fields = practice.model_dump(mode="json")
    pms = fields.pop("pms")
    del pms["agents"]
    freshness = {
        "synced_at": pms.pop("synced_at"),
        "limit_minutes": pms.pop("freshness_limit_minutes"),
        "is_stale": practice.is_stale(now),
        "agents": [
            {
                **agent.model_dump(mode="json", exclude={"heard_at"}),
                "lag_seconds": int((now - agent.heard_at).total_seconds()),
            }
            for agent in practice.pms.agents
        ],
    }
    return fields | {"pms": {**pms, "freshness": freshness}}


def public_practice_response(practice: Practice) -> dict[str, Any]:
    """A practice as the booking page sees it."""
    return {
        **practice.model_dump(mode="json", include={"id", "name", "timezone", "language", "phone", "address"}),
        "practitioners": [
            {"id": practitioner.id, "name": practitioner.name}
            for practitioner in practice.practitioners
            if practitioner.active
        ],
        "services": [
            {"id": service.id, "name": service.name, "duration_minutes": service.duration_minutes}
            for service in practice.services
            if service.active
        ],
    }


def sheet_response(sheet: DaySheet, name: str) -> dict[str, Any]:
    """The busy times of a chair or practitioner on one day, in order of their start."""
    busy_times = [
        {"appointment_id": appointment_id, **busy.model_dump(mode="json", exclude={"since"})}
        for appointment_id, busy in sheet.busy.items()
    ]
    return {"id": sheet.key.resource.id, "name": name, "busy": sorted(busy_times, key=lambda busy: str(busy["start"]))}


def history_entry_response(entry: HistoryEntry) -> dict[str, Any]:
    """One entry of a request's history."""
    return entry.model_dump(mode="json", exclude={"practice_id", "request_id"})


def scheduled_report_response(report: "ScheduledReport") -> dict[str, Any]:
    """A scheduled report."""
    return {
        "id": report.report_id,
        "cadence": report.period.cadence,
        "from": report.period.first_day.isoformat(),
        "to": report.period.last_day.isoformat(),
        "built_at": report.built_at and report.built_at.isoformat(),
        "headline": report.headline and report.headline.model_dump(),
    }


def batch_result_response(result: "BatchResult") -> dict[str, Any]:
    """The result of a batch of PMS events. `contradictions` is omitted if there are none."""
    return result.model_dump(mode="json", exclude=None if result.contradictions else {"contradictions"})


def schedule_response(day: "ScheduleDay") -> dict[str, Any]:
    """A practice's day: one column per chair and practitioner, its appointments and pending requests."""
    names = {chair.id: chair.name for chair in day.practice.chairs}
    names |= {practitioner.id: practitioner.name for practitioner in day.practice.practitioners}
    columns: dict[str, list[dict[str, Any]]] = {"chair": [], "practitioner": []}
    for sheet in day.sheets:
        resource = sheet.key.resource
        columns[resource.kind].append(sheet_response(sheet, names[resource.id]))
    return {
        "date": day.date.isoformat(),
        "timezone": day.practice.timezone,
        "chairs": columns["chair"],
        "practitioners": columns["practitioner"],
        "appointments": [appointment_response(appointment) for appointment in day.appointments],
        "requests": [request_response(pending.request, pending.fit) for pending in day.requests],
    }
