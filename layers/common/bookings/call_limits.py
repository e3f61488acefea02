"""How long a call of an AWS service may take, and whether the current invocation has time for another one.

A function must answer before its timeout ends: one that is stopped answers nothing, and an e-mail that it has claimed
becomes `unknown`. So no call begins that could last longer than the invocation; the caller gets Unavailable (503)
instead. tests/template/test_call_limits.py holds the timeouts in template.yaml to these figures.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bookings.domain.kernel.errors import Unavailable

if TYPE_CHECKING:
    from botocore.config import _RetryDict

ANSWER_SECONDS = 1.0
"""What a function needs after its last call to finish and to answer."""


@dataclass(frozen=True)
class CallLimits:
    """Time-outs in seconds of each attempt of a call, and how many attempts the SDK makes."""

    connect_seconds: int
    read_seconds: int
    attempts: int

    @property
    def longest_seconds(self) -> int:
        """The longest time that a call takes, with the waits between its attempts."""
        waits = (1 << self.attempts - 1) - 1
        return self.attempts * (self.connect_seconds + self.read_seconds) + waits

    @property
    def retries(self) -> "_RetryDict":
        """The retries as botocore takes them. Its standard mode waits up to 1, 2, 4 … seconds after a throttling."""
        return {"mode": "standard", "total_max_attempts": self.attempts}

    @property
    def config(self) -> dict[str, Any]:
        """The arguments of botocore's Config."""
        return {
            "connect_timeout": self.connect_seconds,
            "read_timeout": self.read_seconds,
            "retries": self.retries,
        }


DYNAMODB_CALL = CallLimits(connect_seconds=1, read_seconds=3, attempts=3)
S3_CALL = CallLimits(connect_seconds=1, read_seconds=5, attempts=3)
SQS_CALL = CallLimits(connect_seconds=1, read_seconds=5, attempts=3)
SES_CALL = CallLimits(connect_seconds=2, read_seconds=10, attempts=1)
"""Without retries: after a lost answer, a retry would send a second e-mail."""

EMAIL_SECONDS = 2 * DYNAMODB_CALL.longest_seconds + SES_CALL.longest_seconds
"""To claim an e-mail, send it and mark it. All three must fit, or nobody knows whether it was sent."""


class Invocation:
    """The invocation that this process handles. Lambda gives a process one at a time."""

    def __init__(self) -> None:
        self._ends_at = math.inf

    @contextmanager
    def ending_in(self, milliseconds: int) -> Iterator[None]:
        """Handle an invocation that Lambda stops after so many milliseconds."""
        self._ends_at = time.monotonic() + milliseconds / 1000
        try:
            yield
        finally:
            self._ends_at = math.inf

    def has_time_for(self, seconds: float) -> bool:
        """Whether calls of so many seconds end in time; always outside of an invocation."""
        return time.monotonic() + seconds + ANSWER_SECONDS <= self._ends_at

    def check_time_for(self, call: CallLimits) -> None:
        """Raise Unavailable if the call could outlast the invocation."""
        if not self.has_time_for(call.longest_seconds):
            raise Unavailable


INVOCATION = Invocation()
