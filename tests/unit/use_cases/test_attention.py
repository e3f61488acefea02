"""A decided request that asks for attention once more, and the front desk that has seen it."""

import pytest

from bookings.domain.kernel.errors import MoveNotAllowed, RevisionStale
from bookings.domain.requests.request import Attention, Request, Status
from bookings.use_cases.watch_request import dismiss_attention
from tests.builders import a_command_context, an_event, an_idempotency_key
from tests.unit.use_cases.house import House
from tests.unit.use_cases.test_pms import receive


def called_off_in_the_pms(house: House) -> Request:
    receive(house, an_event())
    request = house.request()
    house.link(request, house.known("A1"))
    receive(house, an_event(version=2, status="cancelled"))
    return house.stands(request)


def test_the_front_desk_dismisses_what_it_has_seen_and_nothing_else_moves() -> None:
    house = House()
    request = called_off_in_the_pms(house)
    tally = house.tally()
    after = dismiss_attention(house.practices, house.bookings, a_command_context(request))
    assert (after.attention, after.status, after.appointment_id) == (None, Status.ACCEPTED, "A1")
    assert house.actions(request) == ["submit", "link", "pms_changed", "dismiss"]
    assert house.tally() == tally


def test_the_same_dismissal_once_more_is_answered_as_the_first() -> None:
    house = House()
    context = a_command_context(called_off_in_the_pms(house), idempotency_key=an_idempotency_key())
    first = dismiss_attention(house.practices, house.bookings, context)
    assert dismiss_attention(house.practices, house.bookings, context) == first


def test_nothing_is_dismissed_where_nothing_asks_for_attention() -> None:
    house = House()
    with pytest.raises(MoveNotAllowed):
        dismiss_attention(house.practices, house.bookings, a_command_context(house.request()))


def test_what_has_come_up_since_is_not_dismissed_unseen() -> None:
    house = House()
    request = called_off_in_the_pms(house)
    seen_before = request.model_copy(update={"revision": request.revision - 1})
    with pytest.raises(RevisionStale):
        dismiss_attention(house.practices, house.bookings, a_command_context(seen_before))
    assert house.stands(request).attention is Attention.CANCELLED_IN_PMS


def test_reopening_settles_it_too() -> None:
    house = House()
    assert house.reopen(called_off_in_the_pms(house)).attention is None
