"""Every hour: flag accepted requests whose appointment the PMS has not reported within a week."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, flag_missing_pms_evidence

APP = bootstrap("bookings", "due_requests")


@scheduled_sweep("RequestsWithoutPmsEvidence")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return flag_missing_pms_evidence(APP.bookings, APP.due_requests, stamp, has_time)
