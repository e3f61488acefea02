"""Record the outcome of a PMS write: from the agent's event about the write, or about the appointment.

The two events of a create may arrive in any order.
"""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.kernel.errors import Invalid, Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import WriteStatus
from bookings.domain.pms.apply_event import apply_upsert
from bookings.domain.pms.event_models import AppointmentData, CompletedData, FailedData
from bookings.domain.pms.follow_appointment import schedule_notice
from bookings.domain.pms.identify_own_appointment import UnconfirmedCreate, identify_own_create
from bookings.domain.pms.write_outcomes import (
    PmsCounterpart,
    PmsWriteContext,
    cancel_completed,
    create_completed,
    write_failed,
)
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import BookingStore


def load_write_context(bookings: BookingStore, practice_id: str, write_id: str) -> PmsWriteContext | None:
    """The write with its appointment, request and waiting cancel; None if the practice has no such write."""
    write = bookings.load(practice_id, write_id=write_id).pms_write
    if write is None:
        return None
    snapshot = bookings.load(practice_id, request_id=write.request_id, appointment_id=write.appointment_id)
    if snapshot.request is None or snapshot.appointment is None:
        return None
    cancel_id = snapshot.appointment.cancel_id if write.kind == "create" else None
    cancel = bookings.load(practice_id, write_id=cancel_id).pms_write if cancel_id else None
    return PmsWriteContext(write, snapshot.appointment, snapshot.request, cancel)


def record_write_outcome(
    bookings: BookingStore, practice: Practice, data: CompletedData | FailedData, stamp: Stamp
) -> bool:
    """Record the outcome of a write; False if the write is already finished. Takes three round trips.

    Raises Invalid if the practice has no such write.
    """
    for _ in range(MAX_ATTEMPTS):
        context = load_write_context(bookings, practice.id, data.write_id)
        if context is None:
            raise Invalid.field("data.write_id", "does not exist at this practice")
        if context.write.is_finished:
            return False
        try:
            bookings.commit(schedule_notice(_outcome(bookings, context, data, stamp), practice))
        except StaleSnapshot:
            continue
        return True
    raise Unavailable


def unconfirmed_creates(bookings: BookingStore, practice: Practice, now: datetime) -> list[UnconfirmedCreate]:
    """The creates that the PMS has not confirmed, with their appointments. Usually there are none."""
    if not practice.pms.capabilities.create:
        return []
    writes = bookings.unconfirmed_creates(practice.id, now)
    appointments = bookings.appointments(practice.id, [write.appointment_id for write in writes]) if writes else {}
    return [(write, appointments[write.appointment_id]) for write in writes if write.appointment_id in appointments]


def adopt_own_appointment(
    bookings: BookingStore,
    practice: Practice,
    creates: Sequence[UnconfirmedCreate],
    known: Appointment | None,
    data: AppointmentData,
    version: int,
    stamp: Stamp,
) -> Appointment | None:
    """If the event shows that the PMS has created our appointment, apply it and return the appointment.

    None for every other event, also if the create is already confirmed: the appointment's PMS id is then known.
    """
    if not creates and not data.write_id:
        return None
    if known and (known.pms_id or (known.request_id and known.origin == "pms")):
        return None
    edit = apply_upsert(practice, None, data, version, stamp.at)
    write = edit and identify_own_create(creates, edit.after, data.write_id)
    write_id = write.id if write else data.write_id
    for _ in range(MAX_ATTEMPTS if write_id else 0):
        context = load_write_context(bookings, practice.id, write_id or "")
        if context is None or not _is_unconfirmed(context):
            return None
        counterpart = _counterpart_with_event(bookings, practice, context, data, version, stamp.at)
        change = schedule_notice(create_completed(context, counterpart, stamp), practice)
        try:
            bookings.commit(change)
        except StaleSnapshot:
            continue
        return change.appointment.after if change.appointment else None
    if write_id:
        raise Unavailable
    return None


def _outcome(
    bookings: BookingStore, context: PmsWriteContext, data: CompletedData | FailedData, stamp: Stamp
) -> ChangeSet:
    if isinstance(data, FailedData):
        return write_failed(context, WriteStatus.FAILED, stamp, data.reason)
    if context.write.kind == "cancel":
        return cancel_completed(context, stamp)
    if data.appointment_id is None:
        raise Invalid.field("data.appointment_id", "is required for a create: the PMS's id of the appointment")
    return create_completed(context, _load_counterpart(bookings, context, data.appointment_id), stamp)


def _load_counterpart(bookings: BookingStore, context: PmsWriteContext, pms_id: str) -> PmsCounterpart:
    """The appointment stored under the PMS's id; none if the PMS uses our id, where our own appointment is."""
    if pms_id == context.appointment.id:
        return PmsCounterpart(pms_id)
    stored = bookings.load(context.write.practice_id, appointment_id=pms_id).appointment
    return PmsCounterpart(pms_id, stored, stored)


def _counterpart_with_event(
    bookings: BookingStore,
    practice: Practice,
    context: PmsWriteContext,
    data: AppointmentData,
    version: int,
    now: datetime,
) -> PmsCounterpart:
    """The appointment stored under the PMS's id, and its state after this event."""
    counterpart = _load_counterpart(bookings, context, data.id)
    before = context.appointment if data.id == context.appointment.id else counterpart.stored
    edit = apply_upsert(practice, before, data, version, now)
    return PmsCounterpart(counterpart.pms_id, counterpart.stored, edit.after if edit else before)


def _is_unconfirmed(context: PmsWriteContext) -> bool:
    """Whether the create is not complete, and its appointment is active or has to be cancelled in the PMS."""
    is_open = context.write.kind == "create" and context.write.status is not WriteStatus.COMPLETE
    return is_open and (context.appointment.is_active or context.appointment.cancel_id is not None)
