"""Scheduled reports as a list of answers."""

from datetime import date, datetime

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.reporting.scheduled_report import Cadence, Headline

ReportedDays = TypedDict("ReportedDays", {"from": date, "to": date})
"""The first and the last day of a period, both included. `from` is a keyword, so this has no class body."""


class ReportLinks(TypedDict):
    """Links to the files of the report, which work for 15 minutes."""

    html: str
    csv: str
    json: str


class ListedReport(ReportedDays):
    """A scheduled report."""

    id: str
    """Unique within the practice, such as `2026-06-30-monthly`."""
    cadence: Cadence
    built_at: datetime
    headline: Headline
    links: ReportLinks
