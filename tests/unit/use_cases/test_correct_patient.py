"""Correcting what was mistyped about a patient."""

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.domain.decisions.commands import PatientCorrection, Watching
from bookings.domain.decisions.watch import RECHECK_DELAY
from bookings.domain.kernel.errors import IdempotencyKeyReused, Invalid, NotFound, RevisionStale
from bookings.domain.kernel.idempotency import IdempotencyKey
from bookings.domain.outbox.email import EmailStatus
from bookings.domain.outbox.email_delivery import finish_email
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.request import Request, Status
from bookings.emails.patient_email import PatientEmailRenderer
from bookings.emails.staff_email import StaffEmailRenderer
from bookings.use_cases.correct_patient import correct_patient
from bookings.use_cases.list_matches import list_matches
from bookings.use_cases.notify_patient import notify_patient
from bookings.use_cases.own_request import read_own_request
from bookings.use_cases.save_email import advance_email
from bookings.use_cases.send_email import EmailSender, send_email
from bookings.use_cases.submit_request import submit_request
from bookings.use_cases.watch_request import watch_request
from tests.support.builders import (
    A_LARGE_LIMIT,
    NOW,
    a_command_context,
    a_patient,
    a_stamp,
    a_stranger,
    a_submission,
    an_event,
    an_idempotency_key,
    completed,
)
from tests.support.in_memory.email_repository import InMemoryEmailRepository
from tests.support.in_memory.email_transport import RecordingEmailTransport
from tests.support.practice_harness import PracticeHarness
from tests.unit.use_cases.test_recheck_watched_requests import found


def correct(
    harness: PracticeHarness, request: Request, idempotency_key: IdempotencyKey | None = None, **fields: Any
) -> Request:
    context = a_command_context(request, idempotency_key=idempotency_key)
    correction = PatientCorrection.model_validate(fields)
    return correct_patient(harness.practices, harness.bookings, context, correction)


def watched(harness: PracticeHarness, **fields: Any) -> Request:
    context = a_command_context(harness.request(**fields))
    return watch_request(harness.practices, harness.bookings, context, Watching(notify=True))


# ---------------------------------------------------------------- what may be corrected


def test_fields_that_are_left_out_stay_and_null_clears() -> None:
    harness = PracticeHarness()
    request = harness.request(patient=a_patient(phone_extension="12"))
    after = correct(harness, request, first_name="Jané", date_of_birth=None)
    assert after.patient == a_patient(first_name="Jané", phone_extension="12", date_of_birth=None)
    assert harness.stored(request) == after
    assert after.revision == request.revision + 1


def test_what_is_typed_is_taken_in_as_on_the_booking_form() -> None:
    harness = PracticeHarness()
    after = correct(
        harness, harness.request(), email="\u200bjane@faß.example", phone="(604) 555-0142 x7", first_name=" Jane  Ann "
    )
    assert after.patient.email == "jane@faß.example"
    assert (after.patient.phone, after.patient.phone_extension) == ("+16045550142", "7")
    assert after.patient.first_name == "Jane Ann"


def test_a_new_number_has_no_old_extension() -> None:
    harness = PracticeHarness()
    after = correct(harness, harness.request(patient=a_patient(phone_extension="12")), phone="604-555-0142")
    assert (after.patient.phone, after.patient.phone_extension) == ("+16045550142", None)


@pytest.mark.parametrize("cleared", ["email", "phone"])
def test_the_last_way_to_reach_the_patient_cannot_be_cleared(cleared: str) -> None:
    harness = PracticeHarness()
    other = {"email": "phone", "phone": "email"}[cleared]
    request = correct(harness, harness.request(), **{other: None})
    with pytest.raises(Invalid) as refused:
        correct(harness, request, **{cleared: None})
    assert [error["field"] for error in refused.value.facts["errors"]] == [cleared]
    assert harness.stored(request) == request


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "555-0123"), ("date_of_birth", date(2026, 7, 2).isoformat()), ("phone", "+1 999 999 9999 9")],
)
def test_what_the_practice_rules_out_is_refused_at_its_field(field: str, value: Any) -> None:
    harness = PracticeHarness()
    with pytest.raises(Invalid) as refused:
        correct(harness, harness.request(), **{field: value})
    assert [error["field"] for error in refused.value.facts["errors"]] == [field]


@pytest.mark.parametrize("status", Status)
def test_every_status_allows_a_correction_and_keeps_its_decision(status: Status) -> None:
    harness = PracticeHarness()
    request = harness.request(status=status)
    after = correct(harness, request, last_name="Dow")
    assert after == request.model_copy(update={"patient": after.patient, "revision": request.revision + 1})


# ---------------------------------------------------------------- revision, repetition, history


@pytest.mark.parametrize("same", [{}, {"last_name": "Doe", "phone": "604 555 0123"}])
def test_a_correction_of_nothing_makes_no_revision_and_no_step(same: dict[str, Any]) -> None:
    harness = PracticeHarness()
    request = harness.request()
    assert correct(harness, request, an_idempotency_key("k"), **same) == request
    assert harness.actions(request) == ["submit"]
    with pytest.raises(IdempotencyKeyReused):
        correct(harness, request, an_idempotency_key("k", payload=b"other"), last_name="Dow")


def test_a_correction_on_an_old_revision_is_stale_and_a_repetition_gets_the_same_answer() -> None:
    harness = PracticeHarness()
    request = harness.request()
    first = correct(harness, request, an_idempotency_key("k"), email="jane.doe@example.com")
    assert correct(harness, request, an_idempotency_key("k"), email="jane.doe@example.com") == first
    with pytest.raises(RevisionStale):
        correct(harness, request, last_name="Dow")
    assert harness.actions(request) == ["submit", "correct"]


def test_history_says_who_corrected_which_fields_and_none_of_their_values() -> None:
    harness = PracticeHarness()
    request = harness.request()
    correct(harness, request, email="jane.doe@example.com", phone="604-555-0142 ext. 7")
    step = harness.bookings.history(request.id)[-1]
    assert (step.action, step.by, step.revision) == ("correct", "staff:u1", 2)
    assert (step.before, step.after) == ({}, {"corrected": ("email", "phone")})


def test_a_decision_that_was_made_meanwhile_is_not_overwritten() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.bookings.before_next_commit = lambda: harness.reject(request)
    with pytest.raises(RevisionStale):
        correct(harness, request, last_name="Dow")
    assert harness.stored(request).status is Status.REJECTED


# ---------------------------------------------------------------- the patient's link


def test_with_another_email_address_the_patients_link_ends() -> None:
    harness = PracticeHarness()
    stores = harness.practices, harness.bookings
    tap = an_idempotency_key("one-tap")
    submitted = submit_request(
        *stores, harness.practice.id, a_submission(), tap, a_stamp("patient"), hourly_limit=A_LARGE_LIMIT
    )
    _, request = read_own_request(*stores, submitted.manage_token, NOW)
    corrected = correct(harness, request, phone="604-555-0142")
    assert read_own_request(*stores, submitted.manage_token, NOW)[1] == corrected
    correct(harness, corrected, email="jane.doe@example.com")
    with pytest.raises(NotFound):
        read_own_request(*stores, submitted.manage_token, NOW)
    again = submit_request(
        *stores, harness.practice.id, a_submission(), tap, a_stamp("patient"), hourly_limit=A_LARGE_LIMIT
    )
    with pytest.raises(NotFound):
        read_own_request(*stores, again.manage_token, NOW)


# ---------------------------------------------------------------- matching


def test_matches_are_those_of_the_corrected_patient() -> None:
    harness = PracticeHarness()
    harness.receive(an_event())
    request = harness.request(patient=a_stranger())

    def matches() -> list[str]:
        found = list_matches(harness.practices, harness.bookings, harness.practice.id, request.id, NOW)
        return [match.appointment.id for match in found]

    assert matches() == []
    correct(harness, request, **a_patient().model_dump(mode="json", exclude={"phone_extension"}))
    assert matches() == ["A1"]


def test_a_watched_request_is_linked_to_the_appointment_that_it_missed_as_mistyped() -> None:
    harness = PracticeHarness()
    request = watched(harness, patient=a_stranger())
    harness.receive(an_event())
    assert harness.stored(request).attention is None
    after = correct(harness, request, **a_patient().model_dump(mode="json", exclude={"phone_extension"}))
    assert (after.attention, after.look_again_at) == (Attention.MATCH_FOUND, NOW + RECHECK_DELAY)
    assert found(harness) == [request.id]
    assert harness.stored(request).appointment_id == "A1"


def test_an_older_appointment_of_the_corrected_patient_only_asks_for_attention() -> None:
    harness = PracticeHarness()
    harness.receive(an_event(), at=NOW - timedelta(days=1))
    request = watched(harness, patient=a_stranger())
    after = correct(harness, request, **a_patient().model_dump(mode="json", exclude={"phone_extension"}))
    assert after.attentions == (Attention.MATCH_FOUND,)
    found(harness)
    assert harness.stored(request).status is Status.PENDING


def test_a_match_that_was_seen_before_asks_for_no_attention() -> None:
    harness = PracticeHarness()
    harness.receive(an_event())
    assert correct(harness, watched(harness), last_name="Dow").attentions == ()


def test_a_watched_request_whose_address_was_cleared_is_linked_without_an_email() -> None:
    harness = PracticeHarness()
    request = correct(harness, watched(harness), email=None)
    harness.receive(an_event(patient=a_patient().model_dump(mode="json", exclude_none=True)))
    assert harness.stored(request).appointment_id == "A1"
    assert harness.emails == []


# ---------------------------------------------------------------- the appointment


def test_an_appointment_that_no_agent_has_pulled_is_written_as_corrected() -> None:
    harness = PracticeHarness()
    request = harness.accept(harness.request())
    correct(harness, request, last_name="Dow")
    ((_, appointment),) = harness.pull()
    assert appointment.patient == a_patient(last_name="Dow")


def test_an_appointment_that_the_pms_refused_is_corrected_too() -> None:
    harness = PracticeHarness()
    request = harness.accept(harness.request())
    ((write, _),) = harness.pull()
    harness.receive({"type": "write.failed", "data": {"write_id": write.id, "reason": "The phone number is invalid"}})
    correct(harness, harness.stored(request), phone="604-555-0142")
    appointment = harness.stored_appointment(request.appointment_id)
    assert appointment.patient
    assert appointment.patient.phone == "+16045550142"


def test_a_pull_and_a_correction_at_once_agree_on_the_patient() -> None:
    """The agent leases the write while the correction decides: the PMS gets the old patient, and we keep that."""
    harness = PracticeHarness()
    request = harness.accept(harness.request())
    pulled = []
    harness.bookings.before_next_commit = lambda: pulled.extend(harness.pull())
    after = correct(harness, request, last_name="Dow")
    ((_, appointment),) = pulled
    assert after.patient.last_name == "Dow"
    assert harness.stored_appointment(request.appointment_id).patient == appointment.patient == a_patient()


def test_the_pms_record_of_the_mistyped_patient_is_no_other_person() -> None:
    """The PMS keeps what was written until the practice corrects it there."""
    harness = PracticeHarness()
    request = harness.accept(harness.request(patient=a_patient(date_of_birth=date(1980, 12, 24))))
    ((write, appointment),) = harness.pull()
    harness.receive(completed(write, "1001"))
    correct(harness, harness.stored(request), date_of_birth="1990-04-02")
    assert appointment.patient
    theirs = appointment.patient.model_dump(mode="json", exclude_none=True)
    harness.receive(an_event(id="1001", start="2026-07-15T15:00:00", patient=theirs, status="arrived"))
    after = harness.stored(request)
    assert (after.appointment_id, after.attentions) == (request.appointment_id, ())


# ---------------------------------------------------------------- e-mail


class Postbox:
    """Sends what waits in the outbox."""

    def __init__(self, harness: PracticeHarness) -> None:
        self.harness, self.transport = harness, RecordingEmailTransport()
        self.emails = InMemoryEmailRepository(harness.bookings)

    def send(self) -> list[str]:
        """The addresses of all e-mails that were sent so far."""
        renderers = PatientEmailRenderer("desk@chairlink.dev"), StaffEmailRenderer("desk@chairlink.dev", lambda _: "")
        stores = self.emails, self.harness.bookings, self.harness.practices
        for email in self.harness.emails:
            send_email(EmailSender(*stores, *renderers, self.transport), email.outbox_id, NOW)
        return [str(message["To"]) for message in self.transport.sent]

    def bounce(self) -> None:
        """The last e-mail bounces."""
        sent = self.harness.emails[-1]
        bounced = finish_email(sent, EmailStatus.FAILED, failure="bounced")
        advance_email(self.emails, self.harness.bookings, sent, bounced, NOW)


def test_after_a_bounce_and_a_correction_the_patient_is_told_at_the_new_address() -> None:
    harness = PracticeHarness()
    postbox = Postbox(harness)
    request = harness.accept(harness.request(patient=a_patient(email="jnae@example.com")), notify=True)
    assert postbox.send() == ["jnae@example.com"]
    postbox.bounce()
    failed = harness.stored(request)
    assert (failed.mail, failed.attention) == ("failed", Attention.MAIL_FAILED)
    corrected = correct(harness, failed, email="jane@example.com")
    assert (corrected.mail, corrected.attention) == ("failed", Attention.MAIL_FAILED)
    notify_patient(harness.practices, harness.bookings, a_command_context(corrected))
    assert postbox.send() == ["jnae@example.com", "jane@example.com"]
    after = harness.stored(request)
    assert (after.mail, after.attentions) == ("sent", ())


def test_an_email_that_still_waits_goes_to_the_corrected_address() -> None:
    harness = PracticeHarness()
    request = harness.accept(harness.request(patient=a_patient(email="jnae@example.com")), notify=True)
    correct(harness, request, email="jane@example.com")
    assert Postbox(harness).send() == ["jane@example.com"]


def test_a_correction_sends_nothing_by_itself() -> None:
    harness = PracticeHarness()
    correct(harness, harness.accept(harness.request()), email="jane.doe@example.com")
    assert harness.emails == []
