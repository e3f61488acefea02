"""Every five minutes: requests that wait longer than their practice wants are flagged, and the front desk told once."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, flag_overdue_requests

APP = bootstrap("practices", "bookings", "due_requests")


@scheduled_sweep("RequestsOverdue")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return flag_overdue_requests(APP.practices, APP.bookings, APP.due_requests, stamp, has_time)
