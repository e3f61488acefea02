"""What a manager asks: how many requests became appointments."""

from datetime import date, datetime

from bookings.domain.kernel.errors import Invalid
from bookings.domain.reporting.conversion_report import Days, GroupBy, Report, report
from bookings.use_cases.optimistic_transaction import practice_of
from bookings.use_cases.ports import Bookings, Practices

LONGEST_PERIOD_DAYS = 400


def online_scheduling(
    practices: Practices,
    bookings: Bookings,
    practice_id: str,
    first_day: date,
    last_day: date,
    group_by: GroupBy | None,
    now: datetime,
) -> Report:
    """The Online Scheduling report of the days, both included, beside the equal period before. One round trip."""
    if not 0 <= (last_day - first_day).days <= LONGEST_PERIOD_DAYS:
        raise Invalid.field("to", f"must be at most {LONGEST_PERIOD_DAYS} days after from, and not before it")
    practice = practice_of(practices, practice_id)
    days = Days(first_day, last_day)
    tallies = bookings.tallies(practice.id, days.before.first, days.last)
    return report(practice, days, group_by, tallies, now.astimezone(practice.zone).date())
