"""Accept a request, with or without edits."""

from dataclasses import replace
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.decisions.checks import check_ids_exist
from bookings.domain.decisions.commands import Acceptance, Edits
from bookings.domain.decisions.decision import decide, new_decision
from bookings.domain.kernel.errors import (
    Invalid,
    ScheduleConflict,
)
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.kernel.wall_time import to_local
from bookings.domain.outbox.email import EmailKind
from bookings.domain.outbox.pms_write import new_pms_write
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import Move, Request, Resolution
from bookings.domain.scheduling.conflicts import best_placement
from bookings.domain.scheduling.day_sheet import DaySheet, Sheets, sheet_keys
from bookings.domain.scheduling.slot import Slot


def slot_with_edits(practice: Practice, request: Request, edits: Edits) -> Slot:
    """The requested slot with the front desk's edits; a newly chosen service brings its own duration."""
    check_ids_exist(practice, edits.practitioner_id, edits.chair_id, edits.service_id, prefix="")
    changes: dict[str, Any] = {
        name: value
        for name in ("practitioner_id", "chair_id", "service_id", "duration_minutes")
        if (value := getattr(edits, name)) is not None
    }
    if edits.start is not None:
        changes["start"] = to_local(edits.start, practice.zone, "start")
    service = practice.service(edits.service_id)
    if service and edits.duration_minutes is None:
        changes["duration_minutes"] = service.duration_minutes
    return request.requested.model_copy(update=changes)


def accept(
    practice: Practice,
    request: Request,
    wanted: Slot,
    edits: Acceptance,
    sheets: Sheets,
    stamp: Stamp,
    known: Sheets | None = None,
) -> ChangeSet:
    """The change that accepts the request into the wanted slot (DESIGN §3, accepting, steps 3 and 4).

    Raises ScheduleConflict (without openings: the caller looks for them) unless the front desk overrides it. An
    override is for what stood in the way when it was said, on the `known` sheets (the same if left out), and not for
    what came since. Where the practice confirms what is written, the letter waits for the PMS write (`write_back`).
    """
    if wanted.begins <= stamp.at:
        raise Invalid.field("start", "must be in the future")
    placement = best_placement(practice, wanted, sheets, stamp.at)
    overridden = (
        best_placement(practice, wanted, sheets if known is None else known, stamp.at).obstacles
        if edits.override
        else ()
    )
    if not set(placement.obstacles) <= set(overridden):
        raise ScheduleConflict(conflicts=placement.obstacles)
    slot = placement.slot
    appointment = Appointment(
        id=new_id("apt", stamp.at),
        practice_id=request.practice_id,
        patient=request.patient,
        slot=slot,
        status=AppointmentStatus.BOOKED,
        origin="chairlink",
        request_id=request.id,
        made_at=stamp.at,
    )
    decision = new_decision(
        Move.ACCEPT,
        stamp,
        notify=edits.notify,
        override_reason=edits.override.reason if edits.override and placement.obstacles else None,
    )
    change = decide(
        request,
        decision,
        stamp,
        EmailKind.CONFIRMATION if edits.notify and practice.confirm_when == "decided" else None,
        resolution=Resolution.AS_REQUESTED if is_as_requested(request.requested, slot) else Resolution.WITH_CHANGES,
        accepted=slot,
        appointment_id=appointment.id,
        appointment_status=appointment.status,
        pms_write="queued",
    )
    return replace(
        change,
        appointment=Edit(None, appointment),
        checked=tuple(sheets.get(key, DaySheet(key)) for key in sheet_keys(slot)),
        pms_writes=(Edit(None, new_pms_write("create", appointment, request.id, stamp.correlation_id, stamp.at)),),
    )


def is_as_requested(requested: Slot, slot: Slot) -> bool:
    """Whether the patient gets what they asked for; somebody for "anyone" is no change."""
    return (
        (requested.begins, requested.duration_minutes, requested.service_id)
        == (slot.begins, slot.duration_minutes, slot.service_id)
        and requested.practitioner_id in (None, slot.practitioner_id)
        and requested.chair_id in (None, slot.chair_id)
    )
