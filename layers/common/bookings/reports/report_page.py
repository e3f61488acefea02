"""From a report to its page: the figures a manager looks for first, then charts, then tables."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bookings.domain.insights.finding import Finding
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.conversion_report import Figures, Group, GroupBy
from bookings.domain.reporting.quality_flags import QualityFlag
from bookings.domain.requests.request import RejectionReason, Resolution
from bookings.emails.email_texts import LANGUAGES
from bookings.reports.charts import bars, horizontal_bars, stacked_bars
from bookings.reports.finding_sentences import cause_label, finding_sentence, fix_sentence
from bookings.reports.page_labels import LABELS
from bookings.use_cases.scheduled_reports import ReportParts

_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("report_page.html")

TABLE_GROUPINGS: tuple[GroupBy, ...] = ("practitioner", "service", "source")
MAX_TABLE_ROWS = 12
"""Lines of a table: the ones with the most requests."""

MAX_FINDINGS = 5
"""As many as somebody can see to in a month: the strongest."""


class ReportPage:
    """Writes one practice's page, in its language."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._language = LANGUAGES[practice.language]
        self._say = LABELS[practice.language]

    def page(self, parts: ReportParts, now: datetime) -> str:
        """The whole page."""
        by, whole = parts.by, parts.by["day"]
        totals = whole.totals
        return _PAGE.render(
            language=self._practice.language,
            practice=self._practice,
            say=self._say,
            period=self._period(whole.from_day, whole.to_day),
            summary=self._summary(totals),
            cards=list(self._cards(totals, whole.previous.totals)),
            charts=[(heading, Markup(svg), wide) for heading, svg, wide in self._charts(parts)],  # noqa: S704
            findings=[self._finding(one) for one in parts.shown.findings.items[:MAX_FINDINGS]],
            looked_at=self._period(parts.shown.first_day, parts.shown.last_day),
            guardrails=list(self._guardrails(totals, whole.previous.totals)),
            tables=[(self._say[one], self._rows(by[one].groups)) for one in TABLE_GROUPINGS if by[one].groups],
            made=self._language.moment(now.astimezone(self._practice.zone)),
        )

    def _summary(self, totals: Figures) -> str:
        """The sentence that the conversion rate comes from: what it leaves out is named beside it."""
        if not totals.received:
            return self._say["none"]
        reasons = totals.rejection_reasons
        left_out = totals.cancelled + reasons[RejectionReason.DUPLICATE] + reasons[RejectionReason.SPAM]
        said = self._say["summary"].format(accepted=totals.accepted, counted=totals.received - left_out)
        return f"{said} {self._say['left_out'].format(count=left_out)}" if left_out else said

    def _period(self, *days: date) -> str:
        first, last = (self._language.date(datetime.combine(day, time.min, self._practice.zone)) for day in days)
        return self._say["day" if first == last else "period"].format(first=first, last=last)

    def _cards(self, now: Figures, before: Figures) -> Iterator[tuple[str, str, str]]:
        """The figures a manager looks for first, each with the one of the period before."""
        figures: dict[str, Callable[[Figures], str]] = {
            "conversion": lambda one: _percent(one.gross_conversion),
            "received": lambda one: str(one.received),
            "accepted": lambda one: str(one.accepted),
            "rejected": lambda one: str(one.rejected + one.expired),
            "waiting": lambda one: str(one.pending + one.proposed),
            "median": lambda one: self._span(one.time_to_decision.clock.median_minutes),
            "kept": lambda one: _percent(one.kept_rate),
        }
        labels = dict(self._say) | {"rejected": f"{self._say['rejected']} / {self._say['expired'].lower()}"}
        for name, value in figures.items():
            yield labels[name], value(now), self._say["before"].format(value=value(before))

    def _guardrails(self, now: Figures, before: Figures) -> Iterator[tuple[str, str, int, int]]:
        """What to look at twice: shown also where there is nothing, since zero is news too."""
        for name in QualityFlag:
            yield self._say[name], self._say[f"{name}_means"], now.guardrails[name], before.guardrails[name]

    def _finding(self, finding: Finding) -> dict[str, Any]:
        low, high = round(finding.interval.low * 100), round(finding.interval.high * 100)
        return {
            "text": finding_sentence(finding, self._practice),
            "fix": fix_sentence(finding, self._practice),
            "likely": self._say["likely"].format(low=low, high=high),
            "low": low,
            "width": high - low,
            "share": round(finding.misfits / finding.requests * 100),
        }

    def _charts(self, parts: ReportParts) -> Iterator[tuple[str, str, bool]]:
        say, by, totals = self._say, parts.by, parts.by["day"].totals
        days = by["day"].groups
        if len(days) > 1:
            series = {
                say["accepted"]: [group.figures.accepted for group in days],
                f"{say['rejected']} / {say['expired'].lower()}": [
                    group.figures.rejected + group.figures.expired for group in days
                ],
                say["cancelled"]: [group.figures.cancelled for group in days],
                say["waiting"]: [group.figures.pending + group.figures.proposed for group in days],
            }
            yield say["by_day"], stacked_bars([str(int(group.key[8:])) for group in days], series), True
        how = {say[one]: totals.resolutions[one] for one in Resolution if totals.resolutions[one]}
        if how:
            yield say["how"], horizontal_bars(how), False
        why = {say[one]: totals.rejection_reasons[one] for one in RejectionReason if totals.rejection_reasons[one]}
        if why:
            yield say["why_not"], horizontal_bars(why), False
        causes = {cause_label(cause, self._practice.language): number for cause, number in parts.causes.items()}
        if causes:
            yield say["misfits"], horizontal_bars(causes), False
        week = {
            say.get(one.name, one.name)[:3]: (one.figures.gross_conversion or 0) * 100
            for one in by["weekday"].groups
            if one.figures.gross_conversion is not None
        }
        if week:
            yield say["weekday"], bars(week, percent=True), False
        hours = {f"{int(one.key)}:00": one.figures.received for one in by["hour"].groups if one.figures.received}
        if hours:
            yield say["hour"], bars(hours), False

    def _rows(self, groups: tuple[Group, ...]) -> list[dict[str, Any]]:
        most = sorted((one for one in groups if one.figures.received), key=lambda one: -one.figures.received)[
            :MAX_TABLE_ROWS
        ]
        return [
            {
                "name": self._say.get(one.name, one.name),
                "received": one.figures.received,
                "accepted": one.figures.accepted,
                "rejected": one.figures.rejected + one.figures.expired,
                "waiting": one.figures.pending + one.figures.proposed,
                "conversion": _percent(one.figures.gross_conversion),
                "before": _percent(one.previous.gross_conversion),
            }
            for one in most
        ]

    def _span(self, minutes: int | None) -> str:
        """A duration as people round it."""
        if minutes is None:
            return "–"
        if minutes < 90:
            return self._say["minutes"].format(minutes)
        if minutes < 48 * 60:
            return self._say["hours"].format(round(minutes / 60))
        return self._say["days"].format(round(minutes / 1440))


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{round(rate * 100)}\N{NO-BREAK SPACE}%"
