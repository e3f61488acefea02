"""Applying PMS events: repetitions and any order end in the same state."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bookings.domain.change_set import Edit
from bookings.domain.kernel.errors import Invalid
from bookings.domain.pms.apply_event import apply_delete, apply_upsert
from bookings.domain.pms.event_models import (
    EVENT_DATA,
    AppointmentData,
    DeletedData,
    Event,
    HoursData,
    ServiceData,
)
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.patient import Patient
from tests.support.builders import (
    NOW,
    a_practice,
    a_slot,
    an_appointment,
    an_event,
)

PRACTICE = a_practice()


def upsert(known: Appointment | None, version: int, **data: Any) -> Edit[Appointment] | None:
    parsed = AppointmentData.model_validate_json(json.dumps(an_event(**data)["data"]))
    return apply_upsert(PRACTICE, known, parsed, version, NOW)


def delete(known: Appointment | None, version: int, appointment_id: str = "A1") -> Edit[Appointment] | None:
    return apply_delete(PRACTICE, known, DeletedData(id=appointment_id), version, NOW)


def after(edit: Edit[Appointment] | None) -> Appointment:
    assert edit
    return edit.after


# ---------------------------------------------------------------- the version rule


def test_the_first_event_creates_the_appointment() -> None:
    made = after(upsert(None, 7))
    assert (made.id, made.practice_id, made.origin, made.version, made.revision) == ("A1", PRACTICE.id, "pms", 7, 1)
    assert made.slot == a_slot("2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_b")
    assert made.status is AppointmentStatus.BOOKED


def test_an_older_version_changes_nothing() -> None:
    known = after(upsert(None, 7))
    assert upsert(known, 6, start="2026-07-20T09:00:00") is None
    assert delete(known, 6) is None


def test_a_repeated_event_changes_nothing() -> None:
    assert upsert(after(upsert(None, 7)), 7) is None
    assert upsert(after(upsert(None, 7)), 7, start="2026-07-16T12:00:00-04:00") is None  # the same instant
    assert delete(after(delete(None, 7)), 7) is None


def test_another_content_of_the_same_version_is_kept_as_a_contradiction() -> None:
    known = after(upsert(None, 7))
    moved = after(upsert(known, 7, start="2026-07-20T09:00:00"))
    assert moved.contradiction
    assert moved.model_copy(update={"contradiction": None, "revision": 1}) == known
    assert upsert(moved, 7, start="2026-07-20T09:00:00") is None
    assert after(upsert(moved, 8)).contradiction is None


def test_a_newer_version_keeps_the_fields_of_chairlink() -> None:
    known = after(upsert(None, 7)).model_copy(update={"request_id": "req_1"})
    newer = after(upsert(known, 8, start="2026-07-20T09:00:00"))
    assert newer.slot == a_slot("2026-07-20T09:00", practitioner_id="prov_b", chair_id="chr_b")
    assert (newer.version, newer.revision, newer.request_id) == (8, known.revision + 1, "req_1")


def test_a_delete_leaves_a_tombstone_without_personal_data() -> None:
    tombstone = after(delete(after(upsert(None, 7)), 8))
    assert tombstone.deleted
    assert not tombstone.is_active
    assert (tombstone.patient, tombstone.slot, tombstone.version) == (None, None, 8)


def test_an_older_upsert_after_a_delete_is_ignored() -> None:
    tombstone = after(delete(None, 8))
    assert upsert(tombstone, 7) is None


def test_a_newer_upsert_restores_a_deleted_appointment() -> None:
    back = after(upsert(after(delete(None, 8)), 9))
    assert back.is_active
    assert not back.deleted


def test_the_first_event_about_our_own_appointment_is_applied() -> None:
    ours = an_appointment(id="A1", origin="chairlink", version=None, request_id="req_1")
    changed = after(upsert(ours, 0))
    assert (changed.version, changed.origin, changed.request_id) == (0, "chairlink", "req_1")


VersionAndHour = tuple[int, int | None]
"""A version and the appointment's hour; None deletes it."""


def apply_all(events: list[VersionAndHour]) -> Appointment | None:
    known: Appointment | None = None
    for version, hour in events:
        change = delete(known, version) if hour is None else upsert(known, version, start=f"2026-07-16T{hour:02}:00:00")
        known = change.after if change else known
    return known


HISTORIES = st.lists(st.one_of(st.integers(0, 23), st.none()), min_size=1, max_size=8).map(lambda h: list(enumerate(h)))


@given(HISTORIES, st.data())
def test_any_order_with_repetitions_ends_in_the_same_appointment(
    history: list[VersionAndHour], data: st.DataObject
) -> None:
    repeated = history + data.draw(st.lists(st.sampled_from(history), max_size=8))
    shuffled = data.draw(st.permutations(repeated))
    in_order, anyhow = apply_all(history), apply_all(shuffled)
    assert in_order
    assert anyhow
    assert anyhow.model_copy(update={"revision": 0}) == in_order.model_copy(update={"revision": 0})


# ---------------------------------------------------------------- versions


def version(written: object) -> int | None:
    return Event.model_validate_json(json.dumps({"type": "heartbeat", "version": written})).version


def test_a_version_is_a_rising_number_or_a_timestamp() -> None:
    assert version(0) == 0
    assert version(10**38 - 1) == version("9" * 38) == 10**38 - 1
    assert version("9223372036854775807") == 2**63 - 1
    assert version("007") == version(7.0) == 7
    assert version("1970-01-01T00:00:01Z") == 1_000_000
    assert version("2026-07-15T15:00:00-07:00") == version("2026-07-15T22:00:00Z")


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2198, 1, 1)),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=1)),
)
def test_timestamp_versions_compare_to_the_microsecond(moment: datetime, step: timedelta) -> None:
    earlier, later = (version(one.replace(tzinfo=UTC).isoformat()) for one in (moment, moment + step))
    assert earlier is not None
    assert later is not None
    assert earlier < later


@pytest.mark.parametrize(
    "written",
    [
        -1,
        10**38,
        "1" + "0" * 38,
        "9" * 5000,
        "1.5",
        "-1",
        "٣",
        1.5,
        True,
        "",
        "2026-07-15T15:00:00",
        "2026-07-15",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        [],
        {},
    ],
)
def test_any_other_version_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        version(written)


# ---------------------------------------------------------------- contents of events


def test_provider_and_operatory_are_synonyms() -> None:
    words = {"id": "A1", "start": "2026-07-16T09:00:00", "duration_minutes": 30}
    patient = {"first_name": "Jane", "last_name": "Doe"}
    data = AppointmentData.model_validate_json(
        json.dumps({**words, "patient": patient, "provider_id": "prov_b", "operatory_id": "chr_b"})
    )
    assert (data.practitioner_id, data.chair_id) == ("prov_b", "chr_b")


def test_only_id_start_and_duration_are_required() -> None:
    bare = {"id": "A1", "start": "2026-07-16T09:00:00", "duration_minutes": 30}
    AppointmentData.model_validate_json(json.dumps(bare))
    for name in bare:
        with pytest.raises(ValidationError):
            AppointmentData.model_validate_json(json.dumps({k: v for k, v in bare.items() if k != name}))


@pytest.mark.parametrize("kind", [AppointmentData, DeletedData, ServiceData, HoursData])
def test_an_unknown_field_of_an_event_is_refused(kind: type[AppointmentData]) -> None:
    with pytest.raises(ValidationError) as refused:
        kind.model_validate_json(json.dumps({"surprise": 1}))
    assert "extra_forbidden" in {error["type"] for error in refused.value.errors()}


def test_every_event_type_of_the_contract_is_known() -> None:
    assert set(EVENT_DATA) == {
        "appointment.upserted", "appointment.deleted", "practitioner.upserted", "chair.upserted", "service.upserted",
        "hours.replaced", "write.completed", "write.failed", "heartbeat", "provider.upserted", "operatory.upserted",
    }  # fmt: skip


def test_an_appointment_of_a_patient_with_unusable_data_keeps_its_time() -> None:
    made = after(upsert(None, 1, patient={"last_name": "Sukarni", "phone": "ask her mother", "date_of_birth": ""}))
    assert made.patient == Patient(last_name="Sukarni")
    assert made.busy_slot


def test_a_time_skipped_by_a_clock_change_is_refused() -> None:
    toronto = a_practice(timezone="America/Toronto")
    data = AppointmentData.model_validate_json(json.dumps(an_event(start="2027-03-14T02:30:00")["data"]))
    with pytest.raises(Invalid) as refused:
        apply_upsert(toronto, None, data, 1, NOW)
    assert refused.value.facts["errors"][0]["field"] == "data.start"
