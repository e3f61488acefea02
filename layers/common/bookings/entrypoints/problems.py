"""Problem answers (RFC 9457): one HTTP status for each kind of refusal."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bookings.domain.kernel import errors
from bookings.domain.kernel.errors import Refusal

if TYPE_CHECKING:
    pass


STATUS_OF_REFUSAL: Mapping[type[Refusal], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Malformed: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RevisionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    errors.RevisionStale: HTTPStatus.PRECONDITION_FAILED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The one place where a refusal gets its status; a subclass has its parent's."""


def problem(refusal: Refusal) -> tuple[HTTPStatus, dict[str, Any]]:
    status = next(STATUS_OF_REFUSAL[kind] for kind in type(refusal).__mro__ if kind in STATUS_OF_REFUSAL)
    problem = {"type": refusal.slug, "title": refusal.title, "status": int(status)}
    if refusal.detail:
        problem["detail"] = refusal.detail
    return status, problem | dict(refusal.facts)
