"""GET /practices/{practice_id}/reports/online-scheduling: the conversion report, as JSON or CSV.

The requests received on these days, both included, what became of them, and the same for the period before. If
`Accept` prefers `text/csv`, the figures are a table, with a line for each group and one for all, and with the
separators of the practice's language. `definitions` explains each figure. A group's `requests` lists its requests;
with the parameters in `drill_down`, those behind one figure:
`{requests}&{drill_down["resolutions.linked"]}`. 400 days at most.
"""

from pydantic import Field

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.fields import Day
from bookings.domain.reporting.conversion_report import GroupBy
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.http_headers import preferred_media_type
from bookings.entrypoints.staff_claims import Role
from bookings.reports.report_csv import CONTENT_TYPE, report_csv
from bookings.reports.report_json import ConversionReport, to_conversion_report
from bookings.use_cases.read_conversion_report import read_conversion_report

APP = bootstrap("practices", "bookings")


class Query(Command):
    """The days of receipt, both included, and the grouping."""

    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="to")
    group_by: GroupBy | None = None


@endpoint
def handler(call: Call) -> Answer[ConversionReport] | Answer[str]:
    practice_id, query = call.staff(Role.MANAGER), call.query(Query)
    practice, report = read_conversion_report(
        APP.practices, APP.bookings, practice_id, query.first_day, query.last_day, query.group_by, call.now
    )
    headers = {"Vary": "Accept"}
    if preferred_media_type(call.header("Accept"), ("application/json", "text/csv")) == "text/csv":
        name = f"online-scheduling-{query.first_day}-{query.last_day}.csv"
        headers |= {"Content-Type": CONTENT_TYPE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Answer(report_csv(report, practice.language), headers=headers)
    return Answer(to_conversion_report(report), headers=headers)
