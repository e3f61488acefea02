"""A change: everything that one decision writes, so that all of it happens or nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from bookings.domain.kernel.idempotency import IdempotencyKey, IdempotencyRecord
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey

Versioned = TypeVar("Versioned", Request, Appointment, PmsWrite)


@dataclass(frozen=True)
class Edit(Generic[Versioned]):
    """A thing before and after; `before` is None for a new one. Its revision guards the write."""

    before: Versioned | None
    after: Versioned

    @property
    def is_new_revision(self) -> bool:
        """Whether it makes a new revision. What is only shown on a request, such as its mail's fate, makes none."""
        return self.before is None or self.after.revision > self.before.revision


def revise(before: Versioned, **changes: Any) -> Edit[Versioned]:
    """The edit that makes these changes, as the next revision."""
    return Edit(before, before.model_copy(update={**changes, "revision": before.revision + 1}))


@dataclass(frozen=True)
class ChangeSet:
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
    email: Email | None = None
    pms_writes: tuple[Edit[PmsWrite], ...] = ()
    idempotency_record: IdempotencyRecord | None = None

    @property
    def decided(self) -> Request:
        """The request as the change leaves it; ValueError if it touches none."""
        if self.request is None:
            raise ValueError("this change touches no request")
        return self.request.after


@dataclass
class StaleSnapshot(Exception):
    """Somebody else was faster: nothing was written, and these are the things as they stand now."""

    request: Request | None = None
    appointment: Appointment | None = None
    idempotency_record: IdempotencyRecord | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)
    pms_writes: Mapping[str, PmsWrite] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """The state of the world that a decision is made on. Sheets that nobody has written on are there, empty."""

    request: Request | None = None
    appointment: Appointment | None = None
    idempotency_record: IdempotencyRecord | None = None
    pms_write: PmsWrite | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)

    def updated(self, stale: StaleSnapshot) -> "Snapshot":
        """The same with what stands now: a failed condition brings it along, so nothing is read twice."""
        return replace(
            self,
            request=stale.request or self.request,
            appointment=stale.appointment or self.appointment,
            idempotency_record=stale.idempotency_record or self.idempotency_record,
            pms_write=stale.pms_writes.get(self.pms_write.id, self.pms_write) if self.pms_write else None,
            sheets={**self.sheets, **stale.sheets},
        )


@dataclass(frozen=True)
class CommandContext:
    """The request somebody decides about, the revision they have seen, and whether the call may be a repetition."""

    practice_id: str
    request_id: str
    revision: int
    idempotency_key: IdempotencyKey | None
    stamp: Stamp

    @property
    def idempotency_record_id(self) -> str | None:
        """Where the receipt of this call lies, if it is not the first."""
        return self.idempotency_key.idempotency_record_id if self.idempotency_key else None


_HISTORY_FIELDS = (
    "status", "resolution", "accepted", "appointment_id", "appointment_status", "appointment_cancelled_at", "pms_write",
    "pms_write_reason", "pms_evidence", "decision", "attention", "watch",
)  # fmt: skip


def new_history_entry(change: ChangeSet, edit: Edit[Request]) -> HistoryEntry:
    """What history keeps of a change: the fields that a decision can touch and that did change."""
    before = edit.before.model_dump(mode="json", include=set(_HISTORY_FIELDS)) if edit.before else None
    after = edit.after.model_dump(mode="json", include=set(_HISTORY_FIELDS))
    touched = [name for name in _HISTORY_FIELDS if before is None or before[name] != after[name]]
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
