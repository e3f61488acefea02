"""Field types for caller input, with their limits."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
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
Minutes = Annotated[int, Field(ge=5, le=720)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
EmailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+\.[^@\s.<>,;]+$")
]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=40)]
