"""Every hour: the day sheets of the practices whose turn it is, against their appointments; what differs is mended."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bookings.entrypoints.schedule import scheduled_audit
from bookings.observability import logger
from bookings.storage.day_sheet_audit_store import open_diary
from bookings.storage.stores import open_stores
from bookings.use_cases.audit_day_sheets import SheetRepair, audit_day_sheets
from bookings.use_cases.round_robin import PracticeResult

STORES, DIARY = open_stores(), open_diary()


def tell(found: SheetRepair) -> None:
    """Log a sheet that differs, by ids."""
    key = found.difference.sheet.key
    logger.error(
        "day sheet differs",
        practice_id=found.practice_id,
        day=key.day.isoformat(),
        resource=f"{key.resource.kind} {key.resource.id}",
        missing=sorted(found.difference.missing),
        orphans=found.difference.orphans,
        mended=found.mended,
    )


@scheduled_audit("DaySheetsDiffer", tell)
def handler(now: datetime, has_time: Callable[[], bool]) -> Iterator[PracticeResult[SheetRepair]]:
    return audit_day_sheets(STORES.practices, DIARY, now, has_time)
