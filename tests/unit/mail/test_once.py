"""No duplicate and no silent loss, wherever the sender dies and whatever is delivered twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.outbox.email import HEARING_TAKES, LEASE, LetterStatus, Step
from bookings.domain.outbox.email_delivery import Fault, News, NotTaken
from bookings.use_cases import send_email as mail

from .builders import NOW, a_letter, an_accepted_request
from .conftest import World
from .fakes import Died


def test_a_new_letter_is_sent_and_the_front_desk_sees_it(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert world.send().step is Step.SENT
    assert world.subjects() == ["Your appointment at Harbour Dental is confirmed"]
    assert (world.status(), world.letter().message_id) == (LetterStatus.SENT, "ses-1")
    assert world.mail_on_the_request() == "sent"


def test_a_record_that_is_delivered_twice_sends_one_mail(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert [world.send().step, world.send().step] == [Step.SENT, Step.LEFT]
    assert len(world.carrier.sent) == 1


def test_the_sweep_leaves_what_was_sent(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.send()
    world.later(days=1)
    assert world.sweep().due == 0
    assert len(world.carrier.sent) == 1


def test_the_sweep_sends_what_the_stream_missed(world: World) -> None:
    world.has_a_confirmation_to_send()
    assert world.sweep().due == 0, "the stream has five minutes"
    world.later(minutes=5)
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.SENT]
    assert len(world.carrier.sent) == 1


def test_a_row_that_is_gone_is_left(world: World) -> None:
    assert world.send("mail_0").step is Step.LEFT


def test_a_sender_that_dies_after_the_claim_never_causes_a_second_mail(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.carrier.answers = [Died()]
    with pytest.raises(Died):
        world.send()
    assert world.status() is LetterStatus.SENDING

    assert world.send().step is Step.LEFT, "the stream delivers the record again"
    world.later(seconds=LEASE.total_seconds() - 1)
    assert world.sweep().outcomes == (), "the sender may still be alive"
    world.later(seconds=1)
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.UNKNOWN]
    assert world.mail_on_the_request() == "unknown"

    world.later(days=30)
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.UNHEARD]
    assert world.sweep().due == 0
    assert world.send().step is Step.LEFT
    assert world.carrier.calls == 1

    assert world.hear(News.DELIVERY).step is Step.DELIVERED
    assert (world.status(), world.mail_on_the_request()) == (LetterStatus.DELIVERED, "sent")


def test_a_lost_answer_leaves_the_letter_unknown_until_ses_reports(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.carrier.answers = [NotTaken(Fault.UNKNOWN, "ReadTimeoutError")]
    assert world.send().step is Step.UNKNOWN
    assert (world.mail_on_the_request(), world.letter().failure) == ("unknown", "ReadTimeoutError")
    world.later(days=1)
    world.sweep()
    world.send()
    assert world.carrier.calls == 1
    world.hear(News.SEND)
    assert (world.mail_on_the_request(), world.letter().failure) == ("sent", None)


def test_people_hear_once_of_a_letter_of_which_nothing_is_heard(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.carrier.answers = [NotTaken(Fault.UNKNOWN, "ReadTimeoutError")]
    world.send()
    world.later(seconds=HEARING_TAKES.total_seconds() - 1)
    assert world.sweep().due == 0, "SES may still speak"
    world.later(seconds=1)
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.UNHEARD]
    assert world.sweep().due == 0
    assert (world.status(), world.letter().failure, world.carrier.calls) == (
        LetterStatus.UNKNOWN,
        "ReadTimeoutError",
        1,
    )


def test_a_letter_that_ses_has_spoken_of_is_not_unheard(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.carrier.answers = [NotTaken(Fault.UNKNOWN, "ReadTimeoutError")]
    world.send()
    world.hear(News.DELIVERY)
    world.later(days=1)
    assert world.sweep().due == 0


def test_a_report_that_overtakes_the_sender_is_not_undone(world: World) -> None:
    world.has_a_confirmation_to_send()
    take = world.carrier.send

    def take_and_report(*arguments: object) -> object:
        answer = take(*arguments)  # type: ignore[arg-type]
        world.hear(News.SEND)
        world.hear(News.BOUNCE)
        return answer

    world.carrier.send = take_and_report  # type: ignore[assignment]
    assert world.send().step is Step.LEFT
    assert (world.status(), world.mail_on_the_request()) == (LetterStatus.FAILED, "failed")


def test_of_many_senders_one_sends(world: World) -> None:
    world.has_a_confirmation_to_send()
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: world.send().step, range(8)))
    assert sorted(steps) == sorted([Step.SENT, *[Step.LEFT] * 7])
    assert len(world.carrier.sent) == 1


def test_a_fault_before_the_carrier_is_tried_again_later(world: World) -> None:
    world.has_a_confirmation_to_send()
    world.practices.fault = Unavailable()
    outcome = world.send()
    assert (outcome.step, outcome.code) == (Step.POSTPONED, "Unavailable")
    world.practices.fault = None
    assert world.send().step is Step.LEFT, "not before it is due"
    world.later(minutes=2)
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.SENT]


def test_a_letter_that_crashes_the_sweep_does_not_hold_up_the_others(world: World) -> None:
    world.has(
        an_accepted_request(),
        a_letter(due_at=NOW),
        an_accepted_request(id="req_2", outbox_id="mail_2"),
        a_letter(outbox_id="mail_2", request_id="req_2", due_at=NOW),
    )
    world.carrier.answers = [ValueError("jane@example.com")]
    swept = world.sweep()
    assert [(outcome.step, outcome.code) for outcome in swept.outcomes] == [
        (Step.CRASHED, "ValueError"),
        (Step.SENT, None),
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
    monkeypatch.setattr(mail, "AT_ONCE", 2)
    a_backlog(world, 5)
    swept = world.sweep()
    assert (swept.due, len(world.carrier.sent)) == (5, 5)


def test_a_sweep_tries_each_letter_once_though_none_goes_and_the_index_lags(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_backlog(world, 3)
    all_of_them = world.due()
    monkeypatch.setattr(world.outbox, "due", lambda _now, _limit: all_of_them)
    world.carrier.answers = [NotTaken(Fault.TRANSIENT, "TooManyRequestsException")] * 9
    assert [outcome.step for outcome in world.sweep().outcomes] == [Step.POSTPONED] * 3
    assert world.carrier.calls == 3


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
