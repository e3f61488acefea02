"""Take in personal data that people type: names, e-mail addresses, telephone numbers and birth dates.

Each `parse_…` function returns the value as Chairlink keeps it. It raises ValueError for what cannot be used, with a
text for the person who typed it. A form answers with that text. In data of a PMS the value is unknown instead
(`or_unknown`), because the appointment has to keep its time.

`idna` and `phonenumbers` are imported on first use, since few calls need them (docs/adr/0030).
"""

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TypeVar

from bookings.domain.kernel.phone_numbers import PhoneNumber, parse_phone_number

MAX_NAME_LENGTH = 100
MAX_EMAIL_LENGTH = 254
_MAX_LOCAL_PART_LENGTH = 64

PLACEHOLDER_BIRTH_DATES = frozenset({date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1900, 1, 1)})
"""Dates that software stores where no date is known: the first day of .NET, of SQL Server, of OLE, and of Excel."""

_FIRST_BIRTH_YEAR = 1900

_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
"""A dot-atom (RFC 5322 §3.2.3) in ASCII. Amazon SES takes no other, and no mailbox in use needs quotes or comments."""

_DOMAIN_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")

_EMAIL_FORMAT = "must be an e-mail address such as name@example.com"

_JOINERS = "\u200c\u200d"
_VIRAMA = 9
"""The canonical combining class of the signs that join two consonants of an Indic script."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that look like nothing but are no space, control or format character: Hangul fillers, a Braille blank."""

_Value = TypeVar("_Value")


def clean_line(text: str) -> str:
    """The text as one line in NFC, without control, bidi and invisible characters; spaces are single.

    Joiners and variation selectors stay where a script needs them to write a name (RFC 5892 A.1 and A.2).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (char for index, char in enumerate(text) if char.isspace() or not _is_invisible(text, index))
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def parse_line(text: str) -> str:
    """A text on one line, of which something can be seen."""
    line = clean_line(text)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in line):
        raise ValueError("must have at least one character that can be seen")
    return line


def parse_name(text: str) -> str:
    """A name of a person or a practice in NFC. Marks belong to it; invisible characters do not."""
    name = parse_line(text)
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(f"must have at most {MAX_NAME_LENGTH} characters")
    return name


def parse_email(text: str) -> str:
    """An e-mail address to which Chairlink can write exactly as it was typed; a non-ASCII domain is in Unicode."""
    if any(unicodedata.category(char) == "Cc" for char in text.strip()):
        raise ValueError(_EMAIL_FORMAT)
    address = clean_line(text)
    if address not in unicodedata.normalize("NFC", text):  # at its ends they come with copied text, and are removed
        raise ValueError("must have no invisible characters; type the address again")
    local_part, _, domain = address.rpartition("@")
    if not local_part.isascii():
        raise ValueError("must have only unaccented letters, digits and signs before the @")
    if len(local_part) > _MAX_LOCAL_PART_LENGTH or not _LOCAL_PART.fullmatch(local_part):
        raise ValueError(_EMAIL_FORMAT)
    ascii_domain = _to_ascii_domain(domain)
    if len(local_part) + 1 + len(ascii_domain) > MAX_EMAIL_LENGTH:
        raise ValueError(f"must have at most {MAX_EMAIL_LENGTH} characters")
    return f"{local_part}@{domain if domain.isascii() else _to_unicode_domain(ascii_domain)}"


def to_ascii_email(email: str) -> str:
    """The address with its domain in Punycode, as SES needs it; raises ValueError if nobody can write to it."""
    local_part, _, domain = parse_email(email).rpartition("@")
    return f"{local_part}@{_to_ascii_domain(domain)}"


def parse_phone(text: str, country: str) -> PhoneNumber:
    """A telephone number with its extension. `country` is where a number without a country code belongs."""
    phone = parse_phone_number(clean_line(text), country)
    if phone is None or phone.is_local:
        raise ValueError("must be a phone number with its area code")
    return phone


def parse_birth_date(text: str) -> date | None:
    """A birth date. None if it is empty or a placeholder, which both mean that it is unknown."""
    if not text.strip():
        return None
    if _DATE.fullmatch(text):
        with suppress(ValueError):
            born = date.fromisoformat(text)
            if born in PLACEHOLDER_BIRTH_DATES:
                return None
            if born.year >= _FIRST_BIRTH_YEAR:
                return born
    raise ValueError("must be a date such as 1990-04-02")


def parse_pms_birth_date(text: str) -> date | None:
    """The same from a PMS, which may write midnight behind the date."""
    return parse_birth_date(_MIDNIGHT.sub("", text.strip()))


def check_birth_date(born: date | None, today: date) -> date | None:
    """The birth date; raises ValueError if it is in the future."""
    if born and born > today:
        raise ValueError("must not be in the future")
    return born


def or_unknown(parse: Callable[[str], _Value]) -> Callable[[object], _Value | None]:
    """The function that gives None where `parse` refuses a value, or where it is no text."""

    def parse_or_unknown(value: object) -> _Value | None:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str):
            return None
        try:
            return parse(text)
        except ValueError:
            return None

    return parse_or_unknown


def _is_invisible(text: str, index: int) -> bool:
    char = text[index]
    if char in _JOINERS:
        return not _is_needed_joiner(text, index)
    if _is_variation_selector(char):
        return index == 0 or text[index - 1].isascii() or not text[index - 1].isalpha()
    is_noncharacter = ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"
    return is_noncharacter or char in _BLANK or unicodedata.category(char) in ("Cc", "Cf", "Cs")


def _is_needed_joiner(text: str, index: int) -> bool:
    """Whether the joiner is beside a virama, or a non-joiner between two Arabic letters (`علی‌رضا`)."""
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    if any(char and unicodedata.combining(char) == _VIRAMA for char in (before, after)):
        return True
    return text[index] == "\u200c" and all("\u0600" <= char <= "\u08ff" for char in (before, after))


def _is_variation_selector(char: str) -> bool:
    """Whether it selects the form of the letter before it, such as the variant of a Japanese family name."""
    return char in "\u180b\u180c\u180d\u180f" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _to_ascii_domain(domain: str) -> str:
    """The domain by UTS 46, non-transitional: IDNA 2003 makes another domain of `faß.example`."""
    if not domain.isascii() or "xn--" in domain.lower():
        import idna  # noqa: PLC0415  # slow import, see the module's docstring

        try:
            domain = idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode()
        except idna.IDNAError:
            raise ValueError(_EMAIL_FORMAT) from None
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_DOMAIN_LABEL.fullmatch, labels)):
        raise ValueError(_EMAIL_FORMAT)
    return domain


def _to_unicode_domain(ascii_domain: str) -> str:
    import idna  # noqa: PLC0415  # slow import, see the module's docstring

    return idna.decode(ascii_domain)
