"""How an appointment that Chairlink asked for and one that the PMS has become one.

The appointment keeps its id, which the front desk and its history know. What stands under the PMS's id becomes an
alias of it, so that events for that id find it, whatever came first (docs/adr/0007).
"""

from dataclasses import dataclass, replace
from typing import Any

from bookings.domain.change_set import Change, Edit, Stamp, edited
from bookings.domain.outbox.email import LetterKind, new_letter
from bookings.domain.outbox.pms_write import WriteStatus, end, hasten
from bookings.domain.pms.affair import Affair
from bookings.domain.pms.event_models import follow
from bookings.domain.requests.appointment import Appointment, AppointmentStatus


@dataclass(frozen=True)
class Told:
    """What the PMS has under an id of its own: as we have it stored, and as it has told us by now."""

    pms_id: str
    stored: Appointment | None = None
    newest: Appointment | None = None

    @property
    def is_anothers(self) -> bool:
        """Whether that id is spoken for: linked to a request, or already an alias."""
        return self.stored is not None and (self.stored.request_id is not None or self.stored.alias_of is not None)


def created(affair: Affair, told: Told, stamp: Stamp) -> Change:
    """The change by which the PMS has the appointment. A confirmation that was to wait for this goes out with it."""
    ours = _taken_over(affair.appointment, told)
    follows = follow(affair.request, ours, stamp)
    writes = [Edit(affair.write, end(affair.write, WriteStatus.COMPLETE))]
    if affair.cancel and affair.cancel.attempts == 0:
        writes.append(Edit(affair.cancel, hasten(affair.cancel, stamp.at)))
    change = Change(
        stamp=stamp,
        action="write_completed",
        appointment=ours,
        alias=_alias(ours.after, told),
        pms_writes=tuple(writes),
        request=follows.request,
    )
    return _with_news(change, affair) if affair.is_the_requests else change


def _taken_over(ours: Appointment, told: Told) -> Edit[Appointment]:
    """Our appointment under the PMS's id, with all that the PMS has said of it."""
    facts: dict[str, Any] = {}
    if told.newest and not told.is_anothers:
        facts = told.newest.model_dump(include={"status", "version", "deleted"})
        slot = told.newest.slot
        facts |= {
            "contradiction": told.newest.contradiction,
            "patient": told.newest.patient,
            "slot": ours.completed(slot) if slot else None,
        }
    return edited(ours, pms_id=told.pms_id, **facts)


def _alias(ours: Appointment, told: Told) -> Edit[Appointment] | None:
    if told.pms_id == ours.id or told.is_anothers:
        return None
    nothing: dict[str, Any] = {
        "patient": None, "slot": None, "status": AppointmentStatus.CANCELLED, "deleted": True, "alias_of": ours.id,
    }  # fmt: skip
    if told.stored:
        return edited(told.stored, **nothing)
    return Edit(None, Appointment(id=told.pms_id, practice_id=ours.practice_id, origin="pms", **nothing))


def _with_news(change: Change, affair: Affair) -> Change:
    """The same with its news on the request, and with the letter that waited for it.

    Success asks nobody to do anything, so it makes no new revision: whoever has the request open may go on.
    """
    before = affair.request
    followed = change.request.after if change.request else before
    news: dict[str, Any] = {"pms_write": "complete", "pms_write_reason": None}
    if before.pms_write != "queued":  # it was thought lost, and the front desk was asked to look
        news["revision"] = before.revision + 1
        if followed.attention == before.attention:
            news["attention"] = affair.attention_left
    stands = change.appointment is not None and change.appointment.after.stands
    letter = None
    if before.awaits_confirmation and stands:
        revision = news.get("revision", followed.revision)
        letter = new_letter(before, revision, LetterKind.CONFIRMATION, change.stamp.correlation_id, change.stamp.at)
        news |= {"outbox_id": letter.outbox_id, "mail": "queued"}
    return replace(change, request=Edit(before, followed.model_copy(update=news)), letter=letter)
