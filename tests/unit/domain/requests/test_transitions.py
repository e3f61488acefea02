"""The allowed moves of a request."""

from itertools import product

import pytest

from bookings.domain.kernel.errors import AlreadyDecided, Conflict, MoveNotAllowed
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import Decision, Move, Status, allowed_moves, check_move
from tests.support.builders import NOW, a_request

# The moves, written down once more from the diagram in docs/architecture.md.
ALLOWED = {
    (Status.PENDING, Move.ACCEPT): Status.ACCEPTED,
    (Status.PENDING, Move.LINK): Status.ACCEPTED,
    (Status.PENDING, Move.REJECT): Status.REJECTED,
    (Status.PENDING, Move.PROPOSE): Status.PROPOSED,
    (Status.PENDING, Move.WITHDRAW): Status.CANCELLED,
    (Status.PENDING, Move.EXPIRE): Status.EXPIRED,
    (Status.PROPOSED, Move.PICK): Status.ACCEPTED,
    (Status.PROPOSED, Move.DECLINE): Status.PENDING,
    (Status.PROPOSED, Move.WITHDRAW): Status.CANCELLED,
    (Status.PROPOSED, Move.EXPIRE): Status.EXPIRED,
    (Status.ACCEPTED, Move.REOPEN): Status.PENDING,
    (Status.REJECTED, Move.REOPEN): Status.PENDING,
}
ALL = list(product(Status, Move))


@pytest.mark.parametrize(("status", "move"), [pair for pair in ALL if pair in ALLOWED])
def test_an_allowed_move_leads_to_its_status(status: Status, move: Move) -> None:
    assert check_move(a_request(status=status), move) is ALLOWED[status, move]


@pytest.mark.parametrize(("status", "move"), [pair for pair in ALL if pair not in ALLOWED])
def test_any_other_move_is_refused_with_status_and_allowed_moves(status: Status, move: Move) -> None:
    with pytest.raises(Conflict) as refused:
        check_move(a_request(status=status), move)
    assert refused.value.facts["request_status"] == status
    assert refused.value.facts["allowed_moves"] == sorted(m for m in Move if (status, m) in ALLOWED)
    assert status in str(refused.value)
    assert move in str(refused.value)


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.REJECTED, Status.CANCELLED])
def test_a_second_decision_is_refused_as_already_decided(status: Status) -> None:
    decided = a_request(status=status, decision=Decision(action=Move.ACCEPT, at=NOW, by="staff:u1"))
    with pytest.raises(AlreadyDecided):
        check_move(decided, Move.ACCEPT)


def test_reopening_a_pending_request_is_move_not_allowed() -> None:
    with pytest.raises(MoveNotAllowed):
        check_move(a_request(), Move.REOPEN)


def test_a_withdrawn_request_cannot_be_reopened() -> None:
    taken_back = a_request(status=Status.CANCELLED, decision=Decision(action=Move.WITHDRAW, at=NOW, by="patient"))
    with pytest.raises(MoveNotAllowed):
        check_move(taken_back, Move.REOPEN)


def test_only_an_accepted_request_without_its_appointment_can_be_linked_again() -> None:
    lost = a_request(status=Status.ACCEPTED, appointment_status=AppointmentStatus.CANCELLED)
    assert check_move(lost, Move.LINK) is Status.ACCEPTED
    assert set(allowed_moves(lost)) == {Move.LINK, Move.REOPEN}
    with pytest.raises(AlreadyDecided):
        check_move(a_request(status=Status.ACCEPTED, decision=Decision(action=Move.LINK, at=NOW, by="u1")), Move.LINK)
