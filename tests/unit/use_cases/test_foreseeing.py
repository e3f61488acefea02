"""What the front desk sees of a letter before it decides."""

import pytest

from bookings.domain.decisions.email_preview import PreviewedDecision
from bookings.domain.kernel.errors import Invalid
from bookings.domain.requests.request import RejectionReason
from bookings.emails.patient_email import EmailPreview, preview
from bookings.use_cases.preview_email import preview_email_for
from tests.builders import a_stamp
from tests.unit.use_cases.house import House


def foreseen(house: House, request_id: str, supposed: PreviewedDecision) -> EmailPreview:
    return preview_email_for(
        house.practices, house.bookings, house.practice.id, request_id, supposed, a_stamp(), preview
    )


def test_the_confirmation_speaks_of_the_edited_time_and_nothing_is_decided() -> None:
    house = House()
    request = house.request()
    email = foreseen(
        house, request.id, PreviewedDecision.model_validate({"kind": "confirmation", "start": "2026-07-15T14:30:00"})
    )
    assert "2:30 PM" in email.text
    assert house.practice.name in email.subject
    assert house.stands(request) == request


def test_it_is_the_letter_that_the_decision_brings() -> None:
    house = House()
    request = house.request()
    before = foreseen(house, request.id, PreviewedDecision(kind="confirmation"))
    accepted = house.accept(request, notify=True)
    (email,) = house.emails
    assert preview(email, accepted, house.practice, a_stamp().at) == before


def test_the_rejection_gives_the_reason() -> None:
    house = House()
    request = house.request()
    emails = {
        reason: foreseen(house, request.id, PreviewedDecision(kind="rejection", reason=reason)).text
        for reason in (RejectionReason.NO_OPENING, RejectionReason.OTHER)
    }
    assert len(set(emails.values())) == 2


def test_a_time_that_has_passed_is_confirmed_to_nobody() -> None:
    house = House()
    request = house.request()
    with pytest.raises(Invalid):
        foreseen(
            house,
            request.id,
            PreviewedDecision.model_validate({"kind": "confirmation", "start": "2026-06-01T09:00:00"}),
        )
