"""Publish a scheduled report as HTML page, CSV table and JSON."""

import json
from collections.abc import Callable
from typing import Literal

from pydantic_core import to_jsonable_python

from bookings.domain.insights.report_content import ReportContent
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ScheduledReport
from bookings.reports.finding_json import to_practice_findings
from bookings.reports.report_csv import report_csv
from bookings.reports.report_json import to_conversion_report
from bookings.reports.report_page import ReportPage

PutFile = Callable[[str, Literal["html", "csv", "json"], str], None]
"""Stores a file: folder, kind and content."""


def publisher(put: PutFile) -> Callable[[ScheduledReport, Practice, ReportContent], None]:
    """A function that stores a report's files. After a crash, the next builder stores all of them again."""

    def publish(report: ScheduledReport, practice: Practice, content: ReportContent) -> None:
        values: dict[str, object] = {grouping: to_conversion_report(part) for grouping, part in content.by.items()}
        values["misfits"] = {"causes": content.causes, "findings": to_practice_findings(content.shown)}
        put(report.folder, "json", json.dumps(to_jsonable_python(values), ensure_ascii=False))
        put(report.folder, "csv", report_csv(content.by["day"], practice.language))
        put(report.folder, "html", ReportPage(practice).page(content, report.lease_until - REPORT_LEASE))

    return publish
