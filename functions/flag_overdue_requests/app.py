"""Every five minutes: flag requests that are pending for longer than the practice's target.

The front desk gets one e-mail about each of them.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, flag_overdue_requests

APP = bootstrap("practices", "bookings", "due_requests")


@scheduled_sweep("RequestsOverdue")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return flag_overdue_requests(APP.practices, APP.bookings, APP.due_requests, stamp, has_time)
