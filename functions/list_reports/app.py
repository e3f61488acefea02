"""GET /practices/{practice_id}/reports: the reports that were made, newest first, with links that work for a while."""

from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import scheduled_report_response
from bookings.settings import settings
from bookings.storage.report_files import S3ReportFiles
from bookings.storage.report_repository import open_generated_reports

REPORTS, FILES = open_generated_reports(), S3ReportFiles(settings().reports_bucket)

LISTED = 60
"""Reports that a manager is shown: about two months."""

LINK_LASTS = 900
"""Seconds: long enough to click, too short to pass on."""


@endpoint
def handler(call: Call) -> Answer:
    built = [one for one in REPORTS.newest(call.staff(Role.MANAGER), LISTED) if one.built_at]
    items = [
        {
            **scheduled_report_response(one),
            "links": {kind: FILES.link(one.folder, kind, LINK_LASTS) for kind in ("html", "csv", "json")},
        }
        for one in built
    ]
    return Answer({"items": items})
