"""The stamp of a change: who made it, when, and in which call."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stamp:
    """Who makes a change, when, and the correlation id of the call.

    The correlation id follows the change through logs, events and e-mails. `by_name` is the display name of a staff
    member. Only staff may see it; it never goes into logs or to patients. `at` is a whole second, and `milliseconds`
    have passed since: new ids need them to sort by age, because a form that is sent twice is sent in the same second.
    """

    by: str
    at: datetime
    correlation_id: str
    by_name: str | None = None
    milliseconds: int = 0
