"""Storage in memory, under the same conditions as the real one: what a fake lets through, DynamoDB lets through too.

The contract tests run the same stories over these fakes, moto and MiniStack.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import RLock
from typing import TypeVar

from bookings.domain.change_set import ChangeSet, Edit, Snapshot, StaleSnapshot, Versioned, new_history_entry
from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.overdue_email import RequestKey
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.domain.practice.agent import Agent, AgentActivity
from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import (
    Chair,
    ContradictedSection,
    Pms,
    Practice,
    Practitioner,
    SectionKind,
    Service,
)
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.reporting.request_query import RequestFilters, RequestPage, SortOrder
from bookings.domain.reporting.tally import Cohort, Tally, cohort, tally_delta
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey, busy_time_on, sheet_keys
from bookings.storage.items import match_keys
from bookings.storage.schema import KeySchema

_One = TypeVar("_One")
_Other = TypeVar("_Other")
_Section = TypeVar("_Section", bound=Entity)

Name = tuple[str, str]
"""A practice's id and the id of something that belongs to it."""


class FakePractices:
    """Practices that forget nothing and cache nothing."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._practices: dict[str, Practice] = {}
        self._agents: dict[str, Agent] = {}
        self._sections: dict[tuple[str, SectionKind, str], tuple[int, Entity]] = {}
        self._aside: dict[tuple[str, SectionKind, str], Entity] = {}
        self._heard: dict[Name, AgentActivity] = {}

    def get(self, practice_id: str) -> Practice | None:
        with self._lock:
            practice = self._practices.get(practice_id)
            return practice and self._assembled(practice)

    def agent(self, agent_id: str) -> Agent | None:
        return self._agents.get(agent_id)

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        practice = self._practices[practice_id]
        of_pms = {name: value for name, value in changes.items() if name in Pms.model_fields}
        others = {name: value for name, value in changes.items() if name not in of_pms}
        pms = practice.pms.model_copy(update=of_pms)
        self._practices[practice_id] = practice.model_copy(update={**others, "pms": pms})

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        name = practice_id, kind, section_id
        with self._lock:
            known = self._sections.get(name)
            if known and (known[0] > version or known == (version, section)):
                return EventOutcome.IGNORED
            if known and known[0] == version:
                self._aside[name] = section
                return EventOutcome.CONTRADICTION
            self._sections[name] = version, section
            self._aside.pop(name, None)
            return EventOutcome.APPLIED

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        name = agent.practice_id, agent.id
        known = self._heard.get(name, AgentActivity(agent_id=agent.id, heard_at=now))
        told = {"heard_at": now} | ({"last_heartbeat_at": now} if heartbeat else {})
        told |= {"last_event_at": now} if events else {}
        self._heard[name] = known.model_copy(update=told)

    def save(self, practice: Practice) -> None:
        self._practices[practice.id] = practice

    def save_agent(self, agent: Agent) -> None:
        self._agents[agent.id] = agent

    def _assembled(self, practice: Practice) -> Practice:
        heard = tuple(one for (practice_id, _), one in sorted(self._heard.items()) if practice_id == practice.id)
        told_of_pms = {
            "synced_at": max((one.heard_at for one in heard), default=None),
            "agents": heard,
        }
        hours = self._of(practice, "hours", Hours)
        aside = tuple(
            ContradictedSection(
                kind=name[1],
                id=name[2],
                version=self._sections[name][0],
                told=section.model_dump(mode="json", exclude={"hours"}),
            )
            for name, section in sorted(self._aside.items(), key=lambda one: one[0][1:])
            if name[0] == practice.id
        )

        def with_hours(section: _Section) -> _Section:
            return section.model_copy(update={"hours": hours.get(section.id)})  # type: ignore[attr-defined]

        return practice.model_copy(
            update={
                "pms": practice.pms.model_copy(update={**told_of_pms, "contradictions": aside}),
                "hours": hours.get(practice.id),
                "practitioners": tuple(map(with_hours, self._of(practice, "practitioner", Practitioner).values())),
                "chairs": tuple(map(with_hours, self._of(practice, "chair", Chair).values())),
                "services": tuple(self._of(practice, "service", Service).values()),
            }
        )

    def _of(self, practice: Practice, kind: SectionKind, _: type[_Section]) -> dict[str, _Section]:
        """The practice's sections of that kind by id, in order of their ids."""
        return {
            section_id: section  # type: ignore[misc]  # recorded under their kind
            for (practice_id, of, section_id), (_, section) in sorted(self._sections.items(), key=lambda one: one[0])
            if (practice_id, of) == (practice.id, kind)
        }


class FakeBookings:
    """Requests, appointments and day sheets; a commit is all or nothing, and one at a time."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._requests: dict[Name, Request] = {}
        self._appointments: dict[Name, Appointment] = {}
        self._sheets: dict[tuple[str, SheetKey], DaySheet] = {}
        self._receipts: dict[str, IdempotencyRecord] = {}
        self._history: dict[str, list[HistoryEntry]] = {}
        self._tallies: dict[tuple[str, Cohort], Counter[str]] = {}
        self.emails: dict[str, Email] = {}
        self.writes: dict[Name, PmsWrite] = {}

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
                idempotency_record=self._receipts.get(idempotency_record_id or ""),
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
                and one.may_be_linked
                and (one.slot and to_rfc9557(one.slot.start) > today)
                and (one.patient and keys & _match_keys(practice_id, one.patient))
            ]

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        def place(request: Request) -> str:
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
            return place(request) < cursor if newest_first else place(request) > cursor

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
                key=place,
                reverse=newest_first,
            )
        page = tuple(found[: filters.limit])
        return RequestPage(page, place(page[-1]) if len(page) == filters.limit else None)

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
                self._receipts[change.idempotency_record.id] = change.idempotency_record
            if change.request:
                self._edit_request(change, change.request)
            for edit in _appointments(change):
                self._edit_appointment(edit, change.stamp.at)
            if change.email:
                self.emails[change.email.outbox_id] = change.email
            for write in change.pms_writes:
                self.writes[_name(write.after)] = write.after

    def tell(self, email: Email) -> None:
        """Show how far the letter has come on its request, unless a newer decision stands."""
        name = email.practice_id, email.request_id or ""
        request = self._requests.get(name)
        if email.mail_status and request and request.outbox_id == email.outbox_id:
            self._requests[name] = request.model_copy(update={"mail": email.mail_status})

    def due_for_pms_evidence(self) -> list[Request]:
        """The accepted requests of all practices of whose appointments the PMS has yet to speak."""
        with self._lock:
            return [one for one in self._requests.values() if evidence_due(one)]

    def pending(self) -> list[Request]:
        """The requests of all practices that nobody has decided."""
        with self._lock:
            return [one for one in self._requests.values() if one.status is Status.PENDING]

    def mark_overdue(self, names: Sequence[RequestKey]) -> None:
        """Flag these requests; their revisions stay."""
        for name in names:
            self._requests[name] = self._requests[name].model_copy(update={"overdue": True})

    def locked(self) -> RLock:
        """What nobody else writes under."""
        return self._lock

    def _check(self, change: ChangeSet) -> None:
        stale = StaleSnapshot()
        failed = self._check_writes(change, stale)
        if change.idempotency_record:
            standing = self._receipts.get(change.idempotency_record.id)
            if standing and standing.expires_at >= change.stamp.at:
                stale.idempotency_record, failed = standing, True
        if change.request:
            known = self._requests.get(_name(change.request.after))
            if not _is_as_seen(change.request, known):
                stale.request, failed = known, True
        if change.appointment:
            booked = self._appointments.get(_name(change.appointment.after))
            if not _is_as_seen(change.appointment, booked):
                stale.appointment, failed = booked, True
            touched = _touched(change.appointment)
            practice_id = change.appointment.after.practice_id
            snapshot = {sheet.key: sheet.version for sheet in change.checked if sheet.key in touched}
            now = {key: self._sheet(practice_id, key) for key in snapshot}
            stale.sheets = {key: sheet for key, sheet in now.items() if sheet.version != snapshot[key]}
        if failed or stale.sheets:
            raise stale

    def _check_writes(self, change: ChangeSet, stale: StaleSnapshot) -> bool:
        """Whether a PMS write, or what stands under the PMS's id, is not as it was seen."""
        standing = {one.after.id: self.writes.get(_name(one.after)) for one in change.pms_writes}
        moved_on = [one.after.id for one in change.pms_writes if not _is_as_seen(one, standing[one.after.id])]
        stale.pms_writes = {name: known for name in moved_on if (known := standing[name])}
        alias = change.alias
        is_alias_taken = alias is not None and not _is_as_seen(alias, self._appointments.get(_name(alias.after)))
        return bool(moved_on) or is_alias_taken

    def _edit_request(self, change: ChangeSet, edit: Edit[Request]) -> None:
        after = edit.after
        self._requests[_name(after)] = _written(edit, self._requests.get(_name(after)))
        if edit.is_new_revision:
            self._history.setdefault(after.id, []).append(new_history_entry(change, edit))
        counts = self._tallies.setdefault((after.practice_id, cohort(after)), Counter())
        counts.update(tally_delta(edit.before, after))

    def _edit_appointment(self, edit: Edit[Appointment], now: datetime) -> None:
        after = edit.after
        self._appointments[_name(after)] = _written(edit, self._appointments.get(_name(after)))
        before = edit.before.occupies if edit.before else None
        for key in _touched(edit):
            stays = busy_time_on(key, after.occupies, now)
            stood = busy_time_on(key, before, now)
            if stays and stood and stays.slot == stood.slot:
                continue
            sheet = self._sheet(after.practice_id, key)
            busy = {name: taken for name, taken in sheet.busy.items() if name != after.id}
            if stays:
                busy[after.id] = stays
            self._sheets[after.practice_id, key] = replace(sheet, version=sheet.version + 1, busy=busy)

    def _sheet(self, practice_id: str, key: SheetKey) -> DaySheet:
        return self._sheets.get((practice_id, key), DaySheet(key))


def _appointments(change: ChangeSet) -> list[Edit[Appointment]]:
    return [edit for edit in (change.appointment, change.alias) if edit]


def _name(thing: Request | Appointment | PmsWrite) -> Name:
    return thing.practice_id, thing.id


def _is_as_seen(edit: Edit[Versioned], standing: Versioned | None) -> bool:
    """Whether the condition of this write holds: nothing there for a new thing, the revision for another."""
    if edit.before is None or standing is None:
        return edit.before is standing
    return edit.before.revision == standing.revision


def _written(edit: Edit[Versioned], standing: Versioned | None) -> Versioned:
    """Only what the edit changes; what came in between without a new revision stays."""
    if edit.before is None or standing is None:
        return edit.after
    before, after = dict(edit.before), dict(edit.after)
    return standing.model_copy(update={name: after[name] for name in after if after[name] != before[name]})


def _touched(edit: Edit[Appointment]) -> list[SheetKey]:
    """The sheets that the appointment leaves and those it stands on afterwards."""
    before, after = edit.before.occupies if edit.before else None, edit.after.occupies
    if before == after:
        return []
    return list(dict.fromkeys(key for slot in (before, after) if slot for key in sheet_keys(slot)))


def _match_keys(practice_id: str, patient: Patient) -> set[tuple[KeySchema, str]]:
    """Which keys there are is the one thing that storage decides: each is an index."""
    return set(match_keys(practice_id, patient).items())
