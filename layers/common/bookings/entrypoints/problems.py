"""Problem answers (RFC 9457): one HTTP status for each kind of refusal."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from bookings.domain.kernel import errors
from bookings.domain.kernel.errors import Refusal

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
"""The status of each kind of refusal. A subclass has the status of its parent."""


def problem(refusal: Refusal) -> tuple[HTTPStatus, dict[str, Any]]:
    """The status of the refusal, and its problem document."""
    status = next(STATUS_OF_REFUSAL[kind] for kind in type(refusal).__mro__ if kind in STATUS_OF_REFUSAL)
    document = {"type": refusal.slug, "title": refusal.title, "status": int(status)}
    if refusal.detail:
        document["detail"] = refusal.detail
    return status, document | dict(refusal.facts)
