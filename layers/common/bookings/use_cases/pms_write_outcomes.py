"""What the PMS's agent tells of a write: its outcome, or the appointment itself, in whatever order."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.change_set import ChangeSet, StaleSnapshot
from bookings.domain.kernel.errors import Invalid, Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.pms_write import WriteStatus
from bookings.domain.pms.apply_event import apply_upsert
from bookings.domain.pms.event_models import AppointmentData, CompletedData, FailedData
from bookings.domain.pms.identify_own_appointment import UnconfirmedCreate, identify_own_create
from bookings.domain.pms.write_outcomes import (
    PmsCounterpart,
    PmsWriteContext,
    cancel_completed,
    create_completed,
    write_lost,
)
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.ports import BookingStore


def load_write_context(bookings: BookingStore, practice_id: str, write_id: str) -> PmsWriteContext | None:
    """The write with what its outcome touches; None if the practice has no such write."""
    write = bookings.load(practice_id, write_id=write_id).pms_write
    if write is None:
        return None
    snapshot = bookings.load(practice_id, request_id=write.request_id, appointment_id=write.appointment_id)
    if snapshot.request is None or snapshot.appointment is None:
        return None
    waiting = snapshot.appointment.cancel_id if write.kind == "create" else None
    cancel = bookings.load(practice_id, write_id=waiting).pms_write if waiting else None
    return PmsWriteContext(write, snapshot.appointment, snapshot.request, cancel)


def record_write_outcome(
    bookings: BookingStore, practice: Practice, data: CompletedData | FailedData, stamp: Stamp
) -> bool:
    """Take in what became of a write; False if we have heard that before. Three round trips.

    Raises Invalid for a write that the practice does not have.
    """
    for _ in range(MAX_ATTEMPTS):
        context = load_write_context(bookings, practice.id, data.write_id)
        if context is None:
            raise Invalid.field("data.write_id", "the practice has no PMS write of that id")
        if context.write.is_finished:
            return False
        try:
            bookings.commit(_outcome(bookings, context, data, stamp))
        except StaleSnapshot:
            continue
        return True
    raise Unavailable


def unconfirmed_creates(bookings: BookingStore, practice: Practice, now: datetime) -> list[UnconfirmedCreate]:
    """The creates that the PMS has not confirmed, with their appointments; mostly there are none."""
    if not practice.pms.capabilities.create:
        return []
    writes = bookings.unconfirmed_creates(practice.id, now)
    made = bookings.appointments(practice.id, [write.appointment_id for write in writes]) if writes else {}
    return [(write, made[write.appointment_id]) for write in writes if write.appointment_id in made]


def adopt_own_appointment(
    bookings: BookingStore,
    practice: Practice,
    waiting: Sequence[UnconfirmedCreate],
    known: Appointment | None,
    data: AppointmentData,
    version: int,
    stamp: Stamp,
) -> Appointment | None:
    """Our appointment, if the event shows that the PMS has written it; the event is then taken in.

    None for every other event, also for one of an appointment whose writing we have heard of: its id is known.
    """
    if not waiting and not data.write_id:
        return None
    if known and (known.pms_id or (known.request_id and known.origin == "pms")):
        return None
    news = apply_upsert(practice, None, data, version, stamp.at)
    write = news and identify_own_create(waiting, news.after, data.write_id)
    write_id = write.id if write else data.write_id
    for _ in range(MAX_ATTEMPTS if write_id else 0):
        context = load_write_context(bookings, practice.id, write_id or "")
        if context is None or not _is_expected(context):
            return None
        told = _told(bookings, practice, context, data, version, stamp.at)
        change = create_completed(context, told, stamp)
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
        return write_lost(context, WriteStatus.FAILED, stamp, data.reason)
    if context.write.kind == "cancel":
        return cancel_completed(context, stamp)
    if data.appointment_id is None:
        raise Invalid.field("data.appointment_id", "is needed for a create: the PMS's own id")
    return create_completed(context, _known_as(bookings, context, data.appointment_id), stamp)


def _known_as(bookings: BookingStore, context: PmsWriteContext, pms_id: str) -> PmsCounterpart:
    """What we know under that id, not counting our own appointment, whose id the PMS may have kept."""
    if pms_id == context.appointment.id:
        return PmsCounterpart(pms_id)
    stored = bookings.load(context.write.practice_id, appointment_id=pms_id).appointment
    return PmsCounterpart(pms_id, stored, stored)


def _told(
    bookings: BookingStore,
    practice: Practice,
    context: PmsWriteContext,
    data: AppointmentData,
    version: int,
    now: datetime,
) -> PmsCounterpart:
    told = _known_as(bookings, context, data.id)
    before = context.appointment if data.id == context.appointment.id else told.stored
    news = apply_upsert(practice, before, data, version, now)
    return PmsCounterpart(told.pms_id, told.stored, news.after if news else before)


def _is_expected(context: PmsWriteContext) -> bool:
    """Whether the appointment is still ours to care for and the PMS has not been seen to have it."""
    is_open = context.write.kind == "create" and context.write.status is not WriteStatus.COMPLETE
    return is_open and (context.appointment.stands or context.appointment.cancel_id is not None)
