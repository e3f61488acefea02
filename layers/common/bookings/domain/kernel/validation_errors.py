"""Pydantic validation errors as field errors that never repeat the input."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bookings.domain.kernel.errors import Invalid

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def field_errors(error: ValidationError, prefix: str = "") -> list[dict[str, str]]:
    """One entry per wrong field. Unlike Pydantic's full error text, it never has the input, which may be personal."""
    return [
        {"field": prefix + ".".join(str(part)[:64] for part in problem["loc"]), "message": _message(problem)}
        for problem in error.errors(include_url=False, include_input=False, include_context=False)
    ]


_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not known here; leave it out",
    "string_pattern_mismatch": "has the wrong format; the API reference shows the right one",
}
"""Our own messages by Pydantic's error type, where Pydantic's do not say what to do, or hold a regular expression."""

_SUBJECT = re.compile(r"^(Input|String|Tuple) should ")
_COUNT = re.compile(r" after validation, not [0-9]+$")
"""What Pydantic says about its own types, and how many items it has counted."""


def _message(problem: "ErrorDetails") -> str:
    """A text that tells the caller what the field must be, in the same form as our own messages."""
    own = _SUBJECT.sub("must ", problem["msg"].removeprefix("Value error, "))
    return _MESSAGES.get(problem["type"], _COUNT.sub("", own))


@contextmanager
def refused_as(field: str) -> Iterator[None]:
    """Turn a ValueError into the refusal of this field, for values that only the practice's data can judge."""
    try:
        yield
    except ValueError as error:
        raise Invalid.field(field, str(error)) from None


def to_invalid(error: ValidationError) -> Invalid:
    """The refusal that lists the wrong fields."""
    return Invalid(field_errors(error))
