"""Render a scheduled report as HTML page: key figures, findings, charts and tables."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bookings.domain.insights.finding import Finding
from bookings.domain.insights.report_content import ReportContent
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import Figures, Group, GroupBy
from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.requests.request import RejectionReason, Resolution
from bookings.emails.languages import LANGUAGES
from bookings.reports.charts import bars, horizontal_bars, stacked_bars
from bookings.reports.finding_sentences import cause_label, finding_sentence, fix_sentence
from bookings.reports.page_labels import LABELS

_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("report_page.html")

TABLE_GROUPINGS: tuple[GroupBy, ...] = ("practitioner", "service", "source")
MAX_TABLE_ROWS = 12
"""Rows of a table, at most. Groups with the most requests are shown."""

MAX_FINDINGS = 5
"""Findings on the page, at most: as many as a practice can handle in a month."""


class ReportPage:
    """The report page of one practice, in its language."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._language = LANGUAGES[practice.language]
        self._labels = LABELS[practice.language]

    def page(self, parts: ReportContent, now: datetime) -> str:
        """The page as HTML."""
        by, report = parts.by, parts.by["day"]
        totals = report.totals
        return _PAGE.render(
            language=self._practice.language,
            practice=self._practice,
            labels=self._labels,
            period=self._period(report.from_day, report.to_day),
            summary=self._summary(totals),
            cards=list(self._cards(totals, report.previous.totals)),
            charts=[(heading, Markup(svg), wide) for heading, svg, wide in self._charts(parts)],  # noqa: S704
            findings=[self._finding(finding) for finding in parts.shown.findings.items[:MAX_FINDINGS]],
            findings_period=self._period(parts.shown.first_day, parts.shown.last_day),
            quality_flags=list(self._quality_flags(totals, report.previous.totals)),
            tables=[
                (self._labels[grouping], self._rows(by[grouping].groups))
                for grouping in TABLE_GROUPINGS
                if by[grouping].groups
            ],
            built_at=self._language.moment(now.astimezone(self._practice.zone)),
        )

    def _summary(self, totals: Figures) -> str:
        """The conversion in words, and the number of requests that it does not count."""
        if not totals.received:
            return self._labels["none"]
        reasons = totals.rejection_reasons
        left_out = totals.cancelled + reasons[RejectionReason.DUPLICATE] + reasons[RejectionReason.SPAM]
        summary = self._labels["summary"].format(accepted=totals.accepted, counted=totals.received - left_out)
        return f"{summary} {self._labels['left_out'].format(count=left_out)}" if left_out else summary

    def _period(self, *days: date) -> str:
        first, last = (self._language.date(datetime.combine(day, time.min, self._practice.zone)) for day in days)
        return self._labels["day" if first == last else "period"].format(first=first, last=last)

    def _cards(self, now: Figures, before: Figures) -> Iterator[tuple[str, str, str]]:
        """The key figures, each with the one of the previous period: label, figure and previous figure."""
        key_figures: dict[str, Callable[[Figures], str]] = {
            "conversion": lambda figures: _percent(figures.gross_conversion),
            "received": lambda figures: str(figures.received),
            "accepted": lambda figures: str(figures.accepted),
            "rejected": lambda figures: str(figures.rejected + figures.expired),
            "waiting": lambda figures: str(figures.pending + figures.proposed),
            "median": lambda figures: self._duration(figures.time_to_decision.clock.median_minutes),
            "kept": lambda figures: _percent(figures.kept_rate),
        }
        labels = dict(self._labels) | {"rejected": f"{self._labels['rejected']} / {self._labels['expired'].lower()}"}
        for name, format_figure in key_figures.items():
            yield labels[name], format_figure(now), self._labels["before"].format(value=format_figure(before))

    def _quality_flags(self, now: Figures, before: Figures) -> Iterator[tuple[str, str, int, int]]:
        """Every quality flag, also with zero requests: label, meaning, number now and in the previous period."""
        for flag in QualityFlag:
            yield self._labels[flag], self._labels[f"{flag}_means"], now.guardrails[flag], before.guardrails[flag]

    def _finding(self, finding: Finding) -> dict[str, Any]:
        low, high = round(finding.interval.low * 100), round(finding.interval.high * 100)
        return {
            "text": finding_sentence(finding, self._practice),
            "fix": fix_sentence(finding, self._practice),
            "likely": self._labels["likely"].format(low=low, high=high),
            "low": low,
            "width": high - low,
            "share": round(finding.misfits / finding.requests * 100),
        }

    def _charts(self, parts: ReportContent) -> Iterator[tuple[str, str, bool]]:
        labels, by, totals = self._labels, parts.by, parts.by["day"].totals
        days = by["day"].groups
        if len(days) > 1:
            series = {
                labels["accepted"]: [group.figures.accepted for group in days],
                f"{labels['rejected']} / {labels['expired'].lower()}": [
                    group.figures.rejected + group.figures.expired for group in days
                ],
                labels["cancelled"]: [group.figures.cancelled for group in days],
                labels["waiting"]: [group.figures.pending + group.figures.proposed for group in days],
            }
            yield labels["by_day"], stacked_bars([str(int(group.key[8:])) for group in days], series), True
        resolutions = {
            labels[resolution]: totals.resolutions[resolution]
            for resolution in Resolution
            if totals.resolutions[resolution]
        }
        if resolutions:
            yield labels["how"], horizontal_bars(resolutions), False
        reasons = {
            labels[reason]: totals.rejection_reasons[reason]
            for reason in RejectionReason
            if totals.rejection_reasons[reason]
        }
        if reasons:
            yield labels["why_not"], horizontal_bars(reasons), False
        causes = {cause_label(cause, self._practice.language): number for cause, number in parts.causes.items()}
        if causes:
            yield labels["misfits"], horizontal_bars(causes), False
        weekdays = {
            labels.get(group.name, group.name)[:3]: (group.figures.gross_conversion or 0) * 100
            for group in by["weekday"].groups
            if group.figures.gross_conversion is not None
        }
        if weekdays:
            yield labels["weekday"], bars(weekdays, percent=True), False
        hours = {
            f"{int(group.key)}:00": group.figures.received for group in by["hour"].groups if group.figures.received
        }
        if hours:
            yield labels["hour"], bars(hours), False

    def _rows(self, groups: tuple[Group, ...]) -> list[dict[str, Any]]:
        received = [group for group in groups if group.figures.received]
        largest = sorted(received, key=lambda group: -group.figures.received)[:MAX_TABLE_ROWS]
        return [
            {
                "name": self._labels.get(group.name, group.name),
                "received": group.figures.received,
                "accepted": group.figures.accepted,
                "rejected": group.figures.rejected + group.figures.expired,
                "waiting": group.figures.pending + group.figures.proposed,
                "conversion": _percent(group.figures.gross_conversion),
                "before": _percent(group.previous.gross_conversion),
            }
            for group in largest
        ]

    def _duration(self, minutes: int | None) -> str:
        """A rounded duration in minutes, hours or days."""
        if minutes is None:
            return "–"
        if minutes < 90:
            return self._labels["minutes"].format(minutes)
        if minutes < 48 * 60:
            return self._labels["hours"].format(round(minutes / 60))
        return self._labels["days"].format(round(minutes / 1440))


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{round(rate * 100)}\N{NO-BREAK SPACE}%"
