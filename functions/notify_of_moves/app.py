"""Every minute: tell patients of visits that the PMS has moved, ten quiet minutes after the last move."""

from bookings.bootstrap import bootstrap
from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import HasTime, scheduled_sweep
from bookings.use_cases.sweep_requests import SweepResult, notify_of_moves

APP = bootstrap("practices", "bookings", "due_requests")


@scheduled_sweep("PatientsNotifiedOfMoves")
def handler(stamp: Stamp, has_time: HasTime) -> SweepResult:
    return notify_of_moves(APP.practices, APP.bookings, APP.due_requests, stamp, has_time)
