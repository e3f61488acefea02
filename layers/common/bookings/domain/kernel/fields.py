"""Field types for caller input, with their limits."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema

from bookings.domain.kernel.personal_data import (
    MAX_EMAIL_LENGTH,
    MAX_NAME_LENGTH,
    clean_line,
    parse_birth_date,
    parse_email,
    parse_line,
    parse_name,
)

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MAX_BIRTH_DATE_LENGTH = len("1990-04-02")
_WHOLE_NUMBER = re.compile("-?[0-9]{1,20}")
_YEARS = range(1900, 2200)
"""Years that are accepted. Near years 1 and 9999, conversions between zones overflow Python's calendar."""


def parse_date_time(value: object) -> datetime:
    """Parse an RFC 3339 date-time whose offset may be omitted. Raises ValueError for anything else."""
    if isinstance(value, str) and _DATE_TIME.fullmatch(value):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value.upper())
            if moment.year in _YEARS:
                return moment
    raise ValueError("must be an RFC 3339 date-time such as 2026-07-15T15:00:00-07:00; the offset may be omitted")


def _parse_date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if day.year in _YEARS:
                return day
    raise ValueError("must be a date such as 2026-07-15")


def _parse_birth_date(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("must be a date such as 1990-04-02")  # Pydantic takes no TypeError
    if len(value) > _MAX_BIRTH_DATE_LENGTH:
        raise ValueError(f"must have at most {_MAX_BIRTH_DATE_LENGTH} characters")
    return parse_birth_date(value)


def _parse_whole_number(value: object, info: ValidationInfo) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    # A query is text. Pydantic reads it as such, but not what a validator before the type returns.
    is_query = info.mode not in ("python", "json")
    return int(value) if is_query and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) else value


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("cannot be cleared; leave it out to keep it")
    return value


NOT_CLEARED = BeforeValidator(_refuse_null)
"""A field of a merge patch that may be changed but not cleared."""

CallerDateTime = Annotated[
    datetime,
    BeforeValidator(parse_date_time),
    # not `format: date-time`, because the offset may be omitted
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?$",
            "maxLength": 40,
            "description": "RFC 3339; without an offset it is the practice's local time",
            "examples": ["2026-07-15T15:00:00", "2026-07-15T15:00:00-07:00"],
        }
    ),
]
"""A date-time from a caller. Without an offset it is local time of the practice."""

Day = Annotated[
    date, BeforeValidator(_parse_date), WithJsonSchema({"type": "string", "format": "date", "maxLength": 10})
]
"""A date from a caller. Pydantic alone would read the digits 19900402 as seconds since 1970, a day in August."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
WholeNumber = Annotated[int, BeforeValidator(_parse_whole_number)]
"""JSON does not tell 60 from 60.0: both are integers (JSON Schema 2020-12 §4.2.3). "60" is one in a query only."""

Minutes = Annotated[WholeNumber, Field(ge=5, le=720)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_LENGTH), AfterValidator(parse_name)]
"""A name in NFC, without invisible characters."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(parse_line)]
"""A text on one line, without invisible characters."""

EmailAddress = Annotated[
    str,
    StringConstraints(max_length=MAX_EMAIL_LENGTH),
    AfterValidator(parse_email),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": MAX_EMAIL_LENGTH,
            "pattern": r"^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[^@\s.]+(\.[^@\s.]+)+$",
            "description": "Only ASCII before the @; the domain may have other letters",
            "examples": ["name@example.com"],
        }
    ),
]
"""An address to which Chairlink can write exactly as it was typed."""

Phone = Annotated[str, StringConstraints(min_length=5, max_length=60), AfterValidator(clean_line)]
"""A telephone number in any notation, which `parse_phone` reads in the practice's country."""

BirthDate = Annotated[
    date | None,
    BeforeValidator(_parse_birth_date),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date", "maxLength": 10},
                {"type": "string", "pattern": r"^\s*$", "maxLength": _MAX_BIRTH_DATE_LENGTH},
                {"type": "null"},
            ],
            "description": "Unknown if it is empty or a placeholder such as 1900-01-01",
        }
    ),
]
"""A birth date from a form. Whether it is in the future depends on the practice's day (`check_birth_date`)."""
