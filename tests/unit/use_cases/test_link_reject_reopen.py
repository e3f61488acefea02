"""The front desk links a request to an appointment that stands, says no, and undoes either."""

import pytest

from bookings.domain.kernel.errors import (
    AlreadyDecided,
    AppointmentCancelled,
    AppointmentTaken,
    IdempotencyKeyReused,
    MoveNotAllowed,
    NotFound,
    RevisionStale,
)
from bookings.domain.outbox.email import EmailKind
from bookings.domain.requests.appointment import AppointmentStatus
from bookings.domain.requests.request import RejectionReason, Resolution, Status
from tests.builders import a_pms, a_practice, an_appointment, an_idempotency_key
from tests.unit.use_cases.house import House, Killed

# ---------------------------------------------------------------- link


def test_a_linked_request_has_the_appointments_time_and_the_letter_is_about_it() -> None:
    """Story 2."""
    house = House()
    appointment, request = house.appointment(), house.request()
    answer = house.link(request, appointment, notify=True)
    assert (answer.status, answer.resolution, answer.accepted) == (
        Status.ACCEPTED, Resolution.LINKED, appointment.slot,
    )  # fmt: skip
    assert house.stands(request) == answer
    assert house.known(appointment.id).request_id == request.id
    assert [email.kind for email in house.emails] == [EmailKind.CONFIRMATION]
    assert house.writes == []


def test_a_practice_whose_pms_cannot_create_appointments_can_link() -> None:
    """Story 3."""
    house = House(a_practice(pms=a_pms(create=False)))
    assert house.link(house.request(), house.appointment()).status is Status.ACCEPTED


def test_an_appointment_belongs_to_one_request() -> None:
    house = House()
    appointment, first, second = house.appointment(), house.request(), house.request()
    house.link(first, appointment)
    with pytest.raises(AppointmentTaken):
        house.link(second, appointment)
    assert house.stands(second) == second


def test_of_two_who_link_one_appointment_at_once_the_later_learns_that_it_is_taken() -> None:
    house = House()
    appointment, first, second = house.appointment(), house.request(), house.request()
    house.bookings.meanwhile = lambda: house.link(first, appointment)
    with pytest.raises(AppointmentTaken):
        house.link(second, appointment)
    assert house.known(appointment.id).request_id == first.id


def test_an_appointment_that_the_pms_cancels_meanwhile_is_not_linked() -> None:
    house = House()
    appointment, request = house.appointment(), house.request()

    def the_pms_cancels_it() -> None:
        house.pms_tells(appointment, status=AppointmentStatus.CANCELLED)

    house.bookings.meanwhile = the_pms_cancels_it
    with pytest.raises(AppointmentCancelled):
        house.link(request, appointment)
    assert house.stands(request) == request


def test_an_appointment_that_the_pms_moves_meanwhile_is_linked_at_its_new_time() -> None:
    house = House()
    appointment, request = house.appointment(), house.request()
    elsewhere = an_appointment().slot
    assert elsewhere
    later = elsewhere.model_copy(update={"duration_minutes": 45})
    house.bookings.meanwhile = lambda: house.pms_tells(appointment, slot=later)
    assert house.link(request, appointment).accepted == later


def test_another_practices_appointment_is_not_found() -> None:
    house = House()
    theirs = house.appointment(practice_id="prac_other")
    with pytest.raises(NotFound) as refused:
        house.link(house.request(), theirs)
    assert refused.value.slug == "appointment-not-found"


def test_linking_twice_with_the_same_key_links_once() -> None:
    house = House()
    appointment, request = house.appointment(), house.request()
    first = house.link(request, appointment, an_idempotency_key("k"))
    assert house.link(request, appointment, an_idempotency_key("k")) == first
    assert house.actions(request) == ["submit", "link"]


def test_a_look_that_catches_a_decision_and_not_its_receipt_is_no_refusal() -> None:
    house = House()
    appointment, linked, rejected = house.appointment(), house.request(), house.request()
    first, second = (
        house.link(linked, appointment, an_idempotency_key("l")),
        house.reject(rejected, idempotency_key=an_idempotency_key("r")),
    )
    third = house.reopen(first, an_idempotency_key("o"))
    house.bookings.overlooks_receipts = 1
    assert house.link(linked, appointment, an_idempotency_key("l")) == first
    house.bookings.overlooks_receipts = 1
    assert house.reject(rejected, idempotency_key=an_idempotency_key("r")) == second
    house.bookings.overlooks_receipts = 1
    assert house.reopen(first, an_idempotency_key("o")) == third


# ---------------------------------------------------------------- reject


def test_a_rejection_is_counted_by_its_reason() -> None:
    house = House()
    request = house.request()
    answer = house.reject(request, RejectionReason.SPAM)
    assert (answer.status, house.stands(request)) == (Status.REJECTED, answer)
    assert house.tally()["reason_spam"] == 1


def test_a_rejection_on_an_old_revision_is_stale() -> None:
    house = House()
    request = house.request()
    house.reopen(house.reject(request))
    with pytest.raises(RevisionStale):
        house.reject(request)


def test_two_who_reject_at_once_count_once() -> None:
    house = House()
    request = house.request()
    house.bookings.meanwhile = lambda: house.reject(request, RejectionReason.SPAM)
    with pytest.raises(AlreadyDecided):
        house.reject(request, RejectionReason.DUPLICATE)
    assert {column: n for column, n in house.tally().items() if column.startswith("reason")} == {"reason_spam": 1}


def test_a_repeated_rejection_gets_the_same_answer_and_another_one_with_its_key_none() -> None:
    house = House()
    request = house.request()
    first = house.reject(request, idempotency_key=an_idempotency_key("k", b"no"))
    assert house.reject(request, idempotency_key=an_idempotency_key("k", b"no")) == first
    with pytest.raises(IdempotencyKeyReused):
        house.reject(request, idempotency_key=an_idempotency_key("k", b"spam"))


# ---------------------------------------------------------------- reopen


@pytest.mark.parametrize("way", ["accept", "link", "reject"])
def test_what_is_reopened_is_as_if_nothing_had_happened(way: str) -> None:
    """Story 4: the tally too."""
    house = House()
    request = house.request()
    before = house.tally()
    if way == "accept":
        decided = house.accept(request)
    elif way == "link":
        decided = house.link(request, house.appointment())
    else:
        decided = house.reject(request)
    assert house.tally() != before
    back = house.reopen(decided)
    assert back == request.model_copy(update={"revision": 3})
    assert house.stands(request) == back
    assert house.tally() == before
    assert house.actions(request) == ["submit", way, "reopen"]


def test_a_reopened_link_sets_the_appointment_free_for_another_request() -> None:
    house = House()
    appointment, first, second = house.appointment(), house.request(), house.request()
    house.reopen(house.link(first, appointment))
    assert house.known(appointment.id).may_be_linked
    assert house.link(second, appointment).status is Status.ACCEPTED


def test_a_reopened_acceptance_frees_the_time_for_another_request() -> None:
    house = House()
    first, second = house.request(), house.request()
    house.reopen(house.accept(first, chair_id="chr_a"))
    assert house.accept(second, chair_id="chr_a").status is Status.ACCEPTED
    assert [write.kind for write in house.writes] == ["create", "create"]


def test_a_patient_who_was_told_is_told_that_it_no_longer_holds() -> None:
    house = House()
    request = house.request()
    accepted = house.accept(request, notify=True)
    back = house.reopen(accepted)
    confirmation, cancellation = house.emails
    assert (cancellation.kind, cancellation.cancels) == (EmailKind.CANCELLATION, confirmation.outbox_id)
    assert back.outbox_id == cancellation.outbox_id


def test_an_appointment_that_the_pms_moves_while_it_is_reopened_is_freed_as_it_stands() -> None:
    house = House()
    appointment, request = house.appointment(), house.request()
    linked = house.link(request, appointment)
    slot = appointment.slot
    assert slot
    moved = slot.model_copy(update={"duration_minutes": 45})
    house.bookings.meanwhile = lambda: house.pms_tells(house.known(appointment.id), slot=moved)
    house.reopen(linked)
    assert (house.known(appointment.id).slot, house.known(appointment.id).request_id) == (moved, None)


def test_what_is_pending_cannot_be_reopened() -> None:
    house = House()
    with pytest.raises(MoveNotAllowed):
        house.reopen(house.request())


def test_two_who_reopen_at_once_undo_it_once() -> None:
    house = House()
    request = house.request()
    accepted = house.accept(request, notify=True)
    house.bookings.meanwhile = lambda: house.reopen(accepted)
    with pytest.raises(MoveNotAllowed):
        house.reopen(accepted)
    assert len(house.emails) == 2
    assert house.actions(request) == ["submit", "accept", "reopen"]


def test_a_reopening_whose_answer_was_lost_gets_it_when_it_is_repeated() -> None:
    house = House()
    request = house.request()
    accepted = house.accept(request)
    house.bookings.dies_after_writing = True
    with pytest.raises(Killed):
        house.reopen(accepted, an_idempotency_key("k"))
    house.bookings.dies_after_writing = False
    assert house.reopen(accepted, an_idempotency_key("k")) == house.stands(request)
    assert house.actions(request) == ["submit", "accept", "reopen"]
