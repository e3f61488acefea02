"""A change: everything that one decision writes, so that all of it happens or nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import Field

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.idempotency import Receipt
from bookings.domain.outbox.email import Letter
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.conflicts import DaySheet, SheetKey

Thing = TypeVar("Thing", Request, Appointment, PmsWrite)


@dataclass(frozen=True)
class Edit(Generic[Thing]):
    """A thing before and after; `before` is None for a new one. Its revision guards the write."""

    before: Thing | None
    after: Thing

    @property
    def is_step(self) -> bool:
        """Whether it makes a new revision. What is only shown on a request, such as its mail's fate, makes none."""
        return self.before is None or self.after.revision > self.before.revision


def edited(before: Thing, **changes: Any) -> Edit[Thing]:
    """The edit that makes these changes, as the next revision."""
    return Edit(before, before.model_copy(update={**changes, "revision": before.revision + 1}))


@dataclass(frozen=True)
class Stamp:
    """Who changes something, when, and the correlation id that runs from their call to the patient's inbox.

    `by_name` is what colleagues call somebody of the practice: for staff to read, never for logs or patients.
    """

    by: str
    at: datetime
    correlation_id: str
    by_name: str | None = None


@dataclass(frozen=True)
class Change:
    """Request, history, appointment, day sheets, tally, PMS write, mail and receipt of one decision.

    History, busy times and tally are not listed: they follow from the edits. `checked` are the day sheets that the
    decision rests on; if one of them has moved on, nothing is written. `alias` is what stands under the PMS's own id of
    the appointment (docs/adr/0007).
    """

    stamp: Stamp
    action: str
    request: Edit[Request] | None = None
    appointment: Edit[Appointment] | None = None
    alias: Edit[Appointment] | None = None
    checked: tuple[DaySheet, ...] = ()
    letter: Letter | None = None
    pms_writes: tuple[Edit[PmsWrite], ...] = ()
    receipt: Receipt | None = None

    @property
    def decided(self) -> Request:
        """The request as the change leaves it; ValueError if it touches none."""
        if self.request is None:
            raise ValueError("this change touches no request")
        return self.request.after


@dataclass
class Overtaken(Exception):
    """Somebody else was faster: nothing was written, and these are the things as they stand now."""

    request: Request | None = None
    appointment: Appointment | None = None
    receipt: Receipt | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)
    pms_writes: Mapping[str, PmsWrite] = field(default_factory=dict)


class HistoryEntry(Entity):
    """One step in a request's life: who, when, and what was different before and after."""

    practice_id: str | None = Field(default=None, description="None in entries from before it was noted")
    request_id: str
    revision: int
    action: str
    at: datetime
    by: str
    by_name: str | None = None
    before: Mapping[str, object] | None
    after: Mapping[str, object]


_TOLD = (
    "status", "resolution", "accepted", "appointment_id", "appointment_status", "appointment_cancelled_at", "pms_write",
    "pms_write_reason", "pms_evidence", "decision", "attention", "watch",
)  # fmt: skip


def history_entry(change: Change, edit: Edit[Request]) -> HistoryEntry:
    """What history keeps of a change: the fields that a decision can touch and that did change."""
    before = edit.before.model_dump(mode="json", include=set(_TOLD)) if edit.before else None
    after = edit.after.model_dump(mode="json", include=set(_TOLD))
    touched = [name for name in _TOLD if before is None or before[name] != after[name]]
    return HistoryEntry(
        practice_id=edit.after.practice_id,
        request_id=edit.after.id,
        revision=edit.after.revision,
        action=change.action,
        at=change.stamp.at,
        by=change.stamp.by,
        by_name=change.stamp.by_name,
        before={name: before[name] for name in touched} if before else None,
        after={name: after[name] for name in touched},
    )
