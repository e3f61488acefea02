"""The conversion report as an answer, and as the JSON file of a scheduled report."""

from bookings.domain.reporting.conversion_report import Figures, Group, GroupBy, Period, Report
from bookings.reports.report_listing import ReportedDays


class ReportedPeriod(ReportedDays):
    """Days of receipt, both included, and the figures of the requests received on them."""

    totals: Figures
    requests: str
    """The query of the request list that finds these requests."""


class ConversionReport(ReportedPeriod):
    """The requests received in a period, what became of them, and the same for the period before."""

    practice_id: str
    group_by: GroupBy | None
    previous: ReportedPeriod
    """The period of the same length that ends the day before this one starts."""
    groups: tuple[Group, ...]
    """Empty without `group_by`."""
    drill_down: dict[str, str]
    """By figure: the parameters to add to a group's `requests` to list the requests that the figure counts."""
    definitions: dict[str, str]
    """What each figure means."""


def to_conversion_report(report: Report) -> ConversionReport:
    """The conversion report."""
    return {
        "practice_id": report.practice_id,
        "from": report.from_day,
        "to": report.to_day,
        "group_by": report.group_by,
        "totals": report.totals,
        "requests": report.requests,
        "previous": _to_reported_period(report.previous),
        "groups": report.groups,
        "drill_down": report.drill_down,
        "definitions": report.definitions,
    }


def _to_reported_period(period: Period) -> ReportedPeriod:
    return {"from": period.from_day, "to": period.to_day, "totals": period.totals, "requests": period.requests}
