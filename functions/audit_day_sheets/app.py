"""Every hour: audit the day sheets of practices in turn, and repair those that differ."""

from collections.abc import Iterator
from datetime import datetime

from bookings.bootstrap import bootstrap
from bookings.entrypoints.schedule import HasTime, scheduled_audit
from bookings.observability import logger
from bookings.use_cases.audit_day_sheets import SheetRepair, audit_day_sheets
from bookings.use_cases.round_robin import PracticeResult

APP = bootstrap("practices", "bookings", "day_sheet_audit", "day_sheet_round_robin")


def log_difference(found: SheetRepair) -> None:
    """Log a sheet that differs, by ids."""
    key = found.difference.sheet.key
    logger.error(
        "day sheet differs",
        practice_id=found.practice_id,
        day=key.day.isoformat(),
        resource=f"{key.resource.kind} {key.resource.id}",
        missing=sorted(found.difference.missing),
        orphans=found.difference.orphans,
        repaired=found.repaired,
    )


@scheduled_audit("DaySheetsDiffer", log_difference)
def handler(now: datetime, has_time: HasTime) -> Iterator[PracticeResult[SheetRepair]]:
    return audit_day_sheets(APP.practices, APP.bookings, APP.day_sheet_audit, APP.day_sheet_round_robin, now, has_time)
