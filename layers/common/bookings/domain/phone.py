"""Telephone numbers in E.164, read with the practice's country in mind."""

import phonenumbers


def to_e164(written: str, country: str) -> str | None:
    """The number in E.164, or None where no such number can exist (ITU-T E.164 and the national numbering plans)."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
