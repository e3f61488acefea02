"""A report's files: the page for people, the table for spreadsheets, the figures for programs."""

import json

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import REPORT_LEASE, ScheduledReport
from bookings.entrypoints.responses import findings_response, report_response
from bookings.reports.report_csv import report_csv
from bookings.reports.report_page import ReportPage
from bookings.storage.report_files import S3ReportFiles
from bookings.use_cases.scheduled_reports import PublishReport, ReportParts


def publisher(files: S3ReportFiles) -> PublishReport:
    """Puts reports into these files. A builder that dies half-way is followed by one that writes the same again."""

    def publish(report: ScheduledReport, practice: Practice, parts: ReportParts) -> None:
        told: dict[str, object] = {by: report_response(one) for by, one in parts.by.items()}
        told["misfits"] = {"causes": parts.causes, "findings": findings_response(parts.shown)}
        files.put(report.folder, "json", json.dumps(told, ensure_ascii=False))
        files.put(report.folder, "csv", report_csv(parts.by["day"]))
        files.put(report.folder, "html", ReportPage(practice).page(parts, report.lease_until - REPORT_LEASE))

    return publish
