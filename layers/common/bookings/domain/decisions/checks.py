"""Checks before a decision. Each raises the refusal that tells the caller what is wrong."""

from collections.abc import Container, Sequence

from bookings.domain.kernel.errors import (
    Invalid,
    PmsCannotCreate,
    PossibleMatch,
    RevisionStale,
)
from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Move, Request, check_move


def check_decidable(request: Request, move: Move, revisions: Container[int]) -> None:
    """Check that the status allows the move, then that the caller allows its revision.

    RFC 9110 §13.2.1 requires this order: a precondition (`If-Match`) is checked after everything else.
    """
    check_move(request, move)
    check_revision(request, revisions)


def check_revision(request: Request, revisions: Container[int]) -> None:
    """Check that the request has one of the revisions that the caller allows. Raises RevisionStale otherwise."""
    if request.revision not in revisions:
        raise RevisionStale(revision=request.revision)


def check_can_create(practice: Practice) -> None:
    """Check that the practice's PMS can create appointments. Raises PmsCannotCreate otherwise."""
    if not practice.pms.capabilities.create:
        raise PmsCannotCreate


def check_ids_exist(
    practice: Practice, practitioner_id: str | None, chair_id: str | None, service_id: str | None, *, prefix: str
) -> None:
    """Check that the practice has these ids. Raises Invalid for the first that it does not have.

    `prefix` is put before the field names of the error.
    """
    lookups = (
        ("practitioner_id", practitioner_id, practice.practitioner(practitioner_id)),
        ("chair_id", chair_id, practice.chair(chair_id)),
        ("service_id", service_id, practice.service(service_id)),
    )
    for field, requested_id, found in lookups:
        if requested_id is not None and found is None:
            raise Invalid.field(prefix + field, "does not exist at this practice")


def check_no_match(matches: Sequence[Match]) -> None:
    """Check that the patient has no matching appointment, not even of another request. Raises PossibleMatch."""
    if matches:
        raise PossibleMatch(matches=matches)


def check_can_notify(request: Request) -> None:
    """Check that the patient has an e-mail address and allows its use. Raises Invalid otherwise."""
    if not request.patient.email:
        raise Invalid.field("notify", "must be false, because the patient gave no e-mail address")
    if not request.may_email:
        raise Invalid.field("notify", "must be false, because the patient asked not to get e-mails")
