"""How our things look in an answer (DESIGN §5): what callers may see, in the contract's words."""

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

if TYPE_CHECKING:  # only their own functions load these
    from bookings.domain.insights.finding import Finding, FindingMark
    from bookings.domain.reporting.conversion_report import Period, Report
    from bookings.domain.reporting.scheduled_report import ScheduledReport
    from bookings.use_cases.findings import FindingsOfPeriod
    from bookings.use_cases.read_requests import ScheduleDay
    from bookings.use_cases.receive_pms_events import BatchResult

_PRIVATE = {"look_again_at", "manage_digest", "outbox_id", "pms_synced_at"}


def render(value: object) -> Any:  # noqa: C901  # a case for each kind of thing
    """Anything that an answer is made of as plain JSON values."""
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
            return {key: render(part) for key, part in value.items()}
        case list() | tuple():
            return [render(part) for part in value]
        case Enum():
            return value.value
        case _:
            return value


def request_response(request: Request, fit: Fit | None) -> dict[str, Any]:
    """A request, with its fit while it waits for a decision."""
    shown = request.model_dump(mode="json", exclude=_PRIVATE)
    return shown | {"fit": fit and _fit(fit)}


def _fit(fit: Fit) -> dict[str, Any]:
    return {**fit.model_dump(mode="json"), "reasons": render(fit.reasons)}


def own_request_response(practice: Practice, request: Request) -> dict[str, Any]:
    """A request as its patient sees it: nothing of how the practice came to its decision."""
    shown = request.model_dump(mode="json", include={"id", "status", "received_at", "requested", "accepted", "patient"})
    return shown | {"practice": {"id": practice.id, "name": practice.name, "phone": practice.phone}}


def appointment_response(appointment: Appointment) -> dict[str, Any]:
    """An appointment in the shape in which the PMS tells of it."""
    slot = appointment.slot.model_dump(mode="json") if appointment.slot else {}
    shown = appointment.model_dump(mode="json", include={"id", "patient", "status", "origin", "request_id"})
    contradiction = appointment.contradiction and _contradiction(appointment.contradiction)
    return shown | slot | {"contradiction": contradiction}


def _contradiction(other: Contradiction) -> dict[str, Any]:
    slot = other.slot.model_dump(mode="json") if other.slot else {}
    return other.model_dump(mode="json", exclude={"slot"}) | slot


def leased_write_response(write: PmsWrite, appointment: Appointment) -> dict[str, Any]:
    """A PMS write as the agent gets it: the appointment in the shape of an event's, under the PMS's id if we know it.

    Its `write_id` is the token of the create that it comes from, the same however often it is handed out.
    """
    slot = appointment.slot.model_dump(mode="json") if appointment.slot else dict.fromkeys(Slot.model_fields)
    told = appointment.model_dump(mode="json", include={"patient"}) | slot
    told |= {"id": appointment.pms_id or appointment.id, "write_id": create_write_id(appointment.id)}
    told["status"] = "cancelled" if write.kind == "cancel" else appointment.status.value
    return {"write_id": write.id, "kind": write.kind, "appointment": told}


def match_response(match: Match) -> dict[str, Any]:
    """A possible match and why it is one."""
    return match.model_dump(mode="json", exclude={"appointment"}) | {
        "appointment": appointment_response(match.appointment)
    }


def practice_response(practice: Practice, now: datetime) -> dict[str, Any]:
    """A practice as its own people see it; `lag_seconds` is the time since an agent was last heard."""
    shown = practice.model_dump(mode="json")
    pms = shown.pop("pms")
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
    return shown | {"pms": {**pms, "freshness": freshness}}


def public_practice_response(practice: Practice) -> dict[str, Any]:
    """What a booking page needs, nothing more."""
    return {
        **practice.model_dump(mode="json", include={"id", "name", "timezone", "language", "phone", "address"}),
        "practitioners": [{"id": one.id, "name": one.name} for one in practice.practitioners if one.active],
        "services": [
            {"id": one.id, "name": one.name, "duration_minutes": one.duration_minutes}
            for one in practice.services
            if one.active
        ],
    }


def sheet_response(sheet: DaySheet, name: str) -> dict[str, Any]:
    """One chair's or practitioner's day."""
    busy = [
        {"appointment_id": key, **value.model_dump(mode="json", exclude={"since"})} for key, value in sheet.busy.items()
    ]
    return {"id": sheet.key.resource.id, "name": name, "busy": sorted(busy, key=lambda one: str(one["start"]))}


def history_entry_response(entry: HistoryEntry) -> dict[str, Any]:
    """One step of a request's history."""
    return entry.model_dump(mode="json", exclude={"practice_id", "request_id"})


def report_response(report: "Report") -> dict[str, Any]:
    """The conversion report."""
    shown = report.model_dump(mode="json", exclude={"from_day", "to_day", "previous"})
    return {**_days(report), **shown, "previous": {**_days(report.previous), **_figures(report.previous)}}


def _days(period: "Report | Period") -> dict[str, str]:
    return {"from": period.from_day.isoformat(), "to": period.to_day.isoformat()}


def _figures(period: "Period") -> dict[str, Any]:
    return period.model_dump(mode="json", exclude={"from_day", "to_day"})


def scheduled_report_response(report: "ScheduledReport") -> dict[str, Any]:
    """A report that the clock has made."""
    return {
        "id": report.report_id,
        "cadence": report.period.cadence,
        "from": report.period.first_day.isoformat(),
        "to": report.period.last_day.isoformat(),
        "built_at": report.built_at and report.built_at.isoformat(),
        "headline": report.headline and report.headline.model_dump(),
    }


def batch_result_response(received: "BatchResult") -> dict[str, Any]:
    """What became of a batch; contradictions are named where there are any (DESIGN §6 knows the other three)."""
    return received.model_dump(mode="json", exclude=None if received.contradictions else {"contradictions"})


def schedule_response(day: "ScheduleDay") -> dict[str, Any]:
    """A practice's day, chairs as columns."""
    names = {one.id: one.name for one in day.practice.chairs} | {one.id: one.name for one in day.practice.practitioners}
    columns: dict[str, list[dict[str, Any]]] = {"chair": [], "practitioner": []}
    for one in day.sheets:
        columns[one.key.resource.kind].append(sheet_response(one, names[one.key.resource.id]))
    return {
        "date": day.date.isoformat(),
        "timezone": day.practice.timezone,
        "chairs": columns["chair"],
        "practitioners": columns["practitioner"],
        "appointments": [appointment_response(one) for one in day.appointments],
        "requests": [request_response(one.request, one.fit) for one in day.requests],
    }


def findings_response(shown: "FindingsOfPeriod") -> dict[str, Any]:
    """Why requests did not fit, strongest finding first, and the findings that somebody has seen to."""
    found = shown.findings
    return {
        "from": shown.first_day.isoformat(),
        "to": shown.last_day.isoformat(),
        "requests": found.requests,
        "misfits": found.misfits,
        "causes": {cause.value: number for cause, number in found.causes.items()},
        "items": [finding_response(one, shown.practice) for one in found.items],
        "handled": [finding_mark_response(one, shown.practice) for one in found.handled],
    }


def finding_response(finding: "Finding", practice: Practice) -> dict[str, Any]:
    """A finding, with its two sentences in the practice's language."""
    from bookings.reports.finding_sentences import finding_sentence, fix_sentence  # noqa: PLC0415  # no other answer speaks

    shown = finding.model_dump(mode="json")
    fix = {**shown["fix"], "text": fix_sentence(finding, practice)}
    return {**shown, "text": finding_sentence(finding, practice), "fix": fix}


def finding_mark_response(mark: "FindingMark", practice: Practice) -> dict[str, Any]:
    """A finding as it was when somebody saw to it, when, and who."""
    return {
        "finding": finding_response(mark.finding, practice),
        "handled_at": mark.at.isoformat(),
        "handled_by": mark.by,
        "handled_by_name": mark.by_name,
    }
