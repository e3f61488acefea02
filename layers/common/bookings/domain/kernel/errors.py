"""Every way in which Chairlink says no.

A refusal carries a stable slug (the `type` of RFC 9457), a title for people, and facts for programs. `http` alone
knows which status each one gets.

    Refusal
    ├── NotFound                    practice-, request-, appointment-, finding-, agent-not-found
    ├── Forbidden                   forbidden
    ├── Unauthenticated             unauthenticated
    ├── Malformed                   malformed-request: it cannot be read at all
    │   └── IdempotencyKeyRequired  idempotency-key-required
    ├── TooLarge                    payload-too-large
    ├── Invalid                     invalid-request: it can be read, and `errors` says which fields are wrong
    ├── IdempotencyKeyReused        idempotency-key-reused: same key, other payload
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
    └── Unavailable                 unavailable: try again
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A request that Chairlink understood and will not carry out; `facts` travel in the answer."""

    slug: str
    title: str

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.facts: Mapping[str, Any] = facts


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else: the answer is the same."""

    title = "Not found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind} here.")
        self.slug = f"{kind}-not-found"


class Forbidden(Refusal):
    """The caller is known, and their role may not do this."""

    slug, title = "forbidden", "Your role may not do this"


class Unauthenticated(Refusal):
    """The caller could not prove who they are."""

    slug, title = "unauthenticated", "The caller could not be verified"


class Malformed(Refusal):
    """The call cannot be read: not JSON, a key twice, a cursor that is none of ours."""

    slug, title = "malformed-request", "The request cannot be read"


class IdempotencyKeyRequired(Malformed):
    """Submitting without a key could book twice on a double tap."""

    slug, title = "idempotency-key-required", "An Idempotency-Key header is required"


class TooLarge(Refusal):
    """The body is larger than this operation takes."""

    slug, title = "payload-too-large", "The body is too large"


class Invalid(Refusal):
    """The call can be read and some of its fields are wrong."""

    slug, title = "invalid-request", "Some fields are not valid"

    def __init__(self, errors: Sequence[Mapping[str, str]]) -> None:
        super().__init__(errors=list(errors))

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """One wrong field; the message must not repeat the value, which may be personal."""
        return cls([{"field": field, "message": message}])


class IdempotencyKeyReused(Refusal):
    """The same key came with another payload."""

    slug, title = "idempotency-key-reused", "This Idempotency-Key was used for another payload"


class RevisionRequired(Refusal):
    """A decision must name the revision it was made on."""

    slug, title = "revision-required", "An If-Match header with the revision is required"


class RevisionStale(Refusal):
    """Somebody changed the request since the caller read it."""

    slug, title = "revision-stale", "The request has changed since you read it"


class Conflict(Refusal):
    """The call is fine; the state of the world is not."""


class AlreadyDecided(Conflict):
    """Somebody decided this request before."""

    slug, title = "already-decided", "This request is already decided"


class MoveNotAllowed(Conflict):
    """The table of transitions has no such move from this status."""

    slug, title = "move-not-allowed", "This cannot be done to a request in this status"


class PmsCannotCreate(Conflict):
    """The practice's PMS cannot create appointments: link the request instead."""

    slug, title = "pms-cannot-create", "This practice's PMS cannot create appointments; link the request instead"


class PossibleMatch(Conflict):
    """The patient seems to have an appointment already."""

    slug, title = "possible-match", "Could this be the same appointment?"


class ScheduleConflict(Conflict):
    """Chair or practitioner cannot serve that time."""

    slug, title = "schedule-conflict", "The schedule has no room for this appointment"


class AppointmentTaken(Conflict):
    """The appointment is linked to another request."""

    slug, title = "appointment-taken", "This appointment is linked to another request"


class AppointmentCancelled(Conflict):
    """The appointment does not stand any more."""

    slug, title = "appointment-cancelled", "This appointment is cancelled"


class Unavailable(Refusal):
    """Storage did not answer, or too many people change the same thing at this moment. Trying again is safe."""

    slug, title = "unavailable", "This cannot be done right now; please try again"
