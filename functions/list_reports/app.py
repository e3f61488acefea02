"""GET /practices/{practice_id}/reports: scheduled reports, newest first, with temporary links.

The newest 60 daily, weekly and monthly reports. The links to the page, the table and the JSON file work for 15
minutes.
"""

from collections.abc import Iterator

from bookings.bootstrap import bootstrap
from bookings.domain.reporting.scheduled_report import ScheduledReport
from bookings.entrypoints.answers.lists import Items
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.staff_claims import Role
from bookings.reports.report_listing import ListedReport

APP = bootstrap("reports", "report_files")

MAX_REPORTS = 60
"""Reports that are listed, at most: about two months."""

LINK_LIFETIME = 900
"""Seconds that a link works: long enough to open it, too short to share it."""


@endpoint
def handler(call: Call) -> Answer[Items[ListedReport]]:
    reports = APP.reports.newest(call.staff(Role.MANAGER), MAX_REPORTS)
    return Answer({"items": list(_built_reports(reports))})


def _built_reports(reports: list[ScheduledReport]) -> Iterator[ListedReport]:
    for report in reports:
        if report.built_at and report.headline:
            yield {
                "id": report.report_id,
                "cadence": report.period.cadence,
                "from": report.period.first_day,
                "to": report.period.last_day,
                "built_at": report.built_at,
                "headline": report.headline,
                "links": {
                    "html": APP.report_files.link(report.folder, "html", LINK_LIFETIME),
                    "csv": APP.report_files.link(report.folder, "csv", LINK_LIFETIME),
                    "json": APP.report_files.link(report.folder, "json", LINK_LIFETIME),
                },
            }
