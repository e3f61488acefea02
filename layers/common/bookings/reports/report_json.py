"""The conversion report and the findings as JSON values."""

from typing import TYPE_CHECKING, Any

from bookings.domain.practice.practice import Practice

if TYPE_CHECKING:  # at run time, only the functions that answer with these import them
    from bookings.domain.insights.finding import Finding, FindingMark, FindingsOfPeriod
    from bookings.domain.reporting.conversion_report import Period, Report


def report_json(report: "Report") -> dict[str, Any]:
    """The conversion report."""
    fields = report.model_dump(mode="json", exclude={"from_day", "to_day", "previous"})
    return {**_days(report), **fields, "previous": {**_days(report.previous), **_figures(report.previous)}}


def _days(period: "Report | Period") -> dict[str, str]:
    return {"from": period.from_day.isoformat(), "to": period.to_day.isoformat()}


def _figures(period: "Period") -> dict[str, Any]:
    return period.model_dump(mode="json", exclude={"from_day", "to_day"})


def findings_json(period: "FindingsOfPeriod") -> dict[str, Any]:
    """Why requests did not fit: the findings of a period, strongest first, and those that staff marked as handled."""
    findings = period.findings
    return {
        "from": period.first_day.isoformat(),
        "to": period.last_day.isoformat(),
        "requests": findings.requests,
        "misfits": findings.misfits,
        "causes": {cause.value: number for cause, number in findings.causes.items()},
        "items": [finding_json(finding, period.practice) for finding in findings.items],
        "handled": [finding_mark_json(mark, period.practice) for mark in findings.handled],
    }


def finding_json(finding: "Finding", practice: Practice) -> dict[str, Any]:
    """A finding, described in two sentences in the practice's language."""
    from bookings.reports.finding_sentences import finding_sentence, fix_sentence  # noqa: PLC0415  # no other response has sentences

    fields = finding.model_dump(mode="json")
    fix = {**fields["fix"], "text": fix_sentence(finding, practice)}
    return {**fields, "text": finding_sentence(finding, practice), "fix": fix}


def finding_mark_json(mark: "FindingMark", practice: Practice) -> dict[str, Any]:
    """A finding as it was when a staff member marked it as handled, with who and when."""
    return {
        "finding": finding_json(mark.finding, practice),
        "handled_at": mark.at.isoformat(),
        "handled_by": mark.by,
        "handled_by_name": mark.by_name,
    }
