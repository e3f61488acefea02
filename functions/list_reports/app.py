"""GET /practices/{practice_id}/reports: scheduled reports, newest first, with temporary links."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import scheduled_report_response

APP = bootstrap("reports", "report_files")

MAX_REPORTS = 60
"""Reports that are listed, at most: about two months."""

LINK_LIFETIME = 900
"""Seconds that a link works: long enough to open it, too short to share it."""


@endpoint
def handler(call: Call) -> Answer:
    built = [report for report in APP.reports.newest(call.staff(Role.MANAGER), MAX_REPORTS) if report.built_at]
    items = [
        {
            **scheduled_report_response(report),
            "links": {
                kind: APP.report_files.link(report.folder, kind, LINK_LIFETIME) for kind in ("html", "csv", "json")
            },
        }
        for report in built
    ]
    return Answer({"items": items})
