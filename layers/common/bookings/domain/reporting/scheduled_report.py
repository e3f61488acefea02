"""Scheduled reports: their periods, when they are due, and the lease under which they are built."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from bookings.domain.kernel.base import Entity

Cadence = Literal["daily", "weekly", "monthly"]

REPORT_READY_AT = time(6)
"""Local time of the practice at which reports are built, before the staff start work."""

REPORT_LEASE = timedelta(minutes=5)
"""How long one function may build a report without a second one starting.

It is longer than the function's timeout, so that only the lease of a dead function expires. It is shorter than the
queue's visibility timeout, so that it has expired when the message is delivered again.
"""

MAX_CATCH_UP = timedelta(days=31)
"""How far back missed reports are built after an outage."""


class ReportPeriod(Entity):
    """The period of a scheduled report, both days included."""

    cadence: Cadence
    first_day: date
    last_day: date

    @property
    def report_id(self) -> str:
        """The id of the report on this period, unique within a practice. Ids sort by last day."""
        return f"{self.last_day.isoformat()}-{self.cadence}"


class Headline(Entity):
    """The main figures of a report, for the e-mail and the list of reports."""

    received: int
    accepted: int
    gross_conversion: float | None
    previous_gross_conversion: float | None = Field(description="of the period before; null where its denominator is 0")


class ScheduledReport(Entity):
    """A practice's report on one period.

    Without `built_at` it is still being built, under a lease that ends at `lease_until`.
    """

    practice_id: str
    report_id: str
    period: ReportPeriod
    attempt_id: str
    lease_until: datetime
    built_at: datetime | None = None
    headline: Headline | None = None

    @property
    def folder(self) -> str:
        """The key prefix of its files in the bucket."""
        return f"{self.practice_id}/{self.report_id}"


def periods_ending_before(day: date) -> Iterator[ReportPeriod]:
    """The periods due on a morning: the day before, and the week or month that ended with it."""
    yesterday = day - timedelta(days=1)
    yield ReportPeriod(cadence="daily", first_day=yesterday, last_day=yesterday)
    if day.isoweekday() == 1:
        yield ReportPeriod(cadence="weekly", first_day=day - timedelta(days=7), last_day=yesterday)
    if day.day == 1:
        yield ReportPeriod(cadence="monthly", first_day=yesterday.replace(day=1), last_day=yesterday)


def due_mornings(zone: ZoneInfo, last_planned: date | None, now: datetime) -> list[date]:
    """The mornings since the last one whose reports were enqueued, at most MAX_CATCH_UP back.

    The latest morning only, if no reports were enqueued before.
    """
    local = now.astimezone(zone)
    last = local.date() if local.time() >= REPORT_READY_AT else local.date() - timedelta(days=1)
    first = max(last_planned + timedelta(days=1), last - MAX_CATCH_UP) if last_planned else last
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
