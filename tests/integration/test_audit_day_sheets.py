"""The audit of day sheets over moto repairs wrong sheets and leaves concurrent writes alone."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from pynamodb.expressions.operand import Path

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.scheduling.day_sheet import SheetKey, sheet_keys
from bookings.domain.scheduling.slot import Slot
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.day_sheet_repair_store import DynamoDaySheetRepairStore
from bookings.storage.dynamodb import UpdateItem
from bookings.storage.items import busy_attribute
from bookings.storage.items import sheet_item_key as place_of
from bookings.storage.schema import Table
from bookings.use_cases.audit_day_sheets import DAYS_AHEAD, SheetRepair, audit_practice_sheets
from tests.support.api_harness import ApiHarness
from tests.support.builders import NOW, a_slot, a_stamp, an_appointment, sheet_key
from tests.support.scenarios import HARBOUR

CHAIR_B = sheet_key("2026-07-16", "chair", "chr_b")


@pytest.fixture
def bookings(moto_api: ApiHarness) -> DynamoBookingStore:
    return moto_api.application.bookings


@pytest.fixture
def audit_store(moto_api: ApiHarness) -> DynamoDaySheetRepairStore:
    return moto_api.application.day_sheet_audit


Audit = Callable[[], list[SheetRepair]]


@pytest.fixture
def audited(bookings: DynamoBookingStore, audit_store: DynamoDaySheetRepairStore) -> Audit:
    """Audits the practice's day sheets."""
    return lambda: list(audit_practice_sheets(bookings, audit_store, HARBOUR, NOW))


def booked(bookings: DynamoBookingStore, **fields: object) -> Appointment:
    appointment = an_appointment(practice_id=HARBOUR.id, **fields)
    bookings.commit(ChangeSet(stamp=a_stamp("agent"), action="x", appointment=Edit(None, appointment)))
    return appointment


def forgotten(api: ApiHarness, appointment: Appointment, key: SheetKey = CHAIR_B) -> None:
    """Remove the appointment from one of its sheets, as a bug would."""
    removal = UpdateItem(place_of(HARBOUR.id, key), [Path([busy_attribute(appointment.id)]).remove()])
    api.engine.connect().write([removal])


def on_sheet(bookings: DynamoBookingStore, key: SheetKey = CHAIR_B) -> list[str]:
    return sorted(bookings.load(HARBOUR.id, sheets=[key]).sheets[key].busy)


def test_correct_sheets_are_left_unchanged(bookings: DynamoBookingStore, audited: Audit) -> None:
    booked(bookings)
    booked(bookings, slot=a_slot("2026-07-17T23:30", chair_id="chr_b"))
    booked(bookings, status=AppointmentStatus.CANCELLED)
    assert audited() == []


def test_further_practitioners_and_shorter_times_are_no_difference(
    bookings: DynamoBookingStore, audited: Audit
) -> None:
    booked(bookings, practitioner_minutes=15, also=(a_slot("2026-07-16T09:40", 10, practitioner_id="prov_a"),))
    booked(bookings, slot=a_slot(f"{NOW:%Y-%m-%d}T01:00"), also=(a_slot("2026-06-30T23:30", practitioner_id="prov_a"),))
    assert audited() == []


def test_a_further_practitioner_missing_on_a_sheet_is_added(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit
) -> None:
    key = sheet_key("2026-07-16", "practitioner", "prov_a")
    appointment = booked(bookings, also=(a_slot("2026-07-16T09:40", 10, practitioner_id="prov_a"),))
    forgotten(moto_api, appointment, key)
    (found,) = audited()
    assert (found.difference.sheet.key, found.repaired) == (key, True)
    assert on_sheet(bookings, key) == [appointment.id]


def test_a_visit_that_began_with_another_practitioner_days_ago_is_audited(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit
) -> None:
    """The longest visit: a day before and a day after its start somebody comes for a day."""
    first = a_slot("2026-06-28T10:05", 24 * 60, practitioner_id="prov_a")
    last = a_slot("2026-06-30T10:00", 24 * 60, practitioner_id="prov_b")
    appointment = booked(bookings, slot=a_slot("2026-06-29T10:05", chair_id="chr_b"), also=(first, last))
    key = sheet_key("2026-07-01", "practitioner", "prov_b")
    forgotten(moto_api, appointment, key)
    assert [found.difference.sheet.key for found in audited()] == [key]


def test_an_appointment_missing_on_a_sheet_is_added(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit
) -> None:
    appointment = booked(bookings)
    forgotten(moto_api, appointment)
    (found,) = audited()
    assert (found.difference.sheet.key, list(found.difference.missing)) == (CHAIR_B, [appointment.id])
    assert found.repaired
    assert on_sheet(bookings) == [appointment.id]
    assert audited() == []


def test_a_missing_sheet_is_written(moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit) -> None:
    appointment = booked(bookings)
    table = moto_api.engine.tables[Table.DAY_SHEETS]
    for key in sheet_keys(appointment.slot or a_slot()):
        where = {name: {"S": value} for name, value in place_of(HARBOUR.id, key).attributes}
        moto_api.engine.client.delete_item(TableName=table, Key=where)
    assert [one.repaired for one in audited()] == [True, True]
    assert on_sheet(bookings) == [appointment.id]


def test_a_busy_time_without_an_appointment_is_removed(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit
) -> None:
    appointment = booked(bookings)
    stray = UpdateItem(
        place_of(HARBOUR.id, CHAIR_B), [Path([busy_attribute("A-gone")]).set(Path([busy_attribute(appointment.id)]))]
    )
    moto_api.engine.connect().write([stray])
    (found,) = audited()
    assert (found.difference.orphans, found.repaired) == (("A-gone",), True)
    assert on_sheet(bookings) == [appointment.id]


def test_a_sheet_written_during_the_audit_is_not_repaired(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audit_store: DynamoDaySheetRepairStore, audited: Audit
) -> None:
    """The appointment moves between the audit's read of the sheet and its repair."""
    appointment = booked(bookings)
    forgotten(moto_api, appointment)

    class MovedMeanwhile(DynamoBookingStore):
        def appointments(self, practice_id: str, appointment_ids: Sequence[str]) -> dict[str, Appointment]:
            snapshot = super().appointments(practice_id, appointment_ids)
            moved = revise(appointment, slot=a_slot("2026-07-20T09:00", chair_id="chr_a"), version=2)
            bookings.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=moved))
            return snapshot

    found = audit_practice_sheets(MovedMeanwhile(moto_api.engine.connect()), audit_store, HARBOUR, NOW)
    assert [one.repaired for one in found] == [False]
    assert on_sheet(bookings) == []
    assert audited() == []


def test_a_lagging_index_is_no_difference(moto_api: ApiHarness, bookings: DynamoBookingStore) -> None:
    appointment = booked(bookings)

    class Behind(DynamoDaySheetRepairStore):
        def occupied_slots(self, practice_id: str, first_day: date, last_day: date) -> dict[str, tuple[Slot, ...]]:
            del practice_id, first_day, last_day
            return {}

    assert list(audit_practice_sheets(bookings, Behind(moto_api.engine.connect()), HARBOUR, NOW)) == []
    assert on_sheet(bookings) == [appointment.id]


def test_past_and_distant_sheets_are_not_audited(
    moto_api: ApiHarness, bookings: DynamoBookingStore, audited: Audit
) -> None:
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=DAYS_AHEAD + 1)):
        slot = a_slot(f"{day.isoformat()}T09:00", chair_id="chr_b")
        forgotten(moto_api, booked(bookings, slot=slot), *sheet_keys(slot))
    assert audited() == []
