"""Bookings in memory, under the same write conditions as DynamoDB; tests/contract runs the same tests over both."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import RLock
from typing import TypeVar

from bookings.domain.change_set import ChangeSet, Edit, Snapshot, StaleSnapshot, Versioned, new_history_entry
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters, RequestPage, SortOrder
from bookings.domain.reporting.tally import Cohort, Tally, cohort, tally_delta
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.match_keys import patient_key
from bookings.domain.requests.other_requests import RequestSummary
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, RequestKey
from bookings.domain.scheduling.day_sheet import Busy, DaySheet, SheetKey, busy_times
from bookings.storage.booking_store import MAX_REQUESTS_PER_NAME
from bookings.storage.items import match_keys
from bookings.storage.schema import KeySchema

_One = TypeVar("_One")
_Other = TypeVar("_Other")

_Key = tuple[str, str]
"""A practice's id and the id of something that belongs to it."""


class InMemoryBookingStore:
    """The BookingStore in memory. A commit writes all or nothing, under a lock.

    `emails` is the outbox by id, `writes` the PMS writes by practice and id. The other in-memory stores read and write
    the same dictionaries.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._requests: dict[_Key, Request] = {}
        self._appointments: dict[_Key, Appointment] = {}
        self._sheets: dict[tuple[str, SheetKey], DaySheet] = {}
        self._idempotency_records: dict[str, IdempotencyRecord] = {}
        self._counts: Counter[str] = Counter()
        self._history: dict[str, list[HistoryEntry]] = {}
        self._tallies: dict[tuple[str, Cohort], Counter[str]] = {}
        self.emails: dict[str, Email] = {}
        self.writes: dict[_Key, PmsWrite] = {}

    def load(
        self,
        practice_id: str,
        *,
        request_id: str | None = None,
        appointment_id: str | None = None,
        idempotency_record_id: str | None = None,
        write_id: str | None = None,
        sheets: Sequence[SheetKey] = (),
    ) -> Snapshot:
        with self._lock:
            return Snapshot(
                request=self._requests.get((practice_id, request_id or "")),
                appointment=self._appointments.get((practice_id, appointment_id or "")),
                idempotency_record=self._idempotency_records.get(idempotency_record_id or ""),
                pms_write=self.writes.get((practice_id, write_id or "")),
                sheets={key: self._sheet(practice_id, key) for key in sheets},
            )

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        with self._lock:
            names = ((practice_id, appointment_id) for appointment_id in appointment_ids)
            found = {name[1]: self._appointments[name] for name in names if name in self._appointments}
            return {
                asked: self._appointments[practice_id, one.alias_of] if one.alias_of else one
                for asked, one in found.items()
            }

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        today, keys = to_rfc9557(now.astimezone(practice.zone)), _match_keys(practice.id, patient)
        with self._lock:
            return [
                one
                for (practice_id, _), one in self._appointments.items()
                if practice_id == practice.id
                and (one.busy_slot and to_rfc9557(one.busy_slot.start) > today)
                and (one.patient and keys & _match_keys(practice_id, one.patient))
            ]

    def requests_of(self, practice_id: str, patient: Patient) -> list[RequestSummary]:
        with self._lock:
            found = [
                RequestSummary.model_validate(dict(one))
                for (of, _), one in self._requests.items()
                if of == practice_id and patient_key(patient) and patient_key(one.patient) == patient_key(patient)
            ]
        return sorted(found, key=lambda one: one.id, reverse=True)[:MAX_REQUESTS_PER_NAME]

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        def sort_key(request: Request) -> str:
            start = f"{to_rfc9557(request.requested.start)}#{request.id}"
            return start if filters.order is SortOrder.START else request.id

        def is_in(request: Request) -> bool:
            moment = request.requested.start if filters.order is SortOrder.START else request.received_at
            day = moment.astimezone(practice.zone).date()
            return (filters.first_day or date.min) <= day <= (filters.last_day or date.max)

        newest_first = filters.order is SortOrder.NEWEST

        def follows(request: Request) -> bool:
            if cursor is None:
                return True
            return sort_key(request) < cursor if newest_first else sort_key(request) > cursor

        with self._lock:
            found = sorted(
                (
                    one
                    for (practice_id, _), one in self._requests.items()
                    if practice_id == practice.id
                    and one.status in filters.statuses
                    and filters.matches(one)
                    and is_in(one)
                    and follows(one)
                ),
                key=sort_key,
                reverse=newest_first,
            )
        page = tuple(found[: filters.limit])
        return RequestPage(page, sort_key(page[-1]) if len(page) == filters.limit else None)

    def watched_requests(self, practice_id: str) -> list[Request]:
        with self._lock:
            waiting = (one for (of, _), one in self._requests.items() if of == practice_id and one.watch)
            return sorted(waiting, key=lambda one: one.id)

    def history(self, request_id: str) -> list[HistoryEntry]:
        with self._lock:
            return list(self._history.get(request_id, ()))

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        with self._lock:
            return [
                Tally(counted, dict(counts))
                for (of, counted), counts in sorted(self._tallies.items())
                if of == practice_id and first_day <= counted.day <= last_day
            ]

    def run_concurrently(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        return [call() for call in calls]

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        with self._lock:
            names = ((practice_id, write_id) for write_id in write_ids)
            return [self.writes[name] for name in names if name in self.writes]

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        due = [one for one in self._writes() if one.practice_id == practice_id and one.is_due(now)]
        return sorted(due, key=lambda one: one.due_at)

    def unconfirmed_creates(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        def is_unwritten(one: PmsWrite) -> bool:
            if one.status is WriteStatus.QUEUED:
                return True
            is_lost = one.may_have_been_carried_out or one.status in (WriteStatus.FAILED, WriteStatus.TIMED_OUT)
            return is_lost and one.begins_at > now

        creates = (one for one in self._writes() if one.practice_id == practice_id and one.kind == "create")
        return [one for one in creates if is_unwritten(one)]

    def expired_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        overdue = sorted((one for one in self._writes() if one.has_timed_out(now)), key=lambda one: one.give_up_at)
        return overdue[:limit]

    def _writes(self) -> list[PmsWrite]:
        with self._lock:
            return list(self.writes.values())

    def run_both(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        return one(), other()

    def commit(self, change: ChangeSet) -> None:
        with self._lock:
            self._check(change)
            if change.idempotency_record:
                self._idempotency_records[change.idempotency_record.id] = change.idempotency_record
            if change.rate_limit:
                self._counts[change.rate_limit.id] += 1
            if change.request:
                self._edit_request(change, change.request)
            for edit in _appointments(change):
                self._edit_appointment(edit, change.stamp.at)
            if change.email:
                self.emails[change.email.outbox_id] = change.email
            for write in change.pms_writes:
                self.writes[_key(write.after)] = write.after

    def all_requests(self) -> list[Request]:
        """The requests of all practices."""
        with self._lock:
            return list(self._requests.values())

    def put_request(self, request: Request) -> None:
        """Store the request as it is, without history and tallies."""
        self._requests[_key(request)] = request

    def mark_overdue(self, keys: Sequence[RequestKey]) -> None:
        """Mark these requests as overdue; their revisions stay."""
        for key in keys:
            self._requests[key] = self._requests[key].model_copy(update={"overdue": True})

    def tally_counts(self, practice_id: str, cohort: Cohort) -> Counter[str]:
        """The stored counts of the tally, which a test may change."""
        return self._tallies[practice_id, cohort]

    @property
    def lock(self) -> RLock:
        """The lock of every write."""
        return self._lock

    def _check(self, change: ChangeSet) -> None:
        stale = StaleSnapshot()
        failed = self._check_writes(change, stale)
        failed |= self._check_call(change, stale)
        if change.request:
            known = self._requests.get(_key(change.request.after))
            if not _is_unchanged(change.request, known):
                stale.request, failed = known, True
        if change.appointment:
            booked = self._appointments.get(_key(change.appointment.after))
            if not _is_unchanged(change.appointment, booked):
                stale.appointment, failed = booked, True
            touched = _changed_sheet_keys(change.appointment)
            practice_id = change.appointment.after.practice_id
            snapshot = {sheet.key: sheet.version for sheet in change.checked_sheets if sheet.key in touched}
            now = {key: self._sheet(practice_id, key) for key in snapshot}
            stale.sheets = {key: sheet for key, sheet in now.items() if sheet.version != snapshot[key]}
        if failed or stale.sheets:
            raise stale

    def _check_call(self, change: ChangeSet, stale: StaleSnapshot) -> bool:
        """Whether the call was answered before, or its rate limit is used up."""
        if change.idempotency_record:
            standing = self._idempotency_records.get(change.idempotency_record.id)
            if standing and standing.expires_at >= change.stamp.at:
                stale.idempotency_record = standing
        limit = change.rate_limit
        stale.is_over_limit = limit is not None and self._counts[limit.id] >= limit.limit
        return stale.idempotency_record is not None or stale.is_over_limit

    def _check_writes(self, change: ChangeSet, stale: StaleSnapshot) -> bool:
        """Whether a PMS write, the alias or the former appointment has changed since it was read."""
        standing = {one.after.id: self.writes.get(_key(one.after)) for one in change.pms_writes}
        moved_on = [one.after.id for one in change.pms_writes if not _is_unchanged(one, standing[one.after.id])]
        stale.pms_writes = {name: known for name in moved_on if (known := standing[name])}
        others = [edit for edit in (change.alias, change.former_appointment) if edit]
        changed = [edit for edit in others if not _is_unchanged(edit, self._appointments.get(_key(edit.after)))]
        return bool(moved_on or changed)

    def _edit_request(self, change: ChangeSet, edit: Edit[Request]) -> None:
        after = edit.after
        self._requests[_key(after)] = _merge(edit, self._requests.get(_key(after)))
        if edit.is_new_revision:
            self._history.setdefault(after.id, []).append(new_history_entry(change, edit))
        counts = self._tallies.setdefault((after.practice_id, cohort(after)), Counter())
        counts.update(tally_delta(edit.before, after))

    def _edit_appointment(self, edit: Edit[Appointment], now: datetime) -> None:
        after = edit.after
        self._appointments[_key(after)] = _merge(edit, self._appointments.get(_key(after)))
        times = busy_times(after.busy_slots, since=now)
        for key in _changed_sheet_keys(edit):
            stays = times.get(key)
            sheet = self._sheet(after.practice_id, key)
            busy = {name: taken for name, taken in sheet.busy.items() if name != after.id}
            if stays:
                busy[after.id] = stays
            self._sheets[after.practice_id, key] = replace(sheet, version=sheet.version + 1, busy=busy)

    def _sheet(self, practice_id: str, key: SheetKey) -> DaySheet:
        return self._sheets.get((practice_id, key), DaySheet(key))


def _appointments(change: ChangeSet) -> list[Edit[Appointment]]:
    return [edit for edit in (change.appointment, change.alias, change.former_appointment) if edit]


def _key(thing: Request | Appointment | PmsWrite) -> _Key:
    return thing.practice_id, thing.id


def _is_unchanged(edit: Edit[Versioned], standing: Versioned | None) -> bool:
    """Whether the condition of this write holds: nothing stored for a new thing, the same revision otherwise.

    A claimed e-mail makes no new revision of its request, but changes its last notification.
    """
    if edit.before is None or standing is None:
        return edit.before is standing
    is_same_revision = edit.before.revision == standing.revision
    return is_same_revision and _last_outbox_id(edit.before) == _last_outbox_id(standing)


def _last_outbox_id(thing: Request | Appointment | PmsWrite) -> str | None:
    """The e-mail that a request's patient got last."""
    told = thing.last_notification if isinstance(thing, Request) else None
    return told.outbox_id if told else None


def _merge(edit: Edit[Versioned], standing: Versioned | None) -> Versioned:
    """Write only what the edit changes, so that later changes without a new revision stay."""
    if edit.before is None or standing is None:
        return edit.after
    before, after = dict(edit.before), dict(edit.after)
    return standing.model_copy(update={name: after[name] for name in after if after[name] != before[name]})


def _changed_sheet_keys(edit: Edit[Appointment]) -> list[SheetKey]:
    """The sheets on which the appointment's busy time changes."""
    before = busy_times(edit.before.busy_slots) if edit.before else {}
    after = busy_times(edit.after.busy_slots)
    return [key for key in dict.fromkeys((*before, *after)) if not _is_same_time(before.get(key), after.get(key))]


def _is_same_time(one: Busy | None, other: Busy | None) -> bool:
    return one is not None and other is not None and one.slot == other.slot


def _match_keys(practice_id: str, patient: Patient) -> set[tuple[KeySchema, str]]:
    """The match keys are the storage's: each is an index."""
    return set(match_keys(practice_id, patient).items())
