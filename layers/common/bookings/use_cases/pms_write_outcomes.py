"""What the PMS's agent tells of a write: its outcome, or the appointment itself, in whatever order."""

from collections.abc import Sequence
from datetime import datetime

from bookings.domain.change_set import Change, Overtaken, Stamp
from bookings.domain.kernel.errors import Invalid, Unavailable
from bookings.domain.outbox.pms_write import WriteStatus
from bookings.domain.pms.affair import Affair
from bookings.domain.pms.event_models import AppointmentData, CompletedData, FailedData, upserted
from bookings.domain.pms.identify_own_appointment import Unwritten, recognised
from bookings.domain.pms.write_back import cancelled, lost
from bookings.domain.pms.write_outcomes import Told, created
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.appointment import Appointment
from bookings.use_cases.affairs import affair_of
from bookings.use_cases.optimistic_transaction import TRIES
from bookings.use_cases.ports import Bookings


def hear(bookings: Bookings, practice: Practice, data: CompletedData | FailedData, stamp: Stamp) -> bool:
    """Take in what became of a write; False if we have heard that before. Three round trips.

    Raises Invalid for a write that the practice does not have.
    """
    for _ in range(TRIES):
        affair = affair_of(bookings, practice.id, data.write_id)
        if affair is None:
            raise Invalid.field("data.write_id", "the practice has no PMS write of that id")
        if affair.write.is_settled:
            return False
        try:
            bookings.commit(_outcome(bookings, affair, data, stamp))
        except Overtaken:
            continue
        return True
    raise Unavailable


def unwritten(bookings: Bookings, practice: Practice, now: datetime) -> list[Unwritten]:
    """The creates that the PMS has not confirmed, with their appointments; mostly there are none."""
    if not practice.pms.capabilities.create:
        return []
    writes = bookings.unwritten(practice.id, now)
    made = bookings.appointments(practice.id, [write.appointment_id for write in writes]) if writes else {}
    return [(write, made[write.appointment_id]) for write in writes if write.appointment_id in made]


def recognise(
    bookings: Bookings,
    practice: Practice,
    waiting: Sequence[Unwritten],
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
    news = upserted(practice, None, data, version, stamp.at)
    write = news and recognised(waiting, news.after, data.write_id)
    write_id = write.id if write else data.write_id
    for _ in range(TRIES if write_id else 0):
        affair = affair_of(bookings, practice.id, write_id or "")
        if affair is None or not _is_awaited(affair):
            return None
        told = _told(bookings, practice, affair, data, version, stamp.at)
        change = created(affair, told, stamp)
        try:
            bookings.commit(change)
        except Overtaken:
            continue
        return change.appointment.after if change.appointment else None
    if write_id:
        raise Unavailable
    return None


def _outcome(bookings: Bookings, affair: Affair, data: CompletedData | FailedData, stamp: Stamp) -> Change:
    if isinstance(data, FailedData):
        return lost(affair, WriteStatus.FAILED, stamp, data.reason)
    if affair.write.kind == "cancel":
        return cancelled(affair, stamp)
    if data.appointment_id is None:
        raise Invalid.field("data.appointment_id", "is needed for a create: the PMS's own id")
    return created(affair, _known_as(bookings, affair, data.appointment_id), stamp)


def _known_as(bookings: Bookings, affair: Affair, pms_id: str) -> Told:
    """What we know under that id, not counting our own appointment, whose id the PMS may have kept."""
    if pms_id == affair.appointment.id:
        return Told(pms_id)
    stored = bookings.see(affair.write.practice_id, appointment_id=pms_id).appointment
    return Told(pms_id, stored, stored)


def _told(
    bookings: Bookings, practice: Practice, affair: Affair, data: AppointmentData, version: int, now: datetime
) -> Told:
    told = _known_as(bookings, affair, data.id)
    before = affair.appointment if data.id == affair.appointment.id else told.stored
    news = upserted(practice, before, data, version, now)
    return Told(told.pms_id, told.stored, news.after if news else before)


def _is_awaited(affair: Affair) -> bool:
    """Whether the appointment is still ours to care for and the PMS has not been seen to have it."""
    is_open = affair.write.kind == "create" and affair.write.status is not WriteStatus.COMPLETE
    return is_open and (affair.appointment.stands or affair.appointment.cancel_id is not None)
