"""One event of a PMS agent after the other, taken in by the version rule of DESIGN §6."""

from collections.abc import Sequence
from dataclasses import dataclass

from bookings.domain.change_set import Edit, Overtaken, Stamp
from bookings.domain.kernel.errors import Unavailable
from bookings.domain.pms.event_models import (
    AppointmentData,
    CompletedData,
    DeletedData,
    FailedData,
    HoursData,
    PersonData,
    ServiceData,
    deleted,
    follow,
    heard,
    hours,
    upserted,
)
from bookings.domain.pms.event_partitioning import Told
from bookings.domain.pms.identify_own_appointment import Unwritten
from bookings.domain.practice.event_outcome import Heard
from bookings.domain.practice.practice import Chair, Practice, Practitioner, Service
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.request import Request
from bookings.use_cases import pms_write_outcomes as writes
from bookings.use_cases.link_watched_requests import Watchers
from bookings.use_cases.optimistic_transaction import TRIES
from bookings.use_cases.ports import Bookings, Practices


@dataclass(frozen=True)
class Intake:
    """A practice as a batch of events meets it.

    `known` are the appointments that the batch names; `watchers` and `unwritten` wait for news of others.
    """

    practices: Practices
    bookings: Bookings
    practice: Practice
    known: dict[str, Appointment]
    watchers: Watchers
    unwritten: Sequence[Unwritten]
    stamp: Stamp

    def take_in(self, told: Told) -> Heard:
        """Whether the event was news; raises Invalid for what this practice cannot have, Unavailable."""
        data, version, record = told.data, told.event.version or 0, self.practices.record
        match data:
            case AppointmentData() | DeletedData():
                return self._take_in_appointment(data, version)
            case CompletedData() | FailedData():
                is_news = writes.hear(self.bookings, self.practice, data, self.stamp)
                return Heard.NEWS if is_news else Heard.KNOWN
            case ServiceData():
                return record(self.practice.id, "service", data.id, version, Service(**data.model_dump()))
            case PersonData() if told.event.type in ("chair.upserted", "operatory.upserted"):
                return record(self.practice.id, "chair", data.id, version, Chair(**data.model_dump()))
            case PersonData():
                return record(self.practice.id, "practitioner", data.id, version, Practitioner(**data.model_dump()))
            case HoursData():
                return record(self.practice.id, "hours", data.id, version, hours(self.practice, data))
            case _:
                return Heard.NEWS

    def _take_in_appointment(self, data: AppointmentData | DeletedData, version: int) -> Heard:
        if isinstance(data, AppointmentData) and (ours := self._recognised(data, version)):
            self.known[data.id] = ours
            return Heard.NEWS
        for _ in range(TRIES):
            edit = self._edit(data, version)
            if edit is None:
                return Heard.KNOWN
            change = self.watchers.link(edit, self.stamp) if heard(edit) is Heard.NEWS else None
            change = change or follow(self._linked_request(edit), edit, self.stamp)
            try:
                self.bookings.commit(change)
            except Overtaken as overtaken:
                self.watchers.learn(overtaken.request)
                self.known.update(self.bookings.appointments(self.practice.id, [data.id]))
            else:
                self.known[data.id] = change.appointment.after if change.appointment else edit.after
                return heard(edit)
        raise Unavailable

    def _recognised(self, data: AppointmentData, version: int) -> Appointment | None:
        """The appointment of ours that the PMS tells of under an id of its own."""
        known = self.known.get(data.id)
        return writes.recognise(self.bookings, self.practice, self.unwritten, known, data, version, self.stamp)

    def _edit(self, data: AppointmentData | DeletedData, version: int) -> Edit[Appointment] | None:
        known = self.known.get(data.id)
        if isinstance(data, DeletedData):
            return deleted(self.practice, known, data, version, self.stamp.at)
        return upserted(self.practice, known, data, version, self.stamp.at)

    def _linked_request(self, edit: Edit[Appointment]) -> Request | None:
        request_id = edit.after.request_id
        return self.bookings.see(self.practice.id, request_id=request_id).request if request_id else None
