"""Ingest one PMS event at a time, by its version.

A newer version is applied, an older one is ignored. The same version with another content is a contradiction, which
is kept for staff to see (docs/adr/0025).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot, revise
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.stamp import Stamp
from bookings.domain.pms.apply_event import apply_delete, apply_upsert, outcome_of
from bookings.domain.pms.apply_hours import owner_section, to_hours
from bookings.domain.pms.event_models import (
    AppointmentData,
    ChairData,
    CompletedData,
    DeletedData,
    FailedData,
    HoursData,
    PractitionerData,
    ServiceData,
)
from bookings.domain.pms.event_partitioning import ParsedEvent
from bookings.domain.pms.follow_appointment import follow_appointment, has_changed_patient, let_go, schedule_notice
from bookings.domain.pms.identify_own_appointment import UnconfirmedCreate
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Chair, Practice, Practitioner, Service
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.use_cases.link_on_pms_event import WatchedRequests
from bookings.use_cases.optimistic_transaction import MAX_ATTEMPTS
from bookings.use_cases.pms_write_outcomes import adopt_own_appointment, record_write_outcome
from bookings.use_cases.ports import BookingStore, PracticeRepository


@dataclass(frozen=True)
class EventIngest:
    """Ingests the events of one batch.

    `known` has the stored appointments of the batch by id, and is kept up to date. `watchers` has the watched requests.
    `unconfirmed_creates` has the creates that an event of the batch may confirm.
    """

    practices: PracticeRepository
    bookings: BookingStore
    practice: Practice
    known: dict[str, Appointment]
    watchers: WatchedRequests
    unconfirmed_creates: Sequence[UnconfirmedCreate]
    stamp: Stamp

    def ingest(self, event: ParsedEvent) -> EventOutcome:
        """Store the event; raises Invalid if it does not fit this practice, and Unavailable."""
        data, version, record_section = event.data, event.event.version or 0, self.practices.record_section
        match data:
            case AppointmentData() | DeletedData():
                return self._ingest_appointment(data, version)
            case CompletedData() | FailedData():
                is_new = record_write_outcome(self.bookings, self.practice, data, self.stamp)
                return EventOutcome.APPLIED if is_new else EventOutcome.IGNORED
            case ServiceData():
                return record_section(self.practice.id, "service", data.id, version, Service(**data.model_dump()))
            case ChairData():
                return record_section(self.practice.id, "chair", data.id, version, Chair(**data.model_dump()))
            case PractitionerData():
                return record_section(
                    self.practice.id, "practitioner", data.id, version, Practitioner(**data.model_dump())
                )
            case HoursData():
                kind = owner_section(self.practice, data)
                return record_section(self.practice.id, kind, data.id, version, to_hours(self.practice, data))
            case _:
                return EventOutcome.APPLIED

    def _ingest_appointment(self, data: AppointmentData | DeletedData, version: int) -> EventOutcome:
        if isinstance(data, AppointmentData) and (ours := self._adopt_own_appointment(data, version)):
            self.known[data.id] = ours
            return EventOutcome.APPLIED
        for _ in range(MAX_ATTEMPTS):
            edit = self._edit(data, version)
            if edit is None:
                return EventOutcome.IGNORED
            request = self._linked_request(edit)
            released = self._release(request, edit)
            change = released or self._apply(request, edit)
            try:
                self.bookings.commit(change)
            except StaleSnapshot as stale:
                self.watchers.replace(stale.request)
                self.known.update(self.bookings.appointments(self.practice.id, [data.id]))
            else:
                self.known[data.id] = change.appointment.after if change.appointment else edit.after
                if not released:
                    return outcome_of(edit)
        raise Unavailable

    def _release(self, request: Request | None, edit: Edit[Appointment]) -> ChangeSet | None:
        """The change set that unlinks an appointment that is another person's now; None for every other event.

        The event itself is applied after that, like that of a new appointment, so that it can link a request of the
        new patient. After a crash in between, the agent sends it again.
        """
        if request and edit.before and request.appointment_id == edit.after.id and has_changed_patient(request, edit):
            return let_go(request, revise(edit.before), self.stamp)
        return None

    def _apply(self, request: Request | None, edit: Edit[Appointment]) -> ChangeSet:
        """The change set that applies the event. It links a watched request, or the linked request follows."""
        change = self.watchers.link(edit, self.stamp) if outcome_of(edit) is EventOutcome.APPLIED else None
        return change or schedule_notice(follow_appointment(request, edit, self.stamp), self.practice)

    def _adopt_own_appointment(self, data: AppointmentData, version: int) -> Appointment | None:
        """Our own appointment, if the event shows that the PMS has created it; None otherwise."""
        known = self.known.get(data.id)
        return adopt_own_appointment(
            self.bookings, self.practice, self.unconfirmed_creates, known, data, version, self.stamp
        )

    def _edit(self, data: AppointmentData | DeletedData, version: int) -> Edit[Appointment] | None:
        known = self.known.get(data.id)
        if isinstance(data, DeletedData):
            return apply_delete(self.practice, known, data, version, self.stamp.at)
        return apply_upsert(self.practice, known, data, version, self.stamp.at)

    def _linked_request(self, edit: Edit[Appointment]) -> Request | None:
        request_id = edit.after.request_id
        return self.bookings.load(self.practice.id, request_id=request_id).request if request_id else None
