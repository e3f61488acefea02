"""Everything that is stored about a practice, and the invariants that must hold at any time.

The checks count from the items themselves and do not use the code under test.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.outbox.email import Email
from bookings.domain.reporting.tally import Cohort, cohort, columns_of
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.conflicts import overlap
from bookings.domain.scheduling.day_sheet import busy_times, resources_of
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.codec import Item, decode_item, encode
from bookings.storage.dynamodb import DynamoDb
from bookings.storage.items import BUSY_PREFIX, busy_attribute, to_appointment, to_request
from bookings.storage.schema import APPOINTMENTS, DAY_SHEETS, PMS_WRITES, REQUESTS, KeySchema, Table

Busy = tuple[str, str, int]
"""The attribute of an appointment, its start, and its minutes."""


@dataclass(frozen=True)
class StoredPractice:
    """One practice's requests, appointments, day sheets, history, tallies, e-mails and PMS writes."""

    requests: Mapping[str, Request]
    appointments: Mapping[str, Appointment]
    sheets: Mapping[str, frozenset[Busy]]
    history: Mapping[str, Sequence[HistoryEntry]]
    tallies: Mapping[Cohort, Counter[str]]
    emails: Sequence[Email]
    pms_writes: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, database: DynamoDb, practice_id: str) -> "StoredPractice":
        """Read all of it, at a time when nobody writes."""

        def items(schema: KeySchema) -> list[Item]:
            return database.query(schema, practice_id, consistent=True)

        bookings = DynamoBookingStore(database)
        requests = [to_request(item) for item in items(REQUESTS)]
        appointments = [to_appointment(item) for item in items(APPOINTMENTS)]
        tallies = bookings.tallies(practice_id, date.min, date(9999, 1, 1))
        history = {one.id: bookings.history(one.id) for one in requests}
        return cls(
            requests={one.id: one for one in requests},
            appointments={one.id: one for one in appointments},
            sheets={sheet: busy for item in items(DAY_SHEETS) for sheet, busy in [_busy(item)] if busy},
            history=history,
            tallies={tally.cohort: +Counter(tally.counts) for tally in tallies},
            emails=_emails(database, practice_id),
            pms_writes=[decode_item(item) for item in items(PMS_WRITES)],
        )

    def check_consistency(self) -> None:
        """Assert that nothing is lost, duplicated or left over."""
        self._check_history()
        self._check_tallies()
        self._check_appointments()
        self._check_sheets()
        self._check_emails()
        self._check_pms_writes()

    def _check_history(self) -> None:
        """History has every revision once, and the last one has the stored status."""
        for request in self.requests.values():
            entries = self.history[request.id]
            assert [entry.revision for entry in entries] == list(range(1, request.revision + 1))
            statuses = [str(entry.after["status"]) for entry in entries if "status" in entry.after]
            assert statuses[-1] == request.status

    def _check_tallies(self) -> None:
        recounted: dict[Cohort, Counter[str]] = {}
        for request in self.requests.values():
            recounted.setdefault(cohort(request), Counter()).update(columns_of(request))
        assert {of: tally for of, tally in self.tallies.items() if tally} == recounted

    def _check_appointments(self) -> None:
        """Request and appointment refer to each other one to one; no two of ours overlap in a chair or practitioner."""
        by_requests = {one.id: one.appointment_id for one in self.requests.values() if one.appointment_id}
        by_appointments = {one.request_id: one.id for one in self.appointments.values() if one.request_id}
        assert by_requests == by_appointments
        ours = [one for one in self.appointments.values() if one.origin == "chairlink" and one.is_active]
        assert all(one.request_id for one in ours), "an appointment without a request"
        for one, other in combinations([one.slot for one in ours if one.slot], 2):
            assert not (set(resources_of(one)) & set(resources_of(other)) and overlap(one, other)), "a double booking"
        for request in self.requests.values():
            is_released = request.appointment_status is AppointmentStatus.CANCELLED and not request.appointment_id
            assert (request.status is Status.ACCEPTED) == (bool(request.appointment_id) or is_released)

    def _check_sheets(self) -> None:
        """The busy times are those of the appointments that keep somebody busy."""
        expected: dict[str, set[Busy]] = {}
        for one in self.appointments.values():
            for key, busy in busy_times(one.busy_slots).items():
                time = busy_attribute(one.id), to_rfc9557(busy.start), busy.duration_minutes
                expected.setdefault(f"{key.day}#{key.resource.kind}#{key.resource.id}", set()).add(time)
        assert self.sheets == expected

    def _check_emails(self) -> None:
        """Each decision has one e-mail or none, and the request has the id of the newest."""
        to_patients = [email for email in self.emails if email.request_id]
        of_decisions = Counter((str(email.request_id), email.revision) for email in to_patients)
        assert all(count == 1 for count in of_decisions.values()), of_decisions
        assert all(revision <= self.requests[request_id].revision for request_id, revision in of_decisions)
        known = {email.outbox_id for email in to_patients}
        assert {one.outbox_id for one in self.requests.values() if one.outbox_id} <= known

    def _check_pms_writes(self) -> None:
        """Each of our appointments is created once. A cancelled one is cancelled once, or its create was not leased."""
        written = Counter((write["kind"], write["appointment_id"]) for write in self.pms_writes)
        ours = [one for one in self.appointments.values() if one.origin == "chairlink"]
        creates = {write["appointment_id"]: write for write in self.pms_writes if write["kind"] == "create"}
        cancelled = [one.id for one in ours if not one.is_active]
        leased = [name for name in cancelled if creates[name]["attempts"]]
        assert written == Counter(("create", one.id) for one in ours) + Counter(("cancel", name) for name in leased)
        assert {creates[name]["status"] for name in cancelled if name not in leased} <= {"withdrawn"}

    @property
    def summary(self) -> dict[str, object]:
        """What happened, without the ids that differ from run to run."""
        return {
            "requests": Counter((one.status, one.resolution, one.revision) for one in self.requests.values()),
            "steps": Counter(tuple(entry.action for entry in entries) for entries in self.history.values()),
            "appointments": Counter((one.origin, one.is_active) for one in self.appointments.values()),
            "busy": {sheet: len(busy) for sheet, busy in self.sheets.items()},
            "emails": Counter((email.kind, email.status) for email in self.emails),
            "pms_writes": Counter(write["kind"] for write in self.pms_writes),
        }


def _busy(item: Item) -> tuple[str, frozenset[Busy]]:
    values = decode_item(item)
    busy = {
        (name, value["start"], value["duration_minutes"])
        for name, value in values.items()
        if name.startswith(BUSY_PREFIX)
    }
    return values["sheet_id"], frozenset(busy)


def _emails(database: DynamoDb, practice_id: str) -> list[Email]:
    """The practice's e-mails. The Outbox table has no key for them, so this scans it."""
    call: dict[str, Any] = {
        "TableName": database._tables[Table.OUTBOX],
        "ConsistentRead": True,
        "FilterExpression": "practice_id = :practice",
        "ExpressionAttributeValues": {":practice": encode(practice_id)},
    }
    emails: list[Email] = []
    while True:
        answer = database._call("Scan", dict(call))
        emails += [Email.model_validate(decode_item(item)) for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            return emails
        call["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
