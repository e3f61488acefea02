"""GET /practices/{practice_id}/reports: the reports that were made, newest first, with links that work for a while."""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import scheduled_report_response

APP = bootstrap("reports", "report_files")

LISTED = 60
"""Reports that a manager is shown: about two months."""

LINK_LASTS = 900
"""Seconds: long enough to click, too short to pass on."""


@endpoint
def handler(call: Call) -> Answer:
    built = [one for one in APP.reports.newest(call.staff(Role.MANAGER), LISTED) if one.built_at]
    items = [
        {
            **scheduled_report_response(one),
            "links": {kind: APP.report_files.link(one.folder, kind, LINK_LASTS) for kind in ("html", "csv", "json")},
        }
        for one in built
    ]
    return Answer({"items": items})
