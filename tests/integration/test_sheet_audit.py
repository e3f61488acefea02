"""The audit of day sheets, over moto: what drifted is mended, and nobody is fought over."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from pynamodb.expressions.operand import Path

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.scheduling.day_sheet import SheetKey, sheet_keys
from bookings.domain.scheduling.slot import Slot
from bookings.settings import Table
from bookings.storage.day_sheet_audit_store import DynamoDaySheetAuditStore
from bookings.storage.dynamodb import UpdateItem
from bookings.storage.items import busy_attribute
from bookings.storage.items import sheet_item_key as place_of
from bookings.use_cases.audit_day_sheets import DAYS_AHEAD, SheetRepair, audit_practice_sheets
from tests.builders import NOW, a_slot, a_stamp, an_appointment, sheet_key
from tests.integration.house import House
from tests.integration.scenes import HARBOUR

CHAIR_B = sheet_key("2026-07-16", "chair", "chr_b")


@pytest.fixture
def diary(quick_house: House) -> DynamoDaySheetAuditStore:
    return DynamoDaySheetAuditStore(quick_house.engine.connect())


def audited(diary: DynamoDaySheetAuditStore) -> list[SheetRepair]:
    return list(audit_practice_sheets(diary, HARBOUR, NOW))


def booked(diary: DynamoDaySheetAuditStore, **told: object) -> Appointment:
    appointment = an_appointment(practice_id=HARBOUR.id, **told)
    diary.commit(ChangeSet(stamp=a_stamp("agent"), action="x", appointment=Edit(None, appointment)))
    return appointment


def forgotten(house: House, appointment: Appointment, key: SheetKey = CHAIR_B) -> None:
    """Somebody has taken the appointment off one of its sheets by hand."""
    removal = UpdateItem(place_of(HARBOUR.id, key), [Path([busy_attribute(appointment.id)]).remove()])
    house.engine.connect().write([removal])


def on_sheet(diary: DynamoDaySheetAuditStore, key: SheetKey = CHAIR_B) -> list[str]:
    return sorted(diary.load(HARBOUR.id, sheets=[key]).sheets[key].busy)


def test_sheets_that_are_true_are_left_alone(diary: DynamoDaySheetAuditStore) -> None:
    booked(diary)
    booked(diary, slot=a_slot("2026-07-17T23:30", chair_id="chr_b"))
    booked(diary, status=AppointmentStatus.CANCELLED)
    assert audited(diary) == []


def test_an_appointment_that_is_missing_on_a_sheet_is_put_back(
    quick_house: House, diary: DynamoDaySheetAuditStore
) -> None:
    appointment = booked(diary)
    forgotten(quick_house, appointment)
    (found,) = audited(diary)
    assert (found.difference.sheet.key, list(found.difference.missing)) == (CHAIR_B, [appointment.id])
    assert found.mended
    assert on_sheet(diary) == [appointment.id]
    assert audited(diary) == []


def test_a_sheet_that_is_not_there_at_all_is_written(diary: DynamoDaySheetAuditStore, quick_house: House) -> None:
    appointment = booked(diary)
    table = quick_house.engine.tables[Table.DAY_SHEETS]
    for key in sheet_keys(appointment.slot or a_slot()):
        where = {name: {"S": value} for name, value in place_of(HARBOUR.id, key).attributes}
        quick_house.engine.client().delete_item(TableName=table, Key=where)
    assert [one.mended for one in audited(diary)] == [True, True]
    assert on_sheet(diary) == [appointment.id]


def test_a_time_that_belongs_to_no_appointment_is_taken_off(
    quick_house: House, diary: DynamoDaySheetAuditStore
) -> None:
    appointment = booked(diary)
    stray = UpdateItem(
        place_of(HARBOUR.id, CHAIR_B), [Path([busy_attribute("A-gone")]).set(Path([busy_attribute(appointment.id)]))]
    )
    quick_house.engine.connect().write([stray])
    (found,) = audited(diary)
    assert (found.difference.orphans, found.mended) == (("A-gone",), True)
    assert on_sheet(diary) == [appointment.id]


def test_a_sheet_on_which_somebody_writes_meanwhile_is_theirs(
    quick_house: House, diary: DynamoDaySheetAuditStore
) -> None:
    """The appointment moves away between the audit's look at the sheet and its repair."""
    appointment = booked(diary)
    forgotten(quick_house, appointment)

    class StaleSnapshot(DynamoDaySheetAuditStore):
        def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
            snapshot = super().appointments(practice_id, appointment_ids)
            moved = revise(appointment, slot=a_slot("2026-07-20T09:00", chair_id="chr_a"), version=2)
            diary.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=moved))
            return snapshot

    found = audit_practice_sheets(StaleSnapshot(quick_house.engine.connect()), HARBOUR, NOW)
    assert [one.mended for one in found] == [False]
    assert on_sheet(diary) == []
    assert audited(diary) == []


def test_an_index_that_lags_behind_is_no_difference(quick_house: House, diary: DynamoDaySheetAuditStore) -> None:
    appointment = booked(diary)

    class Behind(DynamoDaySheetAuditStore):
        def occupied(self, practice_id: str, first_day: date, last_day: date) -> dict[str, Slot]:
            del practice_id, first_day, last_day
            return {}

    assert list(audit_practice_sheets(Behind(quick_house.engine.connect()), HARBOUR, NOW)) == []
    assert on_sheet(diary) == [appointment.id]


def test_what_is_over_and_what_is_far_ahead_is_not_looked_at(
    quick_house: House, diary: DynamoDaySheetAuditStore
) -> None:
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=DAYS_AHEAD + 1)):
        slot = a_slot(f"{day.isoformat()}T09:00", chair_id="chr_b")
        forgotten(quick_house, booked(diary, slot=slot), *sheet_keys(slot))
    assert audited(diary) == []
