"""What a scheduled report contains: the conversion report by each grouping, the causes of misfits and findings."""

from dataclasses import dataclass

from bookings.domain.insights.finding import FindingsOfPeriod
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.reporting.conversion_report import GroupBy, Report

GROUPINGS: tuple[GroupBy, ...] = ("day", "weekday", "hour", "practitioner", "service", "source")
"""The groupings that a scheduled report contains."""


@dataclass(frozen=True)
class ReportContent:
    """The content of a scheduled report: the conversion report by each grouping, the causes of misfits and findings.

    - The totals are the same in every grouping.
    - `causes` counts misfits of the report's period.
    - `shown` has findings of at least DEFAULT_FINDING_DAYS, because a short period has too few requests for them.
    """

    by: dict[GroupBy, Report]
    causes: dict[Cause, int]
    shown: FindingsOfPeriod

    @property
    def whole(self) -> Report:
        """A report for what does not depend on the grouping, such as totals."""
        return next(iter(self.by.values()))
