"""What becomes of the letters in the outbox: they are sent, swept up, and settled by what the carrier reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bookings.domain.kernel.errors import Unavailable
from bookings.domain.kernel.ids import new_id
from bookings.domain.outbox.email import Letter, LetterKind, LetterStatus, Outcome, Step
from bookings.domain.outbox import email as outbox
from bookings.domain.outbox.email_delivery import Envelope, Fault, News, NotTaken, Taken, Unmailable, answered, heard
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request, Status
from bookings.domain.seen import Seen
from bookings.use_cases.due_batches import rounds

AT_ONCE = 100
"""Letters looked up together; a sweep goes on until none is due or its time is over."""

TRIES = 5


class Letters(Protocol):
    """The outbox."""

    def get(self, outbox_id: str) -> Letter | None:
        """The letter of that id, as it stands now."""

    def advance(self, before: Letter, after: Letter) -> bool:
        """Write the next state and show it on the request; False if the letter is not as it was read any more."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """The ids of letters that should have moved by now."""


class Requests(Protocol):
    """Booking requests."""

    def see(self, practice_id: str, *, request_id: str | None = None) -> Seen:
        """The request as it stands now."""


class Practices(Protocol):
    """Practices."""

    def get(self, practice_id: str) -> Practice | None:
        """The practice of that id."""


class Carrier(Protocol):
    """Whoever takes our mail."""

    def send(self, envelope: Envelope, outbox_id: str) -> Taken | NotTaken:
        """Hand the envelope over, once; what is reported of it later carries the outbox id."""


Writer = Callable[[Letter, Request, Practice, datetime], Envelope]
"""Puts a letter into words; raises Unmailable for one that can never go out."""


NoticeWriter = Callable[[Letter, Practice | None, datetime], Envelope]
"""Puts a letter to the practice's own people into words; raises Unmailable if there is nobody to write to."""


@dataclass(frozen=True)
class PostOffice:
    """All that sending takes."""

    letters: Letters
    requests: Requests
    practices: Practices
    write: Writer
    write_to_practice: NoticeWriter
    carrier: Carrier


@dataclass(frozen=True)
class Swept:
    """What a sweep found overdue, and what it did about it."""

    due: int
    outcomes: tuple[Outcome, ...]


def send(office: PostOffice, outbox_id: str, now: datetime) -> Outcome:
    """Send the letter if it is nobody else's. However often and by whomever this is called, it goes out once."""
    letter = office.letters.get(outbox_id)
    if letter is None or not letter.may_be_sent(now):
        return Outcome(outbox_id, Step.LEFT)
    claimed = outbox.claim(letter, new_id("try", now), now)
    if not office.letters.advance(letter, claimed):
        return Outcome(outbox_id, Step.LEFT)
    after, step = _carry_out(office, claimed, now)
    return _put_down(office.letters, claimed, after, step)


def sweep(office: PostOffice, now: datetime, has_time: Callable[[], bool]) -> Swept:
    """Send what the stream missed or a fault put back, and own up to what was abandoned on its way.

    While the account cannot send, the first letter finds out and the others wait: due, and so counted and alarmed.
    """
    found = 0
    outcomes: list[Outcome] = []
    can_send = True
    for due in rounds(lambda: office.letters.due(now, AT_ONCE), has_time):
        found += len(due)
        for outbox_id in due:
            if not has_time():
                break
            try:
                outcome = _sweep_one(office, outbox_id, now, can_send=can_send)
            except Exception as error:  # noqa: BLE001  # one letter must not hold up the others
                outcome = Outcome(outbox_id, Step.CRASHED, type(error).__name__)
            outcomes.append(outcome)
            can_send = can_send and outcome.step is not Step.PARKED
    return Swept(found, tuple(outcomes))


def settle(letters: Letters, outbox_id: str, news: News, message_id: str) -> Outcome:
    """Take in what the carrier reports: this, and nothing else, settles a letter that is `unknown`."""
    for _ in range(TRIES):
        letter = letters.get(outbox_id)
        after = heard(letter, news, message_id) if letter else None
        if letter is None or after is None:
            return Outcome(outbox_id, Step.LEFT)
        if letters.advance(letter, after):
            return Outcome(outbox_id, Step(after.status), after.failure, after.correlation_id)
    raise Unavailable


def _sweep_one(office: PostOffice, outbox_id: str, now: datetime, *, can_send: bool) -> Outcome:
    letter = office.letters.get(outbox_id)
    if letter and letter.is_abandoned(now):
        return _put_down(office.letters, letter, outbox.lose(letter, "sender_died", now), Step.UNKNOWN)
    if letter and letter.is_unheard(now):
        return _put_down(office.letters, letter, letter.model_copy(update={"unheard": True}), Step.UNHEARD)
    return send(office, outbox_id, now) if can_send else Outcome(outbox_id, Step.LEFT)


def _carry_out(office: PostOffice, letter: Letter, now: datetime) -> tuple[Letter, Step]:
    """Do what the claimed letter asks for; up to the carrier, every fault is one that may be tried again."""
    try:
        decided = _prepare(office, letter, now)
    except Unmailable as never:
        return outbox.settle(letter, LetterStatus.FAILED, failure=never.code), Step.FAILED
    except Exception as error:  # noqa: BLE001  # its text may quote the patient; the type is enough to find it by
        after = outbox.postpone(letter, type(error).__name__, now)
        return after, _step(after)
    if isinstance(decided, Letter):
        return decided, _step(decided)
    answer = office.carrier.send(decided, letter.outbox_id)
    after = answered(letter, answer, now)
    is_parked = isinstance(answer, NotTaken) and answer.fault is Fault.ACCOUNT
    return after, Step.PARKED if is_parked else _step(after)


def _prepare(office: PostOffice, letter: Letter, now: datetime) -> Envelope | Letter:
    """The envelope, or the letter's next state if it is not to go out now. The request is read after the claim."""
    practice = office.practices.get(letter.practice_id)
    if letter.request_id is None:
        return office.write_to_practice(letter, practice, now)
    request = office.requests.see(letter.practice_id, request_id=letter.request_id).request
    if request is None or practice is None:
        raise Unmailable("request_gone")
    if letter.kind is LetterKind.CANCELLATION:
        held = _held_back(office.letters, letter, request, now)
        if held:
            return held
    elif outbox.is_superseded(letter, request):
        return outbox.settle(letter, LetterStatus.SUPERSEDED)
    return office.write(letter, request, practice, now)


def _held_back(letters: Letters, letter: Letter, request: Request, now: datetime) -> Letter | None:
    """The cancellation's next state if it is not to go out; None if it is.

    It has to reach everybody who may hold a confirmation that is void, and nobody else. It is needless if the patient
    is expected at that very time again, or once newer word has gone out: a confirmation, or the cancellation of one.
    """
    superseded = outbox.settle(letter, LetterStatus.SUPERSEDED)
    waiting = outbox.park(letter, "confirmation_under_way", now)
    cancelled = letters.get(letter.cancels) if letter.cancels else None
    if cancelled and cancelled.status is LetterStatus.SENDING:
        return waiting
    if cancelled is None or not cancelled.may_be_there:
        return superseded
    if not outbox.is_superseded(letter, request):
        return None
    newest = letters.get(request.outbox_id) if request.outbox_id else None
    if request.status is not Status.ACCEPTED:
        newer = letters.get(newest.cancels) if newest and newest.cancels else None
        return superseded if newer and newer.went_out else None
    if (newest and newest.is_under_way) or (request.awaits_confirmation and request.pms_write == "queued"):
        return waiting
    # The time alone counts: who holds a confirmation of it comes, whatever chair they will sit in.
    stands = letter.taken_back is not None and letter.taken_back.begins == request.expected_at
    return superseded if stands or (newest and newest.went_out) else None


def _put_down(letters: Letters, before: Letter, after: Letter, step: Step) -> Outcome:
    """Write how far the letter has come. If that fails, the carrier's own report was faster and it is settled."""
    if not letters.advance(before, after):
        step = Step.LEFT
    return Outcome(after.outbox_id, step, after.failure, after.correlation_id)


def _step(letter: Letter) -> Step:
    return Step.POSTPONED if letter.status is LetterStatus.PENDING else Step(letter.status)
