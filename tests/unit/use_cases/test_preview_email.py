"""The preview of an e-mail before a decision."""

import pytest

from bookings.domain.decisions.email_preview import PreviewedDecision
from bookings.domain.kernel.errors import Invalid
from bookings.domain.outbox.email import EmailPreview
from bookings.domain.requests.request import RejectionReason
from bookings.emails.patient_email import render_preview
from bookings.use_cases.preview_email import preview_email
from tests.support.builders import a_stamp
from tests.support.practice_harness import PracticeHarness


def preview(harness: PracticeHarness, request_id: str, supposed: PreviewedDecision) -> EmailPreview:
    return preview_email(
        harness.practices, harness.bookings, harness.practice.id, request_id, supposed, a_stamp(), render_preview
    )


def test_a_confirmation_preview_has_the_edited_time_and_decides_nothing() -> None:
    harness = PracticeHarness()
    request = harness.request()
    email = preview(
        harness, request.id, PreviewedDecision.model_validate({"kind": "confirmation", "start": "2026-07-15T14:30:00"})
    )
    assert "2:30 PM" in email.text
    assert harness.practice.name in email.subject
    assert harness.stored(request) == request


def test_the_preview_is_the_email_that_the_decision_sends() -> None:
    harness = PracticeHarness()
    request = harness.request()
    before = preview(harness, request.id, PreviewedDecision(kind="confirmation"))
    accepted = harness.accept(request, notify=True)
    (email,) = harness.emails
    assert render_preview(email, accepted, harness.practice, a_stamp().at) == before


def test_a_rejection_preview_has_the_reason() -> None:
    harness = PracticeHarness()
    request = harness.request()
    emails = {
        reason: preview(harness, request.id, PreviewedDecision(kind="rejection", reason=reason)).text
        for reason in (RejectionReason.NO_OPENING, RejectionReason.OTHER)
    }
    assert len(set(emails.values())) == 2


def test_a_preview_of_a_past_time_is_refused() -> None:
    harness = PracticeHarness()
    request = harness.request()
    with pytest.raises(Invalid):
        preview(
            harness,
            request.id,
            PreviewedDecision.model_validate({"kind": "confirmation", "start": "2026-06-01T09:00:00"}),
        )
