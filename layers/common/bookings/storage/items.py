"""How our things lie in their tables: keys, index keys, and the way back."""

from collections.abc import Mapping
from datetime import UTC, date
from typing import cast
from urllib.parse import quote, unquote

from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.reporting.tally import Cohort, Familiarity, Tally
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.patient import Patient, birth_key, email_key, name_key, phone_key
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.day_sheet import Busy, DaySheet, Resource, ResourceKind, SheetKey
from bookings.settings import Table
from bookings.storage.codec import Item, decode, decode_item, encode_entity, encode_item
from bookings.storage.dynamodb import Key

BUSY = "busy:"
"""Busy times are attributes of their sheet, so that one can be added to a sheet which nobody has read or written."""


OPEN_REQUESTS = "waiting"
"""The partition of the indexes `by_begin`, `by_answer`, `by_look` and `by_evidence`: requests that nobody has decided,
and those whose appointment could not be written; days' worth."""


def status_key(practice_id: str, status: Status) -> str:
    """The partition of the indexes over requests."""
    return f"{practice_id}#{status}"


def request_key(practice_id: str, request_id: str) -> Key:
    """Where a request lies."""
    return Key.of(Table.REQUESTS, practice_id=practice_id, request_id=request_id)


def request_item(request: Request) -> Item:
    """The request with the keys of its indexes: by start, by age, and some while it waits or asks for attention."""
    keys: dict[str, object] = {
        "request_id": request.id,
        "status_key": status_key(request.practice_id, request.status),
        "start_key": f"{to_rfc9557(request.requested.start)}#{request.id}",
    }
    if request.attention:
        keys["attention_key"] = request.practice_id
    if request.watch:
        keys["watch_key"] = request.practice_id
    return encode_entity(request) | encode_item(keys | _sweeps(request))


def _sweeps(request: Request) -> dict[str, object]:
    """The keys of the sparse indexes over all practices: a request is in them until a sweep has nothing to do for it.

    An instant, although the wall time is the truth: when zone rules change, a sweep comes an hour late, or looks twice.
    """
    if due := evidence_due(request):
        return {"queue": OPEN_REQUESTS, "evidence_due": due.astimezone(UTC)}
    if request.status is not Status.PENDING:
        return {}
    keys: dict[str, object] = {"queue": OPEN_REQUESTS, "begins_at": request.requested.begins}
    if request.answer_by and not request.overdue:
        keys["answer_due"] = request.answer_by.astimezone(UTC)
    if request.look_again_at:
        keys["look_due"] = request.look_again_at.astimezone(UTC)
    return keys


def read_request(item: Item) -> Request:
    """The request in this item."""
    return Request.model_validate(decode_item(item))


def appointment_key(practice_id: str, appointment_id: str) -> Key:
    """Where an appointment lies."""
    return Key.of(Table.APPOINTMENTS, practice_id=practice_id, appointment_id=appointment_id)


def match_keys(practice_id: str, patient: Patient) -> dict[str, str]:
    """The index keys under which this patient's appointments are found, by the attribute that holds them."""
    keys = {
        "email_key": email_key(patient),
        "phone_key": phone_key(patient),
        "birth_key": birth_key(patient),
        "name_key": name_key(patient),
    }
    return {name: f"{practice_id}#{key}" for name, key in keys.items() if key}


def appointment_item(appointment: Appointment) -> Item:
    """The appointment; only one that may be linked has index keys, so the indexes hold candidates and nothing else."""
    keys = {"appointment_id": appointment.id}
    if appointment.may_be_linked and appointment.patient and appointment.slot:
        keys |= match_keys(appointment.practice_id, appointment.patient)
        keys["start_key"] = f"{to_rfc9557(appointment.slot.start)}#{appointment.id}"
    if appointment.occupies:
        keys["occupied_from"] = f"{to_rfc9557(appointment.occupies.start)}#{appointment.id}"
    return encode_entity(appointment) | encode_item(keys)


def read_appointment(item: Item) -> Appointment:
    """The appointment in this item."""
    return Appointment.model_validate(decode_item(item))


def sheet_key(practice_id: str, key: SheetKey) -> Key:
    """Where a day sheet lies."""
    sheet_id = f"{key.day.isoformat()}#{key.resource.kind}#{key.resource.id}"
    return Key.of(Table.DAY_SHEETS, practice_id=practice_id, sheet_id=sheet_id)


def read_sheet_key(item: Item) -> SheetKey:
    """Whose sheet this item is."""
    day, kind, resource_id = str(decode(item["sheet_id"])).split("#", 2)
    return SheetKey(date.fromisoformat(day), Resource(cast(ResourceKind, kind), resource_id))


def busy_attribute(appointment_id: str) -> str:
    """The attribute of a sheet that holds this appointment's time; quoted, since a PMS may put anything into an id."""
    return BUSY + quote(appointment_id, safe="")


def read_sheet(key: SheetKey, item: Item) -> DaySheet:
    """The day sheet in this item."""
    if not item:
        return DaySheet(key)
    busy = {
        unquote(name.removeprefix(BUSY)): Busy.model_validate(decode(value))
        for name, value in item.items()
        if name.startswith(BUSY)
    }
    return DaySheet(key, decode(item["version"]), busy)


def cohort_key(practice_id: str, cohort: Cohort) -> Key:
    """Where a tally lies; it sorts by day."""
    text = "#".join(quote(str(part), safe="") for part in cohort)
    return Key.of(Table.TALLIES, practice_id=practice_id, cohort=text)


def read_tally(item: Item) -> Tally:
    """The tally in this item."""
    values = decode_item(item)
    day, source, practitioner_id, service_id, chair_id, weekday, hour, patient = map(
        unquote, values.pop("cohort").split("#")
    )
    del values["practice_id"]
    counted = Cohort(
        day=date.fromisoformat(day),
        source=source,
        practitioner_id=practitioner_id,
        service_id=service_id,
        chair_id=chair_id,
        weekday=int(weekday),
        hour=int(hour),
        patient=cast(Familiarity, patient),
    )
    return Tally(counted, values)


def history_item(entry: HistoryEntry) -> Item:
    """One entry of a request's history."""
    return encode_entity(entry)


def idempotency_item_key(idempotency_record_id: str) -> Key:
    """Where a receipt lies."""
    return Key.of(Table.DELIVERIES, delivery_id=idempotency_record_id)


def idempotency_item(idempotency_record: IdempotencyRecord) -> Item:
    """The receipt; `expires_at` is in the seconds that DynamoDB's time to live wants."""
    values: Mapping[str, object] = {
        "delivery_id": idempotency_record.id,
        "payload_digest": idempotency_record.payload_digest,
        "outcome": idempotency_record.outcome,
        "expires_at": int(idempotency_record.expires_at.timestamp()),
    }
    return encode_item(values)


def read_idempotency_record(item: Item) -> IdempotencyRecord:
    """The receipt in this item."""
    values = decode_item(item)
    return IdempotencyRecord.model_validate({**values, "id": values["delivery_id"]})
