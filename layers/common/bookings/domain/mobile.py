"""Which numbers are people's own, and not a home's.

The numbering plans are those of `phonenumbers`, which costs a tenth of a second to import: a function that compares
people pays for it when two grown ones first agree on a number abroad and on nothing that makes it a family's.
"""

from functools import lru_cache

_NORTH_AMERICA = "+1"
"""Here mobiles and landlines have the same area codes."""


@lru_cache(maxsize=512)
def is_mobile(number: str) -> bool:
    """Whether the plan of its country gives this E.164 number to mobiles alone."""
    if not number.startswith("+") or number.startswith(_NORTH_AMERICA):
        return False
    import phonenumbers  # noqa: PLC0415  # see above

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.MOBILE
