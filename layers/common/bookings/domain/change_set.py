"""Change sets: everything that one decision writes, in one transaction, under optimistic concurrency.

A decision runs in these steps (docs/adr/0001):

1. Load a `Snapshot`: the entities that the decision is based on, with their revisions and versions. No locks are held.
2. Decide. A pure function turns the snapshot into a `ChangeSet`, which contains an `Edit` for each changed entity.
3. Commit. One transaction writes all edits, each on the condition that its entity still has the revision that was
   read. Day sheets are compared by version.
4. If a condition fails, nothing is written and `StaleSnapshot` is raised with the entities that are stored now. Put
   them into the snapshot (`Snapshot.updated`) and decide again.

`use_cases/optimistic_transaction.py` runs this loop.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from bookings.domain.kernel.idempotency import IdempotencyKey, IdempotencyRecord
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import changed_fields
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey

Versioned = TypeVar("Versioned", Request, Appointment, PmsWrite)


@dataclass(frozen=True)
class Edit(Generic[Versioned]):
    """One entity before and after a change; `before` is None for a new entity.

    A changed entity is written only if its stored revision is still that of `before`, a new one only if nothing is
    stored under its key.
    """

    before: Versioned | None
    after: Versioned

    @property
    def is_new_revision(self) -> bool:
        """Whether the edit creates a new revision. Displayed fields alone, such as `mail`, create none."""
        return self.before is None or self.after.revision > self.before.revision


def revise(before: Versioned, **changes: Any) -> Edit[Versioned]:
    """The edit that makes these changes in the next revision. Raises TypeError for an unknown field."""
    return Edit(before, before.model_copy(update={**changes, "revision": before.revision + 1}))


@dataclass(frozen=True)
class ChangeSet:
    """The writes of one decision. All of them happen, or none.

    - History, busy times and tally are derived from the edits, so no decision can forget them.
    - `checked_sheets` has the day sheets that the decision is based on. If the version of one has changed since it was
      read, nothing is written.
    - `alias` edits the item under the PMS's own id of the appointment (docs/adr/0021).
    - `former_appointment` edits the cancelled appointment that the request leaves for another one.
    - `rate_limit` counts the change set. If the limit is used up, nothing is written.
    """

    stamp: Stamp
    action: str
    request: Edit[Request] | None = None
    appointment: Edit[Appointment] | None = None
    alias: Edit[Appointment] | None = None
    former_appointment: Edit[Appointment] | None = None
    checked_sheets: tuple[DaySheet, ...] = ()
    email: Email | None = None
    pms_writes: tuple[Edit[PmsWrite], ...] = ()
    idempotency_record: IdempotencyRecord | None = None
    rate_limit: RateLimit | None = None

    @property
    def request_after(self) -> Request:
        """The request after the change. Raises ValueError if the change set has no request."""
        if self.request is None:
            raise ValueError("this change set has no request")
        return self.request.after


@dataclass
class StaleSnapshot(Exception):
    """A commit failed because an entity was changed after it was read. Nothing was written.

    It carries the entities whose condition failed, as they are stored now, so that the caller can decide again without
    another read. The others are None or left out. `is_over_limit` says that the rate limit is used up.
    """

    request: Request | None = None
    appointment: Appointment | None = None
    idempotency_record: IdempotencyRecord | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)
    pms_writes: Mapping[str, PmsWrite] = field(default_factory=dict)
    is_over_limit: bool = False


@dataclass(frozen=True)
class Snapshot:
    """The entities that a decision is based on, as they were read.

    A day sheet that is not stored is in it as an empty one. The entities come from a batch read, which is not isolated:
    one can be newer than another. The conditions of the commit detect that.
    """

    request: Request | None = None
    appointment: Appointment | None = None
    idempotency_record: IdempotencyRecord | None = None
    pms_write: PmsWrite | None = None
    sheets: Mapping[SheetKey, DaySheet] = field(default_factory=dict)

    def updated(self, stale: StaleSnapshot) -> "Snapshot":
        """This snapshot with the stored entities of a failed commit in place of the stale ones."""
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
    """What a command on a request has besides its body: which request, and the guards of the call.

    - `revisions` are those that the caller allows (`If-Match`): usually the one that it has read. If the request has
      another one, the command is refused with RevisionStale, because the caller has to read the request again. Deciding
      again after a StaleSnapshot uses the same revisions. Commands that check none, such as sweeps, allow none.
    - `idempotency_key` identifies the call, so that a repeated call gets the first answer. None if the caller sent
      none.
    """

    practice_id: str
    request_id: str
    revisions: Container[int]
    idempotency_key: IdempotencyKey | None
    stamp: Stamp

    @property
    def idempotency_record_id(self) -> str | None:
        """The id under which the answer to this call is stored; None without an idempotency key."""
        return self.idempotency_key.idempotency_record_id if self.idempotency_key else None


_HISTORY_FIELDS = (
    "requested", "source", "new_patient", "may_email", "status", "resolution", "accepted", "appointment_id",
    "appointment_status", "appointment_cancelled_at", "pms_write", "pms_write_reason", "pms_evidence", "decision",
    "attentions", "watch",
)  # fmt: skip
"""Fields of a request that history records.

What the patient asked for never changes, so only the first entry has it. The patient's details and note are in none,
because history is never changed or deleted; `corrected` names the details that were corrected.
"""


def new_history_entry(change: ChangeSet, edit: Edit[Request]) -> HistoryEntry:
    """The history entry of an edit, with the fields that changed."""
    before = edit.before.model_dump(mode="json", include=set(_HISTORY_FIELDS)) if edit.before else None
    after = edit.after.model_dump(mode="json", include=set(_HISTORY_FIELDS))
    changed = [name for name in _HISTORY_FIELDS if before is None or before[name] != after[name]]
    corrected = changed_fields(edit.before.patient, edit.after.patient) if edit.before else ()
    return HistoryEntry(
        practice_id=edit.after.practice_id,
        request_id=edit.after.id,
        revision=edit.after.revision,
        action=change.action,
        at=change.stamp.at,
        by=change.stamp.by,
        by_name=change.stamp.by_name,
        before={name: before[name] for name in changed} if before else None,
        after={name: after[name] for name in changed} | ({"corrected": corrected} if corrected else {}),
    )
