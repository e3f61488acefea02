"""Reports that are made by the clock: which periods end when, and how far a report has come."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bookings.domain.kernel.base import Entity

Cadence = Literal["daily", "weekly", "monthly"]

REPORT_READY_AT = time(6)
"""On the practice's own clock: reports are there when the first people come to work."""

REPORT_LEASE = timedelta(minutes=5)
"""Longer than building one may take, so that a lease runs out only under a dead builder; and shorter than the queue
hides a message, so that it has run out when the message comes again."""

MAX_CATCH_UP = timedelta(days=31)
"""How far back reports are made up for after an outage."""


class ReportPeriod(Entity):
    """A stretch of days, both included, that a practice gets a report about."""

    cadence: Cadence
    first_day: date
    last_day: date

    @property
    def report_id(self) -> str:
        """The name of the report about it; within a practice there is one. Sorts by the last day."""
        return f"{self.last_day.isoformat()}-{self.cadence}"


class Headline(Entity):
    """What a mail and a list say of a report."""

    received: int
    accepted: int
    gross_conversion: float | None
    previous_gross_conversion: float | None


class ScheduledReport(Entity):
    """A report of one practice about one period, being built or built."""

    practice_id: str
    report_id: str
    period: ReportPeriod
    attempt_id: str
    lease_until: datetime
    built_at: datetime | None = None
    headline: Headline | None = None

    @property
    def folder(self) -> str:
        """Where its files lie."""
        return f"{self.practice_id}/{self.report_id}"


def periods_ending_before(day: date) -> Iterator[ReportPeriod]:
    """What is to be reported on the morning of that day: the day before, and the week or month that ended with it."""
    yesterday = day - timedelta(days=1)
    yield ReportPeriod(cadence="daily", first_day=yesterday, last_day=yesterday)
    if day.isoweekday() == 1:
        yield ReportPeriod(cadence="weekly", first_day=day - timedelta(days=7), last_day=yesterday)
    if day.day == 1:
        yield ReportPeriod(cadence="monthly", first_day=yesterday.replace(day=1), last_day=yesterday)


def due_mornings(zone: ZoneInfo, planned: date | None, now: datetime) -> list[date]:
    """The mornings that have come in that zone since the one that was planned last; today's alone if none ever was."""
    local = now.astimezone(zone)
    last = local.date() if local.time() >= REPORT_READY_AT else local.date() - timedelta(days=1)
    first = max(planned + timedelta(days=1), last - MAX_CATCH_UP) if planned else last
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
