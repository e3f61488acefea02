"""The front desk's decisions as pure functions: from what stands and what is asked to the change that follows.

Each raises the refusal that names what is in the way. None of them reads or writes anything.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bookings.domain.change_set import Change, Edit, Stamp, edited
from bookings.domain.decisions.commands import Acceptance, Edits, Linking, Rejection, Watching
from bookings.domain.decisions.take_back import take_back
from bookings.domain.kernel.errors import (
    AppointmentCancelled,
    AppointmentTaken,
    Invalid,
    MoveNotAllowed,
    NotFound,
    PmsCannotCreate,
    PossibleMatch,
    RevisionStale,
    ScheduleConflict,
)
from bookings.domain.kernel.ids import new_id
from bookings.domain.kernel.wall_time import local
from bookings.domain.matching.match import Match
from bookings.domain.outbox.email import Letter, LetterKind, new_letter
from bookings.domain.outbox.pms_write import PmsWrite, ask
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import MOVES, Decision, Move, Request, Resolution, Watch, check_move
from bookings.domain.scheduling.conflicts import DaySheet, Sheets, place, sheet_keys
from bookings.domain.scheduling.slot import Slot

LOOK_AFTER = timedelta(minutes=2)
"""How long after a watch is set it is looked whether an event came too close to it. By then a batch that was in hand is
done, and the indexes of watches and of appointments, which follow within a second or so, have long followed."""


def check_decidable(request: Request, move: Move, revision: int) -> None:
    """That the move is allowed and that the caller has seen the newest revision, in this order (RFC 9110 §13.2.1)."""
    check_move(request, move)
    check_seen(request, revision)


def check_seen(request: Request, revision: int) -> None:
    """That the caller has seen the newest revision."""
    if request.revision != revision:
        raise RevisionStale(revision=request.revision)


def check_can_create(practice: Practice) -> None:
    """DESIGN §3, accepting, step 1."""
    if not practice.pms.capabilities.create:
        raise PmsCannotCreate


def edited_slot(practice: Practice, request: Request, edits: Edits) -> Slot:
    """The requested slot with the front desk's edits; a newly chosen service brings its own duration."""
    check_known(practice, edits.practitioner_id, edits.chair_id, edits.service_id, prefix="")
    changes: dict[str, Any] = {
        name: value
        for name in ("practitioner_id", "chair_id", "service_id", "duration_minutes")
        if (value := getattr(edits, name)) is not None
    }
    if edits.start is not None:
        changes["start"] = local(edits.start, practice.zone, "start")
    service = practice.service(edits.service_id)
    if service and edits.duration_minutes is None:
        changes["duration_minutes"] = service.duration_minutes
    return request.requested.model_copy(update=changes)


def check_known(
    practice: Practice, practitioner_id: str | None, chair_id: str | None, service_id: str | None, *, prefix: str
) -> None:
    """That the practice has what the caller names; raises Invalid for the first that it has not."""
    named = (
        ("practitioner_id", practitioner_id, practice.practitioner(practitioner_id)),
        ("chair_id", chair_id, practice.chair(chair_id)),
        ("service_id", service_id, practice.service(service_id)),
    )
    for name, thing_id, thing in named:
        if thing_id is not None and thing is None:
            raise Invalid.field(prefix + name, "the practice has none of that id")


def check_no_match(matches: Sequence[Match]) -> None:
    """DESIGN §3, accepting, step 2: could this be the same appointment?"""
    if matches:
        raise PossibleMatch(matches=matches)


def accept(
    practice: Practice,
    request: Request,
    wanted: Slot,
    edits: Acceptance,
    sheets: Sheets,
    stamp: Stamp,
    known: Sheets | None = None,
) -> Change:
    """The change that accepts the request into the wanted slot (DESIGN §3, accepting, steps 3 and 4).

    Raises ScheduleConflict (without openings: the caller looks for them) unless the front desk overrides it. An
    override is for what stood in the way when it was said, on the `known` sheets (the same if left out), and not for
    what came since. Where the practice confirms what is written, the letter waits for the PMS write (`write_back`).
    """
    if wanted.begins <= stamp.at:
        raise Invalid.field("start", "must be in the future")
    placement = place(practice, wanted, sheets, stamp.at)
    overridden = (
        place(practice, wanted, sheets if known is None else known, stamp.at).obstacles if edits.override else ()
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
    decision = _decision(
        Move.ACCEPT,
        stamp,
        notify=edits.notify,
        override_reason=edits.override.reason if edits.override and placement.obstacles else None,
    )
    change = _decided(
        request,
        decision,
        stamp,
        LetterKind.CONFIRMATION if edits.notify and practice.confirm_when == "decided" else None,
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
        pms_writes=(Edit(None, ask("create", appointment, request.id, stamp.correlation_id, stamp.at)),),
    )


def link(
    request: Request,
    appointment: Appointment | None,
    linking: Linking,
    stamp: Stamp,
    resolution: Resolution = Resolution.LINKED,
) -> Change:
    """The change that connects the request to an appointment that already stands; its time becomes the accepted one."""
    if appointment is None:
        raise NotFound("appointment")
    if not appointment.stands or appointment.slot is None:
        raise AppointmentCancelled
    if appointment.request_id is not None:
        raise AppointmentTaken
    change = _decided(
        request,
        _decision(Move.LINK, stamp, notify=linking.notify, appointment_made_at=appointment.made_at),
        stamp,
        LetterKind.CONFIRMATION if linking.notify else None,
        resolution=resolution,
        accepted=appointment.slot,
        appointment_id=appointment.id,
        appointment_status=appointment.status,
    )
    return replace(change, appointment=edited(appointment, request_id=request.id))


def reject(request: Request, rejection: Rejection, stamp: Stamp) -> Change:
    """The change that says no."""
    decision = _decision(Move.REJECT, stamp, notify=rejection.notify, reason=rejection.reason, note=rejection.note)
    return _decided(request, decision, stamp, LetterKind.REJECTION if rejection.notify else None)


def withdraw(request: Request, stamp: Stamp) -> Change:
    """The change by which the patient takes the request back."""
    return _decided(request, _decision(Move.WITHDRAW, stamp), stamp, None)


def expire(request: Request, stamp: Stamp) -> Change:
    """The change that closes a request whose start has passed; nobody is mailed about it."""
    return _decided(request, _decision(Move.EXPIRE, stamp), stamp, None)


def reopen(request: Request, appointment: Appointment | None, stamp: Stamp, create: PmsWrite | None = None) -> Change:
    """The change that undoes a decision: the time is free again, the tally as before, the calendar entry cancelled.

    A letter that is still waiting is superseded by this; one that has gone out is followed by its cancellation.
    `create` is the PMS write of an appointment that Chairlink made; one that was linked is the PMS's to keep.
    """
    status = check_move(request, Move.REOPEN)
    letter = None
    if request.outbox_id and request.appointment_id:
        letter = _letter(request, LetterKind.CANCELLATION, stamp).model_copy(
            update={"cancels": request.outbox_id, "taken_back": request.accepted}
        )
    after = edited(
        request,
        status=status,
        resolution=None,
        accepted=None,
        appointment_id=None,
        appointment_status=None,
        appointment_cancelled_at=None,
        pms_write="not_required",
        pms_write_reason=None,
        pms_evidence=None,
        decision=None,
        outbox_id=letter.outbox_id if letter else None,
        mail=None,
        attention=None,
    )
    change = Change(stamp=stamp, action=Move.REOPEN, request=after, letter=letter)
    if appointment is None:
        return change
    if appointment.origin == "pms" or request.resolution in (Resolution.LINKED, Resolution.AUTO_LINKED):
        return replace(change, appointment=edited(appointment, request_id=None))
    freed, writes = take_back(appointment, create, request.id, stamp)
    return replace(change, appointment=freed, pms_writes=writes)


def watch(request: Request, watching: Watching, stamp: Stamp) -> Change:
    """The change by which the request waits for the PMS to bring its appointment; a decision ends the wait."""
    if watching.notify:
        _check_can_be_written_to(request)
    waits = edited(
        request,
        watch=Watch(by=stamp.by, at=stamp.at, notify=watching.notify),
        look_again_at=stamp.at + LOOK_AFTER,
        attention=None,
    )
    return Change(stamp=stamp, action="watch", request=waits)


def dismiss(request: Request, stamp: Stamp) -> Change:
    """The change by which the front desk has seen what asked for its attention; nothing else of the request moves."""
    if request.attention is None:
        raise MoveNotAllowed(
            "Nothing about this request asks for attention.",
            request_status=request.status,
            allowed_moves=sorted(MOVES[request.status]),
        )
    return Change(stamp=stamp, action="dismiss", request=edited(request, attention=None))


def _decision(move: Move, stamp: Stamp, **said: Any) -> Decision:
    return Decision(action=move, at=stamp.at, by=stamp.by, by_name=stamp.by_name, **said)


def _decided(
    request: Request, decision: Decision, stamp: Stamp, letter_kind: LetterKind | None, **outcome: Any
) -> Change:
    letter = _letter(request, letter_kind, stamp) if letter_kind else None
    if decision.notify:
        _check_can_be_written_to(request)
    after = edited(
        request,
        status=check_move(request, decision.action),
        decision=decision,
        outbox_id=letter.outbox_id if letter else None,
        mail="queued" if letter else None,
        attention=None,
        watch=None,
        look_again_at=None,
        **{"pms_write": "not_required", "pms_write_reason": None, **outcome},
    )
    return Change(stamp=stamp, action=decision.action, request=after, letter=letter)


def _check_can_be_written_to(request: Request) -> None:
    if not request.patient.email:
        raise Invalid.field("notify", "the patient has left no e-mail address")


def _letter(request: Request, kind: LetterKind, stamp: Stamp) -> Letter:
    return new_letter(request, request.revision + 1, kind, stamp.correlation_id, stamp.at)


def is_as_requested(requested: Slot, slot: Slot) -> bool:
    """Whether the patient gets what they asked for; somebody for "anyone" is no change."""
    return (
        (requested.begins, requested.duration_minutes, requested.service_id)
        == (slot.begins, slot.duration_minutes, slot.service_id)
        and requested.practitioner_id in (None, slot.practitioner_id)
        and requested.chair_id in (None, slot.chair_id)
    )
