"""The errors that callers get: one class for each problem type (RFC 9457).

A refusal carries a stable slug (the problem's `type`), a title for people, and facts for programs. The HTTP status of
each class is set in `entrypoints/problems.py`.

    Refusal
    ├── NotFound                    practice-, request-, appointment-, finding-not-found
    ├── Forbidden                   forbidden
    ├── Unauthenticated             unauthenticated
    ├── Malformed                   malformed-request: the request cannot be parsed
    │   └── IdempotencyKeyRequired  idempotency-key-required
    ├── TooLarge                    payload-too-large
    ├── Invalid                     invalid-request: `errors` lists the wrong fields
    ├── IdempotencyKeyReused        idempotency-key-reused: same key, different payload
    ├── RevisionRequired            revision-required
    ├── RevisionStale               revision-stale
    ├── Conflict
    │   ├── AlreadyDecided          already-decided
    │   ├── MoveNotAllowed          move-not-allowed
    │   ├── PmsCannotCreate         pms-cannot-create
    │   ├── PossibleMatch           possible-match (carries `matches`)
    │   ├── ScheduleConflict        schedule-conflict (carries `conflicts` and `openings`)
    │   ├── AppointmentTaken        appointment-taken
    │   └── AppointmentCancelled    appointment-cancelled
    └── Unavailable                 unavailable: try again later
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

ProblemType = Literal[
    "practice-not-found",
    "request-not-found",
    "appointment-not-found",
    "finding-not-found",
    "forbidden",
    "unauthenticated",
    "malformed-request",
    "idempotency-key-required",
    "payload-too-large",
    "invalid-request",
    "idempotency-key-reused",
    "revision-required",
    "revision-stale",
    "already-decided",
    "move-not-allowed",
    "pms-cannot-create",
    "possible-match",
    "schedule-conflict",
    "appointment-taken",
    "appointment-cancelled",
    "unavailable",
    "internal-error",
    # answered by API Gateway itself (template.yaml, GatewayResponses)
    "not-found",
    "unsupported-media-type",
    "too-many-requests",
    "timeout",
]
"""Every `type` of a problem answer. docs/problems has a page for each."""


class Refusal(Exception):
    """An operation that Chairlink does not carry out; `facts` become members of the problem document."""

    slug: ProblemType
    title: str

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.facts: Mapping[str, Any] = facts


NOT_FOUND: Mapping[str, ProblemType] = {
    "practice": "practice-not-found",
    "request": "request-not-found",
    "appointment": "appointment-not-found",
    "finding": "finding-not-found",
}


class NotFound(Refusal):
    """The object does not exist, or belongs to another practice.

    Both cases give the same answer, so that callers cannot find out which ids exist.
    """

    title = "Not found"

    def __init__(self, kind: Literal["practice", "request", "appointment", "finding"]) -> None:
        super().__init__(f"This {kind} does not exist, or you have no access to it.")
        self.slug = NOT_FOUND[kind]


class Forbidden(Refusal):
    """The caller is authenticated, but their role does not allow this."""

    slug = "forbidden"
    title = "Your role does not allow this"


class Unauthenticated(Refusal):
    """The caller's identity could not be verified."""

    slug = "unauthenticated"
    title = "The caller could not be verified"


class Malformed(Refusal):
    """The request cannot be parsed: invalid JSON, a duplicate key, an invalid cursor."""

    slug: ProblemType = "malformed-request"
    title = "The request cannot be read"


class IdempotencyKeyRequired(Malformed):
    """The operation needs an Idempotency-Key header. Without one, a double tap could submit a request twice."""

    slug = "idempotency-key-required"
    title = "An Idempotency-Key header is required"


class TooLarge(Refusal):
    """The body exceeds the size limit of the operation."""

    slug = "payload-too-large"
    title = "The body is too large"


class Invalid(Refusal):
    """The request can be parsed, but some of its fields are wrong."""

    slug = "invalid-request"
    title = "Some fields are not valid"

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__(errors=list(errors))

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """A refusal for one wrong field. The message must not repeat the value, which may be personal."""
        return cls([{"field": field, "message": message}])


class IdempotencyKeyReused(Refusal):
    """The idempotency key was used before, with a different payload."""

    slug = "idempotency-key-reused"
    title = "This Idempotency-Key was already used for a different payload"


class RevisionRequired(Refusal):
    """A decision needs the revision that it is based on, in the If-Match header."""

    slug = "revision-required"
    title = "An If-Match header with the revision is required"


class RevisionStale(Refusal):
    """The request was changed after the caller read it (optimistic concurrency)."""

    slug = "revision-stale"
    title = "The request has changed since you read it"


class Conflict(Refusal):
    """The call is valid, but the current state does not allow it."""


class AlreadyDecided(Conflict):
    """The request was decided before."""

    slug = "already-decided"
    title = "This request was already decided"


class MoveNotAllowed(Conflict):
    """The request's status does not allow this; `allowed_moves` names what it allows."""

    slug = "move-not-allowed"
    title = "The request's status does not allow this"


class PmsCannotCreate(Conflict):
    """The practice's PMS cannot create appointments. The request can only be linked."""

    slug = "pms-cannot-create"
    title = "This practice's PMS cannot create appointments. Link the request instead"


class PossibleMatch(Conflict):
    """The patient may already have this appointment; `matches` lists the candidates."""

    slug = "possible-match"
    title = "Could this be the same appointment?"


class ScheduleConflict(Conflict):
    """The chair or practitioner is not available at that time."""

    slug = "schedule-conflict"
    title = "This time is not available in the schedule"


class AppointmentTaken(Conflict):
    """The appointment is already linked to another request."""

    slug = "appointment-taken"
    title = "This appointment is already linked to another request"


class AppointmentCancelled(Conflict):
    """The appointment is cancelled or deleted."""

    slug = "appointment-cancelled"
    title = "This appointment was cancelled"


class Unavailable(Refusal):
    """Storage did not answer, or too many callers change the same item at once. A retry is safe."""

    slug = "unavailable"
    title = "The service is temporarily unavailable. Try again"
