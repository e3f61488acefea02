"""Between entities and items: keys, index keys, and the way back."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import cast
from urllib.parse import quote, unquote

from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from bookings.domain.kernel.idempotency import IdempotencyRecord
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.kernel.wall_time import to_rfc9557
from bookings.domain.outbox.email import Email
from bookings.domain.outbox.pms_write import PmsWrite, WriteStatus
from bookings.domain.reporting.quality_flags import evidence_due
from bookings.domain.reporting.tally import Cohort, Familiarity, Tally
from bookings.domain.requests.appointment import Appointment
from bookings.domain.requests.history import HistoryEntry
from bookings.domain.requests.match_keys import birth_key, email_key, name_key, patient_key, phone_key
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.day_sheet import Busy, DaySheet, Resource, ResourceKind, SheetKey
from bookings.domain.scheduling.slot import Slot, visit_slots
from bookings.storage import schema
from bookings.storage.codec import Item, decode, decode_item, encode, encode_entity, encode_item
from bookings.storage.schema import Key, KeySchema

_VISIT_FIELDS = ("practitioner_minutes", "also")
"""Fields of an appointment that its busy slots need, besides its slot."""

_COHORT_VALUES = "cohort_values"

BUSY_PREFIX = "busy:"
"""A busy time is an attribute of its sheet, so that it can be added without reading or creating the sheet."""

OPEN_REQUESTS = "waiting"
"""The partition of the indexes over requests that a sweep has work for. It holds days of requests, not history."""

MOVED_REQUESTS = "moved"
"""The partition of the index by recheck with visits that the PMS has moved and whose patient is told by itself."""

OPEN_EMAILS, OPEN_STAFF_EMAILS = "open", "open#staff"
"""The partitions of the index over e-mails that are not finished, to patients and to staff.

They hold an hour of them, not history. Patients have their own, so that no number of reports comes before them.
"""

OPEN_WRITES = "open"
"""The partition of the index over PMS writes that may time out. It holds half an hour of them, not history."""


RATE_LIMIT_COUNT = "calls"
"""The attribute of a rate limit's item that counts."""


def status_key(practice_id: str, status: Status) -> str:
    """The partition of a practice's requests of one status."""
    return f"{practice_id}#{status}"


def request_item(request: Request) -> Item:
    """The request with its index keys: by start, receipt and patient always, the sparse ones while they apply."""
    keys: dict[str, object] = {
        schema.REQUESTS.sort: request.id,
        schema.REQUESTS_BY_START.partition: status_key(request.practice_id, request.status),
        schema.REQUESTS_BY_START.sort: f"{to_rfc9557(request.requested.start)}#{request.id}",
    }
    if request.attentions:
        keys[schema.REQUESTS_BY_ATTENTION.partition] = request.practice_id
    if request.watch:
        keys[schema.REQUESTS_BY_WATCH.partition] = request.practice_id
    if partition := patient_partition(request.practice_id, request.patient):
        keys[schema.REQUESTS_BY_PATIENT.partition] = partition
    return encode_entity(request) | encode_item(keys | _sweep_keys(request))


def patient_partition(practice_id: str, patient: Patient) -> str | None:
    """The partition of the practice's requests of patients with these names; None without names."""
    key = patient_key(patient)
    partition = f"{practice_id}#{key}" if key else None
    return partition if partition and len(partition.encode()) <= schema.MAX_PARTITION_KEY_BYTES else None


def _sweep_keys(request: Request) -> dict[str, object]:
    """The keys of the sparse indexes over all practices: when the next sweep has work for the request.

    They are instants in UTC although the wall time is the truth: after a change of zone rules a sweep comes an hour
    late, or finds nothing to do.
    """
    partition, due_at = OPEN_REQUESTS, dict[KeySchema, datetime]()
    if request.automatic_notice_at:  # the PMS has reported the appointment, so no evidence is awaited
        partition, due_at[schema.REQUESTS_BY_RECHECK_DUE] = MOVED_REQUESTS, request.automatic_notice_at
    elif evidence := evidence_due(request):
        due_at[schema.REQUESTS_BY_EVIDENCE_DUE] = evidence
    elif request.status is Status.PENDING:
        due_at[schema.REQUESTS_BY_EXPIRY] = request.requested.begins
        if request.answer_by and not request.overdue:
            due_at[schema.REQUESTS_BY_ANSWER_DUE] = request.answer_by
        if request.look_again_at:
            due_at[schema.REQUESTS_BY_RECHECK_DUE] = request.look_again_at
    if not due_at:
        return {}
    keys: dict[str, object] = {index.sort: moment.astimezone(UTC) for index, moment in due_at.items()}
    return keys | {schema.REQUESTS_BY_EXPIRY.partition: partition}


def to_request(item: Item) -> Request:
    """The request in this item."""
    return Request.model_validate(decode_item(item))


def match_keys(practice_id: str, patient: Patient) -> dict[KeySchema, str]:
    """The partitions of the indexes that hold this patient's appointments."""
    keys = {
        schema.APPOINTMENTS_BY_EMAIL: email_key(patient),
        schema.APPOINTMENTS_BY_PHONE: phone_key(patient),
        schema.APPOINTMENTS_BY_BIRTH_DATE: birth_key(patient),
        schema.APPOINTMENTS_BY_NAME: name_key(patient),
    }
    partitions = {index: f"{practice_id}#{key}" for index, key in keys.items() if key}
    return {index: key for index, key in partitions.items() if len(key.encode()) <= schema.MAX_PARTITION_KEY_BYTES}


def appointment_item(appointment: Appointment) -> Item:
    """The appointment. Only a standing one has match keys, so those indexes hold candidates and nothing else."""
    keys = {schema.APPOINTMENTS.sort: appointment.id}
    if appointment.busy_slot and appointment.patient:
        for index, key in match_keys(appointment.practice_id, appointment.patient).items():
            keys[index.partition] = key
        keys[schema.APPOINTMENTS_BY_EMAIL.sort] = f"{to_rfc9557(appointment.busy_slot.start)}#{appointment.id}"
    item = encode_entity(appointment)
    if appointment.busy_slots:
        first = min(appointment.busy_slots, key=lambda slot: slot.begins)
        keys[schema.APPOINTMENTS_BY_DAY.sort] = f"{to_rfc9557(first.start)}#{appointment.id}"
        # The index holds `slot` and no other attribute.
        item["slot"]["M"] |= {name: item[name] for name in _VISIT_FIELDS}
    return item | encode_item(keys)


def to_busy_slots(item: Item) -> tuple[Slot, ...]:
    """What the appointment in this item of the index by day keeps busy."""
    values = decode(item["slot"])
    further = (Slot.model_validate(one) for one in values.get("also", ()))
    return visit_slots(Slot.model_validate(values), values.get("practitioner_minutes"), further)


def to_appointment(item: Item) -> Appointment:
    """The appointment in this item."""
    return Appointment.model_validate(decode_item(item))


def sheet_item_key(practice_id: str, key: SheetKey) -> Key:
    """The key of a day sheet."""
    return schema.DAY_SHEETS.key(practice_id, f"{key.day.isoformat()}#{key.resource.kind}#{key.resource.id}")


def to_sheet_key(item: Item) -> SheetKey:
    """Which chair's or practitioner's sheet this item is, and of which day."""
    day, kind, resource_id = str(decode(item[schema.DAY_SHEETS.sort])).split("#", 2)
    return SheetKey(date.fromisoformat(day), Resource(cast(ResourceKind, kind), resource_id))


def busy_attribute(appointment_id: str) -> str:
    """The attribute of a sheet that holds this appointment's time; percent-encoded, because PMS ids hold anything."""
    return BUSY_PREFIX + quote(appointment_id, safe="")


def to_sheet(key: SheetKey, item: Item) -> DaySheet:
    """The day sheet in this item; an empty one for an empty item."""
    if not item:
        return DaySheet(key)
    busy = {
        unquote(name.removeprefix(BUSY_PREFIX)): Busy.model_validate(decode(value))
        for name, value in item.items()
        if name.startswith(BUSY_PREFIX)
    }
    return DaySheet(key, decode(item["version"]), busy)


def cohort_item_key(practice_id: str, cohort: Cohort) -> Key:
    """The key of a tally; tallies sort by day. If the ids are too long for a key, it has their digest instead."""
    return schema.TALLIES.key(practice_id, _cohort_digest(cohort) or _cohort_text(cohort))


def cohort_actions(cohort: Cohort) -> list[Action]:
    """What to write beside the counts, so that a tally can be read whose key has a digest."""
    return [Path(_COHORT_VALUES).set(encode(_cohort_text(cohort)))] if _cohort_digest(cohort) else []


def _cohort_text(cohort: Cohort) -> str:
    return "#".join(quote(str(part), safe="") for part in cohort)


def _cohort_digest(cohort: Cohort) -> str | None:
    text = _cohort_text(cohort)
    if len(text) <= schema.MAX_SORT_KEY_BYTES:
        return None
    return f"{cohort.day.isoformat()}#{hashlib.sha256(text.encode()).hexdigest()}"


def to_tally(item: Item) -> Tally:
    """The tally in this item."""
    values = decode_item(item)
    key = values.pop(schema.TALLIES.sort)
    text = values.pop(_COHORT_VALUES, key)
    day, source, practitioner_id, service_id, chair_id, weekday, hour, patient = map(unquote, text.split("#"))
    del values[schema.TALLIES.partition]
    cohort = Cohort(
        day=date.fromisoformat(day),
        source=source,
        practitioner_id=practitioner_id,
        service_id=service_id,
        chair_id=chair_id,
        weekday=int(weekday),
        hour=int(hour),
        patient=cast(Familiarity, patient),
    )
    return Tally(cohort, values)


def history_item(entry: HistoryEntry) -> Item:
    """One entry of a request's history."""
    return encode_entity(entry)


def email_item(email: Email) -> Item:
    """The e-mail; one that no sweep has work for has no index key."""
    item = encode_entity(email)
    if not email.needs_sweep:
        return item
    partition = OPEN_STAFF_EMAILS if email.is_to_staff else OPEN_EMAILS
    return item | encode_item({schema.OUTBOX_BY_DUE.partition: partition})


def to_email(item: Item) -> Email:
    """The e-mail in this item."""
    return Email.model_validate(decode_item(item))


def write_item(write: PmsWrite) -> Item:
    """The PMS write. A queued one is indexed by when it is due; a create whose outcome is open or bad, by its start."""
    item = encode_entity(write) | encode_item({schema.PMS_WRITES.sort: write.id})
    due = schema.PMS_WRITES_BY_DUE
    if write.status is WriteStatus.QUEUED:
        keys = {
            due.partition: write.practice_id,
            due.sort: write.due_at,
            schema.PMS_WRITES_BY_TIMEOUT.partition: OPEN_WRITES,
        }
    elif write.kind == "create" and (
        write.may_have_been_carried_out or write.status in (WriteStatus.FAILED, WriteStatus.TIMED_OUT)
    ):
        keys = {due.partition: unconfirmed_key(write.practice_id), due.sort: write.begins_at}
    else:
        return item
    return item | encode_item(keys)


def unconfirmed_key(practice_id: str) -> str:
    """The partition of a practice's creates that ended without the PMS's confirmation."""
    return f"{practice_id}#lost"


def to_write(item: Item) -> PmsWrite:
    """The PMS write in this item."""
    return PmsWrite.model_validate(decode_item(item))


def idempotency_item(record: IdempotencyRecord) -> Item:
    """The record; `expires_at` is in seconds since 1970, as DynamoDB's time to live needs it."""
    values: Mapping[str, object] = {
        schema.DELIVERIES.partition: record.id,
        "payload_digest": record.payload_digest,
        "outcome": record.outcome,
        "expires_at": int(record.expires_at.timestamp()),
    }
    return encode_item(values)


def to_idempotency_record(item: Item) -> IdempotencyRecord:
    """The idempotency record in this item."""
    values = decode_item(item)
    return IdempotencyRecord.model_validate({**values, "id": values[schema.DELIVERIES.partition]})


def rate_limit_item_key(limit: RateLimit) -> Key:
    """The key of the item that counts. No idempotency record has it: their ids are digests."""
    return schema.DELIVERIES.key(limit.id)


def rate_limit_actions(limit: RateLimit) -> list[Action]:
    """Count one more; `expires_at` is in seconds since 1970, as DynamoDB's time to live needs it."""
    return [Path(RATE_LIMIT_COUNT).add(1), Path("expires_at").set(int(limit.ends_at.timestamp()))]
