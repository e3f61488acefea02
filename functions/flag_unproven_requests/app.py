"""Every hour: acceptances of which the PMS has given no sign for a week are noted, for the report's guardrails."""

from collections.abc import Callable

from bookings.domain.kernel.stamp import Stamp
from bookings.entrypoints.schedule import scheduled_sweep
from bookings.storage.due_requests import open_waiting
from bookings.storage.stores import open_stores
from bookings.use_cases.sweep_requests import SweepResult, flag_missing_pms_evidence

STORES, WAITING = open_stores(), open_waiting()


@scheduled_sweep("RequestsUnproven")
def handler(stamp: Stamp, has_time: Callable[[], bool]) -> SweepResult:
    return flag_missing_pms_evidence(STORES.bookings, WAITING, stamp, has_time)
