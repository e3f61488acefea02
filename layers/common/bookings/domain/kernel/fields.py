"""Types of the fields that callers may send, with their limits."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEARS = range(1900, 2200)
"""At the ends of Python's calendar there is no instant, or no day after; nobody books there, or was born."""


def date_time(value: object) -> datetime:
    """The RFC 3339 date-time, its offset left out or not; ValueError for anything else."""
    if isinstance(value, str) and _DATE_TIME.fullmatch(value):
        with suppress(ValueError):
            moment = datetime.fromisoformat(value.upper())
            if moment.year in _YEARS:
                return moment
    raise ValueError("must be an RFC 3339 date-time; the offset may be left out")


def _date(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if day.year in _YEARS:
                return day
    raise ValueError("must be a date, year first: 2026-07-15")


WrittenTime = Annotated[datetime, BeforeValidator(date_time)]
"""A time as a caller writes it: without an offset it is meant in the practice's zone."""

Day = Annotated[date, BeforeValidator(_date)]
"""A day as a caller writes it. Pydantic alone would read digits as seconds since 1970: 19900402 as a day in August."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
Minutes = Annotated[int, Field(ge=5, le=720)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
EmailAddress = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00-\x1f<>,;]+@[^@\s\x00-\x1f<>,;]+\.[^@\s.<>,;]+$")
]
Phone = Annotated[str, StringConstraints(min_length=5, max_length=40)]
