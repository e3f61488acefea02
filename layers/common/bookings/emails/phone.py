"""Telephone numbers as people write them."""

import phonenumbers


def readable(number: str) -> str:
    """A number in E.164 as it is written in its own country; anything else as it stands."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
