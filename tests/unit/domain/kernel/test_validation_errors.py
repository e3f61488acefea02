"""Messages about wrong fields say what is right, and hold neither the input nor a regular expression."""

from typing import Annotated, Any

import pytest
from pydantic import Field, StringConstraints, ValidationError

from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.domain.kernel.validation_errors import field_errors


class Form(Command):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "x"
    day: Day
    minutes: int = 5
    name: Annotated[str, StringConstraints(min_length=1, max_length=5)] = "Jane"
    recipients: Annotated[tuple[str, ...], Field(max_length=2)] = ()


def messages(**fields: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(fields)
    return {error["field"]: error["message"] for error in field_errors(refused.value)}


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({}, "day", "is required"),
        ({"day": "2026-07-15", "more": 1}, "more", "is not known here; leave it out"),
        ({"day": "tomorrow"}, "day", "must be a date such as 2026-07-15"),
        ({"day": "2026-07-15", "minutes": "five"}, "minutes", "must be a valid integer"),
        ({"day": "2026-07-15", "name": ""}, "name", "must have at least 1 character"),
        ({"day": "2026-07-15", "name": "Jane 1990"}, "name", "must have at most 5 characters"),
        ({"day": "2026-07-15", "recipients": ("a", "b", "c")}, "recipients", "must have at most 2 items"),
        (
            {"day": "2026-07-15", "code": "Jane 1990"},
            "code",
            "has the wrong format; the API reference shows the right one",
        ),
    ],
)
def test_a_message_says_what_the_field_must_be(fields: dict[str, Any], field: str, message: str) -> None:
    assert messages(**fields) == {field: message}


def test_a_prefix_and_a_shortened_name_tell_which_field_it_is() -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"day": "2026-07-15", "n" * 100: 1})
    assert [error["field"] for error in field_errors(refused.value, "data.")] == ["data." + "n" * 64]
