"""Pydantic validation errors as field errors that never repeat the input."""

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


def _message(problem: "ErrorDetails") -> str:
    """A text for the caller: without regular expressions and without Pydantic's prefix of our own messages."""
    if problem["type"] == "string_pattern_mismatch":
        return "The format is wrong. The OpenAPI document has the format of this field."
    return problem["msg"].removeprefix("Value error, ")


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
