"""Read the conversion report: how many requests became appointments."""

from datetime import date, datetime

from bookings.domain.kernel.errors import Invalid
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import GroupBy, Report, ReportDays, conversion_report
from bookings.use_cases.optimistic_transaction import get_practice
from bookings.use_cases.ports import BookingStore, PracticeRepository

MAX_REPORT_DAYS = 400


def read_conversion_report(
    practices: PracticeRepository,
    bookings: BookingStore,
    practice_id: str,
    first_day: date,
    last_day: date,
    group_by: GroupBy | None,
    now: datetime,
) -> tuple[Practice, Report]:
    """The practice, and its report of these days, both included, and of as many days before. Takes one round trip."""
    if not 0 <= (last_day - first_day).days <= MAX_REPORT_DAYS:
        raise Invalid.field("to", f"must be on or after `from`, and at most {MAX_REPORT_DAYS} days later")
    practice = get_practice(practices, practice_id)
    days = ReportDays(first_day, last_day)
    tallies = bookings.tallies(practice.id, days.before.first, days.last)
    return practice, conversion_report(practice, days, group_by, tallies, now.astimezone(practice.zone).date())
