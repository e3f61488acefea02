"""Checks that a decision makes before it changes anything; each raises the refusal that says why."""

from collections.abc import Sequence

from bookings.domain.kernel.errors import (
    Invalid,
    PmsCannotCreate,
    PossibleMatch,
    RevisionStale,
)
from bookings.domain.matching.match import Match
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Move, Request, check_move


def check_decidable(request: Request, move: Move, revision: int) -> None:
    """That the move is allowed and that the caller has seen the newest revision, in this order (RFC 9110 §13.2.1)."""
    check_move(request, move)
    check_revision(request, revision)


def check_revision(request: Request, revision: int) -> None:
    """That the caller has seen the newest revision."""
    if request.revision != revision:
        raise RevisionStale(revision=request.revision)


def check_can_create(practice: Practice) -> None:
    """DESIGN §3, accepting, step 1."""
    if not practice.pms.capabilities.create:
        raise PmsCannotCreate


def check_ids_exist(
    practice: Practice, practitioner_id: str | None, chair_id: str | None, service_id: str | None, *, prefix: str
) -> None:
    """That the practice has what the caller names; raises Invalid for the first that it has not."""
    named = (
        ("practitioner_id", practitioner_id, practice.practitioner(practitioner_id)),
        ("chair_id", chair_id, practice.chair(chair_id)),
        ("service_id", service_id, practice.service(service_id)),
    )
    for name, thing_id, thing in named:
        if thing_id is not None and thing is None:
            raise Invalid.field(prefix + name, "the practice has none of that id")


def check_no_match(matches: Sequence[Match]) -> None:
    """DESIGN §3, accepting, step 2: could this be the same appointment?"""
    if matches:
        raise PossibleMatch(matches=matches)


def check_has_email_address(request: Request) -> None:
    if not request.patient.email:
        raise Invalid.field("notify", "the patient has left no e-mail address")
