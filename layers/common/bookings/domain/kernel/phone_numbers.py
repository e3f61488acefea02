"""Telephone numbers: E.164, national notation, and whether a number is a mobile.

`phonenumbers` loads sixty modules of formats, a tenth of a cold start, so it is imported when a number first comes.
"""

from functools import lru_cache

_NORTH_AMERICA = "+1"
"""In this numbering plan, mobiles and landlines share area codes."""


def to_e164(written: str, country: str) -> str | None:
    """The number in E.164, or None where no such number can exist (ITU-T E.164 and the national numbering plans).

    `country` (ISO 3166-1 alpha-2) is the plan of a number without a prefix. A local number without its area code gives
    None: completed by guess, it could be a stranger's.
    """
    import phonenumbers  # noqa: PLC0415  # see above

    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def format_national(number: str) -> str:
    """An E.164 number as people in its country write it; anything else unchanged."""
    import phonenumbers  # noqa: PLC0415  # see above

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
    import phonenumbers  # noqa: PLC0415  # see above

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.MOBILE
