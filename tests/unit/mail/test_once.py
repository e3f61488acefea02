"""No duplicate and no silent loss, wherever the sender dies and whatever is delivered twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import DELIVERY_EVENT_TIMEOUT, EMAIL_LEASE, EmailStatus, EmailStep
from bookings.domain.outbox.email_delivery import DeliveryEvent, SendFault, SendRefused

from .builders import NOW, a_letter, an_accepted_request
from .conftest import World
from .fakes import Killed


def test_a_new_letter_is_sent_and_the_front_desk_sees_it(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert world.send().step is EmailStep.SENT
    assert world.subjects() == ["Your appointment at Harbour Dental is confirmed"]
    assert (world.status(), world.email().message_id) == (EmailStatus.SENT, "ses-1")
    assert world.mail_on_the_request() == "sent"


def test_a_record_that_is_delivered_twice_sends_one_mail(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert [world.send().step, world.send().step] == [EmailStep.SENT, EmailStep.LEFT]
    assert len(world.transport.sent) == 1


def test_the_sweep_leaves_what_was_sent(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.send()
    world.later(days=1)
    assert world.sweep().due == 0
    assert len(world.transport.sent) == 1


def test_the_sweep_sends_what_the_stream_missed(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert world.sweep().due == 0, "the stream has five minutes"
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SENT]
    assert len(world.transport.sent) == 1


def test_a_row_that_is_gone_is_left(world: World) -> None:
    assert world.send("mail_0").step is EmailStep.LEFT


def test_a_sender_that_dies_after_the_claim_never_causes_a_second_mail(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [Killed()]
    with pytest.raises(Killed):
        world.send()
    assert world.status() is EmailStatus.SENDING

    assert world.send().step is EmailStep.LEFT, "the stream delivers the record again"
    world.later(seconds=EMAIL_LEASE.total_seconds() - 1)
    assert world.sweep().outcomes == (), "the sender may still be alive"
    world.later(seconds=1)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.UNKNOWN]
    assert world.mail_on_the_request() == "unknown"

    world.later(days=30)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.UNREPORTED]
    assert world.sweep().due == 0
    assert world.send().step is EmailStep.LEFT
    assert world.transport.calls == 1

    assert world.hear(DeliveryEvent.DELIVERY).step is EmailStep.DELIVERED
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.DELIVERED, "sent")


def test_a_lost_answer_leaves_the_letter_unknown_until_ses_reports(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    assert world.send().step is EmailStep.UNKNOWN
    assert (world.mail_on_the_request(), world.email().failure) == ("unknown", "ReadTimeoutError")
    world.later(days=1)
    world.sweep()
    world.send()
    assert world.transport.calls == 1
    world.hear(DeliveryEvent.SEND)
    assert (world.mail_on_the_request(), world.email().failure) == ("sent", None)


def test_people_hear_once_of_a_letter_of_which_nothing_is_heard(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    world.send()
    world.later(seconds=DELIVERY_EVENT_TIMEOUT.total_seconds() - 1)
    assert world.sweep().due == 0, "SES may still speak"
    world.later(seconds=1)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.UNREPORTED]
    assert world.sweep().due == 0
    assert (world.status(), world.email().failure, world.transport.calls) == (
        EmailStatus.UNKNOWN,
        "ReadTimeoutError",
        1,
    )


def test_a_letter_that_ses_has_spoken_of_is_not_unheard(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.transport.answers = [SendRefused(SendFault.UNKNOWN, "ReadTimeoutError")]
    world.send()
    world.hear(DeliveryEvent.DELIVERY)
    world.later(days=1)
    assert world.sweep().due == 0


def test_a_report_that_overtakes_the_sender_is_not_undone(world: World) -> None:
    world.has_a_confirmation_to_send()
    take = world.transport.send

    def take_and_report(*arguments: object) -> object:
        answer = take(*arguments)  # type: ignore[arg-type]
        world.hear(DeliveryEvent.SEND)
        world.hear(DeliveryEvent.BOUNCE)
        return answer

    world.transport.send = take_and_report  # type: ignore[assignment]
    assert world.send().step is EmailStep.LEFT
    assert (world.status(), world.mail_on_the_request()) == (EmailStatus.FAILED, "failed")


def test_of_many_senders_one_sends(world: World) -> None:
    world.has_a_confirmation_to_send()
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: world.send().step, range(8)))
    assert sorted(steps) == sorted([EmailStep.SENT, *[EmailStep.LEFT] * 7])
    assert len(world.transport.sent) == 1


def test_a_fault_before_the_carrier_is_tried_again_later(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.practices.fault = Unavailable()
    outcome = world.send()
    assert (outcome.step, outcome.code) == (EmailStep.POSTPONED, "Unavailable")
    world.practices.fault = None
    assert world.send().step is EmailStep.LEFT, "not before it is due"
    world.later(minutes=2)
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.SENT]


def test_a_letter_that_crashes_the_sweep_does_not_hold_up_the_others(world: World) -> None:
    world.has(
        an_accepted_request(),
        a_letter(due_at=NOW),
        an_accepted_request(id="req_2", outbox_id="mail_2"),
        a_letter(outbox_id="mail_2", request_id="req_2", due_at=NOW),
    )
    world.transport.answers = [ValueError("jane@example.com")]
    swept = world.sweep()
    assert [(outcome.step, outcome.code) for outcome in swept.outcomes] == [
        (EmailStep.CRASHED, "ValueError"),
        (EmailStep.SENT, None),
    ]


def a_backlog(world: World, size: int) -> None:
    for number in range(size):
        world.has(
            an_accepted_request(id=f"req_{number}", outbox_id=f"mail_{number}"),
            a_letter(outbox_id=f"mail_{number}", request_id=f"req_{number}", due_at=NOW),
        )


def test_a_sweep_goes_on_while_it_has_time_however_many_letters_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.use_cases.sweep_outbox.MAX_SWEEP_BATCH", 2)
    a_backlog(world, 5)
    swept = world.sweep()
    assert (swept.due, len(world.transport.sent)) == (5, 5)


def test_a_sweep_tries_each_letter_once_though_none_goes_and_the_index_lags(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_backlog(world, 3)
    all_of_them = world.due()
    monkeypatch.setattr(world.outbox, "due", lambda _now, _limit: all_of_them)
    world.transport.answers = [SendRefused(SendFault.TRANSIENT, "TooManyRequestsException")] * 9
    assert [outcome.step for outcome in world.sweep().outcomes] == [EmailStep.POSTPONED] * 3
    assert world.transport.calls == 3


def test_a_sweep_that_runs_out_of_time_leaves_the_rest_due(world: World) -> None:
    world.has(
        an_accepted_request(),
        a_letter(due_at=NOW),
        an_accepted_request(id="req_2", outbox_id="mail_2"),
        a_letter(outbox_id="mail_2", request_id="req_2", due_at=NOW),
    )
    swept = world.sweep(seconds_left=1)
    assert (swept.due, len(swept.outcomes)) == (2, 1)
    assert len(world.due()) == 1
