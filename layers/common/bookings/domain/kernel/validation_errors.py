"""What is wrong with a body, field by field, without repeating what was in it."""

from pydantic import ValidationError

from bookings.domain.kernel.errors import Invalid


def field_errors(error: ValidationError, prefix: str = "") -> list[dict[str, str]]:
    """One line a wrong field. Pydantic's own text prints the input, which may be personal; this never does."""
    return [
        {"field": prefix + ".".join(str(part)[:64] for part in problem["loc"]), "message": problem["msg"]}
        for problem in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def invalid(error: ValidationError) -> Invalid:
    """The refusal that names the wrong fields."""
    return Invalid(field_errors(error))
