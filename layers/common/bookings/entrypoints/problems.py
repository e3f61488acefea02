"""Problem answers (RFC 9457): their JSON bodies, one HTTP status for each kind of refusal, and their headers."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NotRequired, cast

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.kernel import errors
from bookings.domain.kernel.errors import PossibleMatch, ProblemType, Refusal
from bookings.domain.requests.request import Move, Status
from bookings.domain.scheduling.conflicts import Obstacle
from bookings.domain.scheduling.slot import Slot
from bookings.entrypoints.answers.appointments import AppointmentMatch, to_appointment_match

PROBLEM_CONTENT_TYPE = "application/problem+json"

RETRY_SECONDS = 2
"""When a caller may try again after `unavailable` (`Retry-After`, RFC 9110 §10.2.3)."""


class Problem(TypedDict):
    """A problem (RFC 9457)."""

    type: ProblemType
    """Programs compare this; the documentation has a page for each."""
    title: str
    """The same text for every problem of this type."""
    status: int
    detail: NotRequired[str]
    """What is wrong with this call, and what to do next."""


class FieldError(TypedDict):
    """One wrong field. The message never repeats the value, which may be personal."""

    field: str
    """Path of the field, such as `patient.email`."""
    message: str


class InvalidRequestProblem(Problem):
    """Some fields are not valid."""

    errors: list[FieldError]


class MoveProblem(Problem):
    """The request's status does not allow this."""

    request_status: Status
    allowed_moves: list[Move]
    """What is possible now."""


class PossibleMatchProblem(Problem):
    """The patient may already have this appointment."""

    matches: list[AppointmentMatch]
    """The best match first. Link one, or accept with `different_appointment`."""


class ScheduleConflictProblem(Problem):
    """The time is not available."""

    conflicts: list[Obstacle]
    """What is in the way."""
    openings: list[Slot]
    """The nearest openings, best first."""


class RevisionStaleProblem(Problem):
    """The request has changed since it was read."""

    revision: NotRequired[int]
    """The current revision."""


class PayloadTooLargeProblem(Problem):
    """The body is too large."""

    limit: NotRequired[int]
    """Bytes that are allowed."""


INTERNAL_ERROR: Problem = {
    "type": "internal-error",
    "title": "Something went wrong on our side",
    "status": int(HTTPStatus.INTERNAL_SERVER_ERROR),
    "detail": "Try again. If that fails too, report the X-Correlation-Id of this answer.",
}
"""The answer after a crash. The logs have the cause, under the answer's `X-Correlation-Id`."""

STATUS_OF_REFUSAL: Mapping[type[Refusal], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Malformed: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.ContentCoded: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RevisionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    errors.RevisionStale: HTTPStatus.PRECONDITION_FAILED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of each kind of refusal. A subclass has the status of its parent."""


def status_of(kind: type[Refusal]) -> HTTPStatus:
    """The HTTP status of a kind of refusal."""
    return next(STATUS_OF_REFUSAL[parent] for parent in kind.__mro__ if parent in STATUS_OF_REFUSAL)


def problem(refusal: Refusal) -> Problem:
    """The problem document of a refusal. Its facts become members."""
    status = int(status_of(type(refusal)))
    document = {"type": refusal.slug, "title": refusal.title, "status": status, "detail": refusal.detail}
    facts = dict(refusal.facts)
    if isinstance(refusal, PossibleMatch):
        facts["matches"] = [to_appointment_match(match) for match in facts["matches"]]
    return cast("Problem", document | facts)


def problem_headers(refusal: Refusal) -> Mapping[str, str]:
    """The headers of a problem answer."""
    return {"Content-Type": PROBLEM_CONTENT_TYPE, **_further_headers(refusal)}


def _further_headers(refusal: Refusal) -> Mapping[str, str]:
    match refusal:
        case errors.Unauthenticated(scheme="Bearer"):
            return {"WWW-Authenticate": 'Bearer realm="chairlink", error="invalid_token"'}
        case errors.Unauthenticated():
            return {"WWW-Authenticate": refusal.scheme}
        case errors.ContentCoded():  # RFC 9110 §15.5.16
            return {"Accept-Encoding": "identity"}
        case errors.TooManyRequests():
            return {"Retry-After": str(refusal.retry_after_seconds)}
        case errors.Unavailable():
            return {"Retry-After": str(RETRY_SECONDS)}
        case _:
            return {}
