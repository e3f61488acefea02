"""Take in the details of a patient: those that the patient typed, and those that the front desk corrects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookings.domain.decisions.commands import PatientCorrection, PatientDetails
from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.personal_data import check_birth_date, parse_phone
from bookings.domain.kernel.validation_errors import refused_as
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.patient import Patient


def new_patient(details: PatientDetails, practice: Practice, now: datetime) -> Patient:
    """The patient of a new request. Raises Invalid for what the practice's country and today's date rule out."""
    return Patient(**_parse(details.model_dump(), practice, now, prefix="patient."))


def corrected_patient(patient: Patient, correction: PatientCorrection, practice: Practice, now: datetime) -> Patient:
    """The patient with the corrections. Raises Invalid as `new_patient`, and if nothing is left to reach them by."""
    corrected = patient.model_copy(update=_parse(correction.changes, practice, now))
    cleared = [name for name in ("email", "phone") if name in correction.changes]
    if cleared and not corrected.email and not corrected.phone:
        message = "cannot be cleared, because an e-mail address or a phone number is required"
        raise Invalid([{"field": name, "message": message} for name in cleared])
    return corrected


def _parse(details: Mapping[str, Any], practice: Practice, now: datetime, prefix: str = "") -> dict[str, Any]:
    """The fields of a patient, from those that were typed."""
    fields = dict(details)
    if "phone" in fields:
        with refused_as(prefix + "phone"):
            phone = parse_phone(fields["phone"], practice.country) if fields["phone"] else None
        fields |= {"phone": phone and phone.number, "phone_extension": phone and phone.extension}
    with refused_as(prefix + "date_of_birth"):
        check_birth_date(fields.get("date_of_birth"), now.astimezone(practice.zone).date())
    return fields
