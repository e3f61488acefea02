"""Accept a request, with or without edits."""

from dataclasses import replace
from typing import Any

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.decisions.checks import check_ids_exist
from bookings.domain.decisions.commands import Acceptance, Edits
from bookings.domain.decisions.decision_change_set import decide, new_decision
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
    """The requested slot with the front desk's edits.

    A new service sets its own duration, unless the edits have one. Raises Invalid for ids that the practice does not
    have.
    """
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
    """Accept the request: create the appointment in the wanted slot, and queue the PMS write for it.

    - `wanted` is `slot_with_edits`. Where it names no practitioner or chair, the first that is free is chosen.
    - Raises Invalid for a start in the past, and ScheduleConflict if the slot has obstacles that the front desk did not
      override. The conflict has no openings yet: the caller adds them.
    - An override covers only the obstacles that existed when the front desk decided. Those are on the `known` sheets,
      which default to `sheets`. Obstacles that were added since are refused.
    - If the practice confirms only appointments that are in the PMS (`confirm_when`), there is no e-mail yet:
      `pms.write_outcomes` adds it when the write is complete.
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
        checked_sheets=tuple(sheets.get(key, DaySheet(key)) for key in sheet_keys(slot)),
        pms_writes=(Edit(None, new_pms_write("create", appointment, request.id, stamp.correlation_id, stamp.at)),),
    )


def is_as_requested(requested: Slot, slot: Slot) -> bool:
    """Whether the slot is what the patient requested. Any practitioner or chair fits a request for none."""
    return (
        (requested.begins, requested.duration_minutes, requested.service_id)
        == (slot.begins, slot.duration_minutes, slot.service_id)
        and requested.practitioner_id in (None, slot.practitioner_id)
        and requested.chair_id in (None, slot.chair_id)
    )
