"""Requests, appointments, day sheets, tallies and PMS writes, as the use cases read and change them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bookings.domain.change_set import ChangeSet, Snapshot
from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.outbox.pms_write import PmsWrite
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.request_query import RequestFilters, RequestPage
from bookings.domain.reporting.tally import Tally
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request
from bookings.domain.scheduling.day_sheet import SheetKey
from bookings.storage import schema
from bookings.storage.codec import decode_item
from bookings.storage.dynamodb import DynamoDb, above, at_most, between
from bookings.storage.items import (
    OPEN_WRITES,
    match_keys,
    patient_partition,
    sheet_item_key,
    to_appointment,
    to_idempotency_record,
    to_request,
    to_sheet,
    to_tally,
    to_write,
    unconfirmed_key,
)
from bookings.storage.request_listing import query_requests
from bookings.storage.transactions import commit

if TYPE_CHECKING:
    from bookings.domain.requests.other_requests import RequestSummary

MAX_CANDIDATES_PER_KEY = 50
"""Appointments read per match key; no patient has more of them ahead."""

MAX_REQUESTS_PER_NAME = 25
"""Requests read of patients with the same names; those of one patient are among the newest of them."""

MAX_WRITES = 100
"""PMS writes read at once."""

_One = TypeVar("_One")
_Other = TypeVar("_Other")


class DynamoBookingStore:
    """The BookingStore over DynamoDB."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

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
        """The named entities as they are stored, in one round trip."""
        request = schema.REQUESTS.key(practice_id, request_id) if request_id else None
        appointment = schema.APPOINTMENTS.key(practice_id, appointment_id) if appointment_id else None
        record = schema.DELIVERIES.key(idempotency_record_id) if idempotency_record_id else None
        write = schema.PMS_WRITES.key(practice_id, write_id) if write_id else None
        item_keys = {key: sheet_item_key(practice_id, key) for key in sheets}
        items = self._database.get([key for key in (request, appointment, record, write, *item_keys.values()) if key])
        return Snapshot(
            request=to_request(items[request]) if request in items else None,
            appointment=to_appointment(items[appointment]) if appointment in items else None,
            idempotency_record=to_idempotency_record(items[record]) if record in items else None,
            pms_write=to_write(items[write]) if write in items else None,
            sheets={key: to_sheet(key, items.get(item_key, {})) for key, item_key in item_keys.items()},
        )

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """Those of the appointments that are stored, by the id that was asked for: ours or the PMS's.

        One round trip, and one more where an alias is among them.
        """
        keys = [schema.APPOINTMENTS.key(practice_id, each) for each in dict.fromkeys(appointment_ids)]
        found = {one.id: one for one in map(to_appointment, self._database.get(keys).values())}
        aliases = {one.id: one.alias_of for one in found.values() if one.alias_of}
        if not aliases:
            return found
        own = self.appointments(practice_id, list(aliases.values()))
        return found | {alias: own[appointment_id] for alias, appointment_id in aliases.items()}

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        """Standing appointments ahead that share a match key with the patient; queried concurrently."""
        ahead = above(to_rfc9557(now.astimezone(practice.zone)))
        pages = self._database.run_concurrently(
            *(
                partial(self._database.query, index, key, ahead, limit=MAX_CANDIDATES_PER_KEY)
                for index, key in match_keys(practice.id, patient).items()
            )
        )
        found = {one.id: one for page in pages for one in map(to_appointment, page)}
        return list(found.values())

    def requests_of(self, practice_id: str, patient: Patient) -> "list[RequestSummary]":
        """The newest requests of patients with the same names. The read is eventually consistent."""
        from bookings.domain.requests.other_requests import RequestSummary  # noqa: PLC0415  # two functions need it

        partition = patient_partition(practice_id, patient)
        if partition is None:
            return []
        found = self._database.query(
            schema.REQUESTS_BY_PATIENT, partition, limit=MAX_REQUESTS_PER_NAME, newest_first=True
        )
        return [RequestSummary.model_validate(decode_item(item)) for item in found]

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        """A page of the practice's requests."""
        return query_requests(self._database, practice.id, practice.zone, filters, cursor)

    def watched_requests(self, practice_id: str) -> list[Request]:
        """The practice's requests that wait for their appointment, oldest first."""
        return [to_request(item) for item in self._database.query(schema.REQUESTS_BY_WATCH, practice_id)]

    def history(self, request_id: str) -> list[HistoryEntry]:
        """The history of the request, oldest entry first."""
        items = self._database.query(schema.HISTORY, request_id, consistent=True)
        return [HistoryEntry.model_validate(decode_item(item)) for item in items]

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of the days, both included."""
        days = between(first_day.isoformat(), (last_day + timedelta(days=1)).isoformat())
        return [to_tally(item) for item in self._database.query(schema.TALLIES, practice_id, days, consistent=True)]

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        """Those of the PMS writes that are stored."""
        items = self._database.get([schema.PMS_WRITES.key(practice_id, each) for each in dict.fromkeys(write_ids)])
        return [to_write(item) for item in items.values()]

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's PMS writes that may be leased now, longest due first."""
        due = at_most(now)
        items = self._database.query(schema.PMS_WRITES_BY_DUE, practice_id, due, limit=MAX_WRITES)
        return [write for write in map(to_write, items) if write.is_due(now)]

    def unconfirmed_creates(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's creates that the PMS has not confirmed and whose appointments are ahead."""
        query = partial(self._database.query, schema.PMS_WRITES_BY_DUE, limit=MAX_WRITES)
        pages = self._database.run_concurrently(
            partial(query, practice_id), partial(query, unconfirmed_key(practice_id), above(now))
        )
        return [write for page in pages for item in page if (write := to_write(item)).kind == "create"]

    def expired_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        """PMS writes of all practices that must be timed out, longest expired first."""
        expired = at_most(now)
        return [
            to_write(item)
            for item in self._database.query(schema.PMS_WRITES_BY_TIMEOUT, OPEN_WRITES, expired, limit=limit)
        ]

    def commit(self, change: ChangeSet) -> None:
        """Write all of the change set or nothing; raises StaleSnapshot."""
        commit(self._database, change)

    def run_concurrently(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        """The results of independent calls; they take as long as the longest."""
        return self._database.run_concurrently(*calls)

    def run_both(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """The results of two independent reads, in the time of one round trip."""
        results: list[_One | _Other] = self._database.run_concurrently(one, other)
        return results[0], results[1]  # type: ignore[return-value]  # in the order of the calls
