"""Each e-mail is sent at most once and is never lost silently."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import (
    DELIVERY_EVENT_TIMEOUT,
    EMAIL_LEASE,
    DeliveryEvent,
    SendFault,
    SendRefused,
)
from tests.support.email_builders import NOW, an_accepted_request, an_email
from tests.support.email_harness import EmailHarness
from tests.support.faults import Killed


def test_a_new_email_is_sent_and_shown_on_the_request(harness: EmailHarness) -> None:
    harness.put_confirmation()
    assert harness.send().step is EmailStep.SENT
    assert harness.subjects() == ["Your appointment at Harbour Dental is confirmed"]
    assert (harness.status(), harness.email().message_id) == (EmailStatus.SENT, "ses-1")
    assert harness.mail_status_of_request() == "sent"


def test_a_repeated_stream_record_sends_one_email(harness: EmailHarness) -> None:
    harness.put_confirmation()
    assert [harness.send().step, harness.send().step] == [EmailStep.SENT, EmailStep.SKIPPED]
    assert len(harness.transport.sent) == 1


def test_the_sweep_ignores_a_sent_email(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.send()
    harness.wait(days=1)
    assert harness.sweep().due == 0
    assert len(harness.transport.sent) == 1


def test_the_sweep_sends_an_email_that_the_stream_missed(harness: EmailHarness) -> None:
    harness.put_confirmation()
    assert harness.sweep().due == 0, "the stream has five minutes first"
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SENT]
    assert len(harness.transport.sent) == 1


def test_an_unknown_email_is_ignored(harness: EmailHarness) -> None:
    assert harness.send("mail_0").step is EmailStep.SKIPPED


def test_a_sender_killed_after_the_claim_never_causes_a_second_email(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [Killed()]
    with pytest.raises(Killed):
        harness.send()
    assert harness.status() is EmailStatus.SENDING

    assert harness.send().step is EmailStep.SKIPPED, "the stream delivers the record again"
    harness.wait(seconds=EMAIL_LEASE.total_seconds() - 1)
    assert harness.sweep().outcomes == (), "the sender may still be alive"
    harness.wait(seconds=1)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.UNKNOWN]
    assert harness.mail_status_of_request() == "unknown"

    harness.wait(days=30)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.UNREPORTED]
    assert harness.sweep().due == 0
    assert harness.send().step is EmailStep.SKIPPED
    assert harness.transport.calls == 1

    assert harness.report(DeliveryEvent.DELIVERY).step is EmailStep.DELIVERED
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.DELIVERED, "sent")


def test_after_a_lost_answer_an_email_is_unknown_until_ses_reports(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    assert harness.send().step is EmailStep.UNKNOWN
    assert (harness.mail_status_of_request(), harness.email().failure) == ("unknown", "ReadTimeoutError")
    harness.wait(days=1)
    harness.sweep()
    harness.send()
    assert harness.transport.calls == 1
    harness.report(DeliveryEvent.SEND)
    assert (harness.mail_status_of_request(), harness.email().failure) == ("sent", None)


def test_an_email_without_ses_events_is_reported_once(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    harness.send()
    harness.wait(seconds=DELIVERY_EVENT_TIMEOUT.total_seconds() - 1)
    assert harness.sweep().due == 0, "SES may still speak"
    harness.wait(seconds=1)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.UNREPORTED]
    assert harness.sweep().due == 0
    assert (harness.status(), harness.email().failure, harness.transport.calls) == (
        EmailStatus.UNKNOWN,
        "ReadTimeoutError",
        1,
    )


def test_an_email_with_an_ses_event_is_not_reported(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    harness.send()
    harness.report(DeliveryEvent.DELIVERY)
    harness.wait(days=1)
    assert harness.sweep().due == 0


def test_an_ses_event_before_the_senders_write_is_kept(harness: EmailHarness) -> None:
    harness.put_confirmation()
    take = harness.transport.send

    def take_and_report(*arguments: object) -> object:
        answer = take(*arguments)  # type: ignore[arg-type]
        harness.report(DeliveryEvent.SEND)
        harness.report(DeliveryEvent.BOUNCE)
        return answer

    harness.transport.send = take_and_report  # type: ignore[assignment]
    assert harness.send().step is EmailStep.SKIPPED
    assert (harness.status(), harness.mail_status_of_request()) == (EmailStatus.FAILED, "failed")


def test_of_concurrent_senders_one_sends(harness: EmailHarness) -> None:
    harness.put_confirmation()
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: harness.send().step, range(8)))
    assert sorted(steps) == sorted([EmailStep.SENT, *[EmailStep.SKIPPED] * 7])
    assert len(harness.transport.sent) == 1


def test_an_error_before_sending_is_retried_later(harness: EmailHarness) -> None:
    harness.put_confirmation()
    harness.practices.error = Unavailable()
    outcome = harness.send()
    assert (outcome.step, outcome.code) == (EmailStep.POSTPONED, "Unavailable")
    harness.practices.error = None
    assert harness.send().step is EmailStep.SKIPPED, "not before it is due"
    harness.wait(minutes=5)
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.SENT]


def test_an_email_that_crashes_does_not_stop_the_sweep(harness: EmailHarness) -> None:
    harness.put(
        an_accepted_request(),
        an_email(due_at=NOW),
        an_accepted_request(id="req_2", outbox_id="mail_2"),
        an_email(outbox_id="mail_2", request_id="req_2", due_at=NOW),
    )
    harness.transport.answers = [ValueError("jane@example.com")]
    swept = harness.sweep()
    assert [(outcome.step, outcome.code) for outcome in swept.outcomes] == [
        (EmailStep.CRASHED, "ValueError"),
        (EmailStep.SENT, None),
    ]


def a_backlog(harness: EmailHarness, size: int) -> None:
    for number in range(size):
        harness.put(
            an_accepted_request(id=f"req_{number}", outbox_id=f"mail_{number}"),
            an_email(outbox_id=f"mail_{number}", request_id=f"req_{number}", due_at=NOW),
        )


def test_a_sweep_continues_batch_by_batch_while_it_has_time(
    harness: EmailHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.use_cases.sweep_outbox.MAX_SWEEP_BATCH", 2)
    a_backlog(harness, 5)
    swept = harness.sweep()
    assert (swept.due, len(harness.transport.sent)) == (5, 5)


def test_a_sweep_tries_each_email_once_even_if_the_index_lags(
    harness: EmailHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_backlog(harness, 3)
    all_of_them = harness.due()
    monkeypatch.setattr(harness.emails, "due", lambda _now, _limit: all_of_them)
    harness.transport.answers = [SendRefused(SendFault.TRANSIENT, "InternalFailure")] * 9
    assert [outcome.step for outcome in harness.sweep().outcomes] == [EmailStep.POSTPONED] * 3
    assert harness.transport.calls == 3


def test_a_sweep_without_time_leaves_the_rest_due(harness: EmailHarness) -> None:
    harness.put(
        an_accepted_request(),
        an_email(due_at=NOW),
        an_accepted_request(id="req_2", outbox_id="mail_2"),
        an_email(outbox_id="mail_2", request_id="req_2", due_at=NOW),
    )
    swept = harness.sweep(seconds_left=1)
    assert (swept.due, len(swept.outcomes)) == (2, 1)
    assert len(harness.due()) == 1
