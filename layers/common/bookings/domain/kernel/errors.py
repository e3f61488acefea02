"""The errors that callers get: one class for each problem type (RFC 9457).

A refusal carries a stable slug (the problem's `type`), a title for people, a detail that says what to do next, and
facts for programs. The HTTP status of each class is set in `entrypoints/problems.py`.

    Refusal
    ├── NotFound                    practice-, request-, appointment-, finding-not-found
    ├── Forbidden                   forbidden
    ├── Unauthenticated             unauthenticated
    ├── Malformed                   malformed-request: the request cannot be parsed
    │   └── IdempotencyKeyRequired  idempotency-key-required
    ├── TooLarge                    payload-too-large
    ├── ContentCoded                unsupported-media-type: the body is compressed
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
    ├── TooManyRequests             too-many-requests: the practice's limit of an hour is used up
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
    "unsupported-media-type",
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
    "too-many-requests",  # also answered by API Gateway itself
    "unavailable",
    "internal-error",
    # answered by API Gateway itself (template.yaml, GatewayResponses)
    "not-found",
    "timeout",
]
"""Every `type` of a problem answer. docs/problems has a page for each."""


class Refusal(Exception):
    """An operation that Chairlink does not carry out; `facts` become members of the problem document."""

    slug: ProblemType
    title: str
    advice: str
    """What to do next, as the detail of a refusal that has no other."""

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.advice
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
        super().__init__(f"This {kind} does not exist, or you have no access to it. Check the id and who is signed in.")
        self.slug = NOT_FOUND[kind]


class Forbidden(Refusal):
    """The caller is authenticated, but their role does not allow this."""

    slug = "forbidden"
    title = "Your role does not allow this"
    advice = "Ask a manager of the practice to do it, or to give you the role."


class Unauthenticated(Refusal):
    """The caller's identity could not be verified. `scheme` is how this caller authenticates (RFC 9110 §11.1)."""

    slug = "unauthenticated"
    title = "The caller could not be verified"
    advice = "Check the agent's id and secret, and that the signature is over the body as it is sent."

    def __init__(
        self, detail: str | None = None, *, scheme: Literal["Bearer", "StandardWebhooks"] = "StandardWebhooks"
    ) -> None:
        super().__init__(detail)
        self.scheme = scheme


class Malformed(Refusal):
    """The request cannot be parsed: invalid JSON, a duplicate key, an invalid cursor."""

    slug: ProblemType = "malformed-request"
    title = "The request cannot be read"
    advice = "Compare the call with the API reference, correct it, then send it again."


class IdempotencyKeyRequired(Malformed):
    """The operation needs an Idempotency-Key header. Without one, a double tap could submit a request twice."""

    slug = "idempotency-key-required"
    title = "An Idempotency-Key header is required"
    advice = "Send a new random value, such as a UUID, and the same one again if you repeat the call."


class TooLarge(Refusal):
    """The body exceeds the size limit of the operation."""

    slug = "payload-too-large"
    title = "The body is too large"
    advice = "Send a smaller body."


class ContentCoded(Refusal):
    """The body has a content coding, such as gzip. Its Content-Type does not matter."""

    slug = "unsupported-media-type"
    title = "The body's media type or coding is not supported"
    advice = "Send the body without compression, and without Content-Encoding."


class Invalid(Refusal):
    """The request can be parsed, but some of its fields are wrong."""

    slug = "invalid-request"
    title = "Some fields are not valid"
    advice = "Correct the fields that `errors` names, then send the call again."

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
    advice = "Send a new key with a new payload. To repeat the first call, send its payload unchanged."


class RevisionRequired(Refusal):
    """A decision needs the revision that it is based on, in the If-Match header."""

    slug = "revision-required"
    title = "An If-Match header with the revision is required"
    advice = "Read the request, and send its ETag in If-Match."


class RevisionStale(Refusal):
    """The request was changed after the caller read it (optimistic concurrency)."""

    slug = "revision-stale"
    title = "The request has changed since you read it"
    advice = "Read the request again, and decide on what it says now."


class Conflict(Refusal):
    """The call is valid, but the current state does not allow it."""


class AlreadyDecided(Conflict):
    """The request was decided before."""

    slug = "already-decided"
    title = "This request was already decided"
    advice = "Read the request again. `allowed_moves` names what is possible now."


class MoveNotAllowed(Conflict):
    """The request's status does not allow this; `allowed_moves` names what it allows."""

    slug = "move-not-allowed"
    title = "The request's status does not allow this"
    advice = "Read the request again. `allowed_moves` names what is possible now."


class PmsCannotCreate(Conflict):
    """The practice's PMS cannot create appointments. The request can only be linked."""

    slug = "pms-cannot-create"
    title = "This practice's PMS cannot create appointments. Link the request instead"
    advice = (
        "Enter the appointment in the PMS, then link the request to it. Or watch the request, and it is "
        "linked by itself."
    )


class PossibleMatch(Conflict):
    """The patient may already have this appointment; `matches` lists the candidates."""

    slug = "possible-match"
    title = "Could this be the same appointment?"
    advice = (
        "Link one of `matches` whose appointment has no `request_id`, or accept with `different_appointment`: true."
    )


class ScheduleConflict(Conflict):
    """The chair or practitioner is not available at that time."""

    slug = "schedule-conflict"
    title = "This time is not available in the schedule"
    advice = "Choose one of `openings` or another time, or accept with an `override` and its reason."


class AppointmentTaken(Conflict):
    """The appointment is already linked to another request."""

    slug = "appointment-taken"
    title = "This appointment is already linked to another request"
    advice = "Link another appointment, or first reopen the request that has this one."


class AppointmentCancelled(Conflict):
    """The appointment is cancelled or deleted."""

    slug = "appointment-cancelled"
    title = "This appointment was cancelled"
    advice = "Link another appointment, or restore this one in the PMS."


class TooManyRequests(Refusal):
    """More calls than the limit of this operation, of the caller's address or of the practice. Nothing was done."""

    slug = "too-many-requests"
    title = "Too many requests"
    advice = "Wait as many seconds as Retry-After says, then send the call again."

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    """Storage did not answer, or too many callers change the same item at once. A retry is safe."""

    slug = "unavailable"
    title = "The service is temporarily unavailable. Try again"
    advice = "Send the same call again after `Retry-After` seconds, with the same Idempotency-Key."
