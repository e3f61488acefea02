"""Update the settings of a practice."""

from bookings.domain.kernel.errors import Invalid
from bookings.domain.kernel.phone_numbers import to_e164
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import PracticeRepository


def update_practice_settings(practices: PracticeRepository, practice_id: str, settings: PracticeSettings) -> Practice:
    """Store the settings and return the practice. Other functions may use a cached older practice for a minute."""
    practice = get_practice(practices, practice_id)
    changes = dict(settings.changes)
    if changes.get("phone"):
        changes["phone"] = _e164(changes["phone"], practice.country)
    practices.update_settings(practice.id, changes)
    return get_practice(practices, practice_id)


def _e164(phone: str, country: str) -> str:
    number = to_e164(phone, country)
    if number is None:
        raise Invalid.field("phone", "must be a phone number with its area code")
    return number
