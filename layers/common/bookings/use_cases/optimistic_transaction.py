"""How every change of a request is carried out: decide on what was seen, commit, and think again if overtaken."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from bookings.domain.case import Case
from bookings.domain.change_set import Change, Overtaken
from bookings.domain.kernel.errors import NotFound, Refusal, Unavailable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.domain.seen import Seen
from bookings.use_cases.ports import Bookings, Practices

TRIES = 5


def practice_of(practices: Practices, practice_id: str) -> Practice:
    """The practice; raises NotFound."""
    practice = practices.get(practice_id)
    if practice is None:
        raise NotFound("practice")
    return practice


def request_of(seen: Seen) -> Request:
    """The request that was seen; raises NotFound."""
    if seen.request is None:
        raise NotFound("request")
    return seen.request


def already_answered(case: Case, seen: Seen) -> Request | None:
    """The first answer, if this call is a repetition."""
    return case.attempt.replay(seen.receipt, Request) if case.attempt and seen.receipt else None


_Asked = ParamSpec("_Asked")
_Operation = Callable[Concatenate[Practices, Bookings, Case, _Asked], Request]


def answered_once(operate: _Operation[_Asked]) -> _Operation[_Asked]:
    """The operation, which answers a repetition as it answered the first call, however close together they come.

    A batch read is no snapshot: it may bring a request that this very call's twin has just decided, and not yet the
    receipt that was written with it. So a refusal is not the last word before the receipt has been looked for again.
    """

    @wraps(operate)
    def operated(
        practices: Practices, bookings: Bookings, case: Case, /, *args: _Asked.args, **kwargs: _Asked.kwargs
    ) -> Request:
        try:
            return operate(practices, bookings, case, *args, **kwargs)
        except Refusal:
            seen = bookings.see(case.practice_id, receipt_id=case.receipt_id) if case.attempt else Seen()
            if answer := already_answered(case, seen):
                return answer
            raise

    return operated


def settle(bookings: Bookings, case: Case, seen: Seen, decide: Callable[[Seen], Change]) -> Request:
    """The request as it stands after the decision. `decide` is asked again whenever somebody else was faster."""
    for _ in range(TRIES):
        if answer := already_answered(case, seen):
            return answer
        change = decide(seen)
        after = change.decided
        if case.attempt:
            change = replace(change, receipt=case.attempt.receipt(after, case.stamp.at))
        try:
            bookings.commit(change)
        except Overtaken as overtaken:
            seen = seen.updated(overtaken)
        else:
            return after
    raise Unavailable
