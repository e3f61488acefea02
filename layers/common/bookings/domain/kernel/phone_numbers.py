"""Telephone numbers: parsing, national notation, and mobile detection.

`phonenumbers` loads sixty modules, a tenth of a cold start. So each function imports it on first use (docs/adr/0030).
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import phonenumbers

_NORTH_AMERICA = 1
"""Country code of the North American numbering plan, where mobiles and landlines share area codes."""

_NORTH_AMERICAN_NUMBER = re.compile(r"(?!.11)[2-9][0-8][0-9][2-9][0-9]{6}")
"""Neither area codes nor exchanges begin with 0 or 1, the middle digit of an area code is never 9, and 211 to 911 are
services."""

_MEXICO = 52
_OLD_MEXICAN_MOBILE = re.compile(r"1([0-9]{10})")
"""Mobiles were called as +52 1 … until 2019. WhatsApp still shows them so."""

_EXTENSION_WORD = re.compile(r"(?<=[\d)\s])\s*[,;]?\s*(?:poste|local|interne|p)\b[\s.:]*(?=\d{1,7}\s*$)", re.IGNORECASE)
"""Words for an extension that `phonenumbers` does not know. `poste` is the one of French Canada."""

_EXTENSION = re.compile(r"[0-9]{1,20}")
"""`phonenumbers` reads at most 20 digits too."""


class PhoneNumber(NamedTuple):
    """A telephone number in E.164, or with its local digits only, and the extension to dial after it."""

    number: str
    extension: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether the area code is missing. A guessed one could make it a stranger's number."""
        return not self.number.startswith("+")


def parse_phone_number(text: str, country: str) -> PhoneNumber | None:
    """The number in any notation. None if the national numbering plan has no such number.

    `country` (ISO 3166-1 alpha-2) gives the numbering plan of a number without a country code.
    """
    import phonenumbers  # noqa: PLC0415  # slow import, see the module's docstring

    try:
        parsed = phonenumbers.parse(_EXTENSION_WORD.sub(" ext. ", text), country)
    except phonenumbers.NumberParseException:
        return None
    _drop_old_mexican_prefix(parsed)
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY and not _is_placeholder(parsed):
        return PhoneNumber(phonenumbers.national_significant_number(parsed), parsed.extension)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE or _is_impossible(parsed):
        return None
    return PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), parsed.extension)


def parse_extension(text: str | None) -> str | None:
    """The digits of an extension that stands in a field of its own; None if it has others than digits."""
    return text if text and _EXTENSION.fullmatch(text) else None


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
    if not number.startswith("+") or number.startswith(f"+{_NORTH_AMERICA}"):
        return False
    import phonenumbers  # noqa: PLC0415  # slow import, see the module's docstring

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return kind == phonenumbers.PhoneNumberType.MOBILE


def _drop_old_mexican_prefix(parsed: "phonenumbers.PhoneNumber") -> None:
    if parsed.country_code == _MEXICO and (old := _OLD_MEXICAN_MOBILE.fullmatch(str(parsed.national_number))):
        parsed.national_number = int(old[1])


def _is_impossible(parsed: "phonenumbers.PhoneNumber") -> bool:
    """Whether nobody can have the number although its length is right."""
    number = str(parsed.national_number)
    is_wrong_in_plan = parsed.country_code == _NORTH_AMERICA and not _NORTH_AMERICAN_NUMBER.fullmatch(number)
    return is_wrong_in_plan or _is_placeholder(parsed)


def _is_placeholder(parsed: "phonenumbers.PhoneNumber") -> bool:
    """Whether one digit is repeated, as in 999-999-9999, which is typed where a form insists on a number."""
    return len(set(str(parsed.national_number))) == 1
