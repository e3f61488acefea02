"""How long a call may take, and whether the invocation has time for it."""

import pytest

from bookings.call_limits import ANSWER_SECONDS, INVOCATION, SES_CALL, CallLimits
from bookings.domain.kernel.errors import Unavailable

CALL = CallLimits(connect_seconds=1, read_seconds=3, attempts=3)


def test_the_longest_call_times_out_in_each_attempt_and_waits_after_a_throttling() -> None:
    assert CALL.longest_seconds == 3 * (1 + 3) + 1 + 2


def test_a_call_without_retries_waits_for_nothing() -> None:
    assert SES_CALL.longest_seconds == SES_CALL.connect_seconds + SES_CALL.read_seconds


def test_there_is_always_time_outside_of_an_invocation() -> None:
    assert INVOCATION.has_time_for(1e9)
    INVOCATION.check_time_for(CALL)


def test_a_call_begins_only_if_it_ends_before_the_invocation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 100.0)
    just_enough = CALL.longest_seconds + ANSWER_SECONDS
    with INVOCATION.ending_in(round(just_enough * 1000)):
        INVOCATION.check_time_for(CALL)
    with INVOCATION.ending_in(round(just_enough * 1000) - 1), pytest.raises(Unavailable):
        INVOCATION.check_time_for(CALL)
