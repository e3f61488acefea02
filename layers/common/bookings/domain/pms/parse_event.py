"""Parse one event of a batch. Each event is judged on its own: a wrong one never costs the others."""

import json

from pydantic import ValidationError

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.validation_errors import field_errors
from bookings.domain.pms.event_json import DoubledKeys, find_defects, with_whole_characters
from bookings.domain.pms.event_models import (
    EVENT_DATA,
    UNVERSIONED_EVENTS,
    AppointmentData,
    DeletedData,
    Event,
    PatientData,
)
from bookings.domain.pms.event_partitioning import ParsedEvent

MAX_ERRORS = 8
"""Errors that are reported of one event. The answer to a batch is stored, so it must stay small."""

_MAX_FIELD_BYTES = 200


def parse_event(position: int, value: object) -> ParsedEvent:
    """The event at that position of a batch; raises Invalid, which names each wrong field and what it must be."""
    if not isinstance(value, dict):
        raise Invalid.field("", "must be a JSON object with `type`, `version` and `data`")
    settle_reason(value)
    settle_patient(value)
    if defects := list(find_defects(value)):
        raise _invalid([{"field": field, "message": message} for field, message in sorted(defects)])
    try:
        event = Event.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise _invalid(field_errors(error)) from None
    return ParsedEvent(position, event, _parse_data(event))


def settle_reason(value: dict[str, object]) -> None:
    """Make a text of the reason of a `write.failed`, in place: whatever the PMS says there, the write has failed.

    It may be of any type, have half a surrogate pair, or be given twice; then the last one counts.
    """
    data = value.get("data")
    if value.get("type") != "write.failed" or not isinstance(data, dict) or "reason" not in data:
        return
    reason = data["reason"]
    text = reason if isinstance(reason, str) else json.dumps(reason, ensure_ascii=False)
    data["reason"] = None if reason is None else with_whole_characters(text)
    if isinstance(data, DoubledKeys):
        data.settle(["reason"])


def settle_patient(value: dict[str, object]) -> None:
    """Make the patient's data that cannot be used unknown, in place, so that the appointment keeps its time.

    A value is unknown if it has half a surrogate pair, is nested too deeply, or is given twice, since nobody knows
    which one counts. Where `patient` itself is given twice, all of it is unknown.
    """
    data = value.get("data")
    if value.get("type") != "appointment.upserted" or not isinstance(data, dict):
        return
    if isinstance(data, DoubledKeys) and "patient" in data.doubled:
        data["patient"] = {}
        data.settle(["patient"])
    patient = data.get("patient")
    if isinstance(patient, dict):
        doubled = patient.doubled if isinstance(patient, DoubledKeys) else ()
        unusable = [
            name for name in PatientData.model_fields if name in doubled or any(find_defects(patient.get(name)))
        ]
        patient.update(dict.fromkeys(unusable))
        if isinstance(patient, DoubledKeys):
            patient.settle(unusable)


def _parse_data(event: Event) -> Command:
    model = EVENT_DATA.get(event.type)
    if model is None:
        raise Invalid.field("type", f"must be one of {', '.join(sorted(EVENT_DATA))}")
    if event.version is None and event.type not in UNVERSIONED_EVENTS:
        raise Invalid.field("version", "is required: a rising number, or the time of the latest change")
    try:
        data = model.model_validate_json(json.dumps(event.data))
    except ValidationError as error:
        raise _invalid(field_errors(error, "data.")) from None
    if isinstance(data, AppointmentData) and data.is_entered_in_error:
        return DeletedData(id=data.id)
    return data


def _invalid(errors: list[dict[str, str]]) -> Invalid:
    shown = [{**error, "field": _cut(error["field"])} for error in errors[:MAX_ERRORS]]
    if len(errors) > MAX_ERRORS:
        shown[-1]["message"] += f" ({len(errors) - MAX_ERRORS} more errors are not listed)"
    return Invalid(shown)


def _cut(field: str) -> str:
    return field.encode()[:_MAX_FIELD_BYTES].decode(errors="ignore")
