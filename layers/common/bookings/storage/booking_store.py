"""Requests, appointments and day sheets, as the use cases read and change them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from pynamodb.expressions.operand import Path

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
from bookings.settings import Table
from bookings.storage.codec import decode_item
from bookings.storage.dynamodb import Database
from bookings.storage.items import (
    appointment_key,
    idempotency_item_key,
    match_keys,
    read_appointment,
    read_idempotency_record,
    read_request,
    read_sheet,
    read_tally,
    request_key,
    sheet_key,
)
from bookings.storage.pms_write_queries import due_writes, expired_writes, read_write, unconfirmed_creates, write_key
from bookings.storage.request_listing import list_requests
from bookings.storage.transactions import commit

MAX_CANDIDATES_PER_KEY = 50
"""Appointments looked at per match key; nobody has more ahead of them."""

_One = TypeVar("_One")
_Other = TypeVar("_Other")


class DynamoBookingStore:
    """The tables that decisions read and write."""

    def __init__(self, database: Database) -> None:
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
        """The named things as they stand, in one round trip."""
        request = request_key(practice_id, request_id) if request_id else None
        appointment = appointment_key(practice_id, appointment_id) if appointment_id else None
        idempotency_record = idempotency_item_key(idempotency_record_id) if idempotency_record_id else None
        write = write_key(practice_id, write_id) if write_id else None
        named = {key: sheet_key(practice_id, key) for key in sheets}
        items = self._database.get(
            [key for key in (request, appointment, idempotency_record, write, *named.values()) if key]
        )
        return Snapshot(
            request=read_request(items[request]) if request in items else None,
            appointment=read_appointment(items[appointment]) if appointment in items else None,
            idempotency_record=read_idempotency_record(items[idempotency_record])
            if idempotency_record in items
            else None,
            pms_write=read_write(items[write]) if write in items else None,
            sheets={key: read_sheet(key, items.get(place, {})) for key, place in named.items()},
        )

    def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
        """Those of the appointments that we know, by the id that was asked for, be it their own or the PMS's.

        One round trip, and one more where there is an alias among them.
        """
        keys = [appointment_key(practice_id, appointment_id) for appointment_id in dict.fromkeys(appointment_ids)]
        found = {one.id: one for one in map(read_appointment, self._database.get(keys).values())}
        meant = {one.id: one.alias_of for one in found.values() if one.alias_of}
        if not meant:
            return found
        own = self.appointments(practice_id, list(meant.values()))
        return found | {alias: own[appointment_id] for alias, appointment_id in meant.items()}

    def candidates(self, practice: Practice, patient: Patient, now: datetime) -> list[Appointment]:
        """Appointments ahead, linked to no request, that share a key with the patient; found side by side."""
        today = to_rfc9557(now.astimezone(practice.zone))
        pages = self._database.run_concurrently(
            *(
                partial(
                    self._database.query,
                    Table.APPOINTMENTS,
                    (Path(name) == value) & (Path("start_key") > today),
                    index=f"by_{name.removesuffix('_key')}",
                    limit=MAX_CANDIDATES_PER_KEY,
                )
                for name, value in match_keys(practice.id, patient).items()
            )
        )
        found = {str(item["appointment_id"]): item for page in pages for item in page}
        return [read_appointment(item) for item in found.values()]

    def requests(self, practice: Practice, filters: RequestFilters, cursor: str | None) -> RequestPage:
        """A page of the practice's requests."""
        return list_requests(self._database, practice.id, practice.zone, filters, cursor)

    def watched_requests(self, practice_id: str) -> list[Request]:
        """The practice's requests that wait for their appointment, oldest first."""
        items = self._database.query(Table.REQUESTS, Path("watch_key") == practice_id, index="by_watch")
        return [read_request(item) for item in items]

    def history(self, request_id: str) -> list[HistoryEntry]:
        """Everything that happened to the request, first things first."""
        items = self._database.query(Table.HISTORY, Path("request_id") == request_id, consistent=True)
        return [HistoryEntry.model_validate(decode_item(item)) for item in items]

    def tallies(self, practice_id: str, first_day: date, last_day: date) -> list[Tally]:
        """The tallies of the days, both included."""
        days = Path("cohort").between(first_day.isoformat(), (last_day + timedelta(days=1)).isoformat())
        items = self._database.query(Table.TALLIES, (Path("practice_id") == practice_id) & days, consistent=True)
        return [read_tally(item) for item in items]

    def pms_writes(self, practice_id: str, write_ids: Sequence[str]) -> list[PmsWrite]:
        """Those of the PMS writes that there are."""
        items = self._database.get([write_key(practice_id, write_id) for write_id in dict.fromkeys(write_ids)])
        return [read_write(item) for item in items.values()]

    def due_writes(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's PMS writes that can be handed out, longest due first."""
        return due_writes(self._database, practice_id, now)

    def unconfirmed_creates(self, practice_id: str, now: datetime) -> list[PmsWrite]:
        """The practice's creates that the PMS has not confirmed."""
        return unconfirmed_creates(self._database, practice_id, now)

    def expired_writes(self, now: datetime, limit: int) -> list[PmsWrite]:
        """PMS writes of all practices that are to be given up, longest overdue first."""
        return expired_writes(self._database, now, limit)

    def commit(self, change: ChangeSet) -> None:
        """Write all of the change or nothing; raises Overtaken."""
        commit(self._database, change)

    def run_concurrently(self, calls: Sequence[Callable[[], _One]]) -> list[_One]:
        """The results of independent calls, made side by side: as long a wait as for the longest of them."""
        return self._database.run_concurrently(*calls)

    def run_both(self, one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
        """Two independent reads side by side: one round trip's wait for both."""
        results: list[_One | _Other] = self._database.run_concurrently(one, other)
        return results[0], results[1]  # type: ignore[return-value]  # in the order of the calls
