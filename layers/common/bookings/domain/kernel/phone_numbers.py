"""Telephone numbers: conversion to E.164, national notation, and mobile detection.

`phonenumbers` loads sixty modules, a tenth of a cold start. So each function imports it on first use (docs/adr/0030).
"""

from functools import lru_cache

_NORTH_AMERICA = "+1"
"""Country code of the North American numbering plan, where mobiles and landlines share area codes."""


def to_e164(number: str, country: str) -> str | None:
    """Convert a number to E.164. None if the national numbering plan has no such number.

    `country` (ISO 3166-1 alpha-2) gives the numbering plan of a number without a country code. A local number without
    its area code gives None: a guessed area code could make it a stranger's number.
    """
    import phonenumbers  # noqa: PLC0415  # slow import, see the module's docstring

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def format_national(number: str) -> str:
    """An E.164 number in its country's notation. A text that is no number is returned unchanged."""
    import phonenumbers  # noqa: PLC0415  # slow import, see the module's docstring

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=512)
def is_mobile(number: str) -> bool:
    """Whether the numbering plan reserves this E.164 number for mobiles. Always False in North America."""
    if not number.startswith("+") or number.startswith(_NORTH_AMERICA):
        return False
    import phonenumbers  # noqa: PLC0415  # slow import, see the module's docstring

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.MOBILE
