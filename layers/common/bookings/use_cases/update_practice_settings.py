"""Update the settings of a practice."""

from bookings.domain.kernel.personal_data import parse_phone
from bookings.domain.kernel.phone_numbers import PhoneNumber
from bookings.domain.kernel.validation_errors import refused_as
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import PracticeRepository


def update_practice_settings(practices: PracticeRepository, practice_id: str, settings: PracticeSettings) -> Practice:
    """Store the settings and return the practice. Other functions may use a cached older practice for a minute."""
    practice = get_practice(practices, practice_id)
    changes = dict(settings.changes)
    if changes.get("phone"):
        with refused_as("phone"):
            changes["phone"] = _without_extension(parse_phone(changes["phone"], practice.country))
    practices.update_settings(practice.id, changes)
    return get_practice(practices, practice_id)


def _without_extension(phone: PhoneNumber) -> str:
    """The number in E.164. Pages and e-mails link it for one tap, so it has no extension to dial after it."""
    if phone.extension:
        raise ValueError("must be a phone number without an extension")
    return phone.number
