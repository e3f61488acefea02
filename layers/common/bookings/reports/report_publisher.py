"""A report's files: the page for people, the table for spreadsheets, the figures for programs."""

import json

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import LEASE, GeneratedReport
from bookings.entrypoints import responses as views
from bookings.reports.report_csv import report_csv
from bookings.reports.report_page import Writer
from bookings.storage.report_files import ReportFiles
from bookings.use_cases.scheduled_reports import Parts, Publish


def publisher(files: ReportFiles) -> Publish:
    """Puts reports into these files. A builder that dies half-way is followed by one that writes the same again."""

    def publish(report: GeneratedReport, practice: Practice, parts: Parts) -> None:
        told: dict[str, object] = {by: views.report(one) for by, one in parts.by.items()}
        told["misfits"] = {"causes": parts.causes, "findings": views.findings(parts.shown)}
        files.put(report.folder, "json", json.dumps(told, ensure_ascii=False))
        files.put(report.folder, "csv", report_csv(parts.by["day"]))
        files.put(report.folder, "html", Writer(practice).page(parts, report.lease_until - LEASE))

    return publish
