"""A change set is written as a whole or not at all, and a stale one returns what is stored."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.domain.change_set import ChangeSet, Edit, StaleSnapshot, revise
from bookings.domain.decisions.accept import accept
from bookings.domain.decisions.close import reject, withdraw
from bookings.domain.decisions.correct_patient import correct
from bookings.domain.decisions.link import link, relink
from bookings.domain.decisions.reopen import reopen
from bookings.domain.kernel.idempotency import IDEMPOTENCY_TTL
from bookings.domain.kernel.rate_limit import RateLimit
from bookings.domain.outbox.email import EmailStatus
from bookings.domain.outbox.email_delivery import finish_email
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally import cohort, columns_of
from bookings.domain.requests.appointment import Appointment, AppointmentStatus
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.day_sheet import DaySheet, SheetKey
from bookings.domain.scheduling.slot import Slot
from bookings.use_cases.save_email import advance_email
from tests.contract.conftest import Stores
from tests.support.builders import (
    NOW,
    TORONTO,
    a_cohort,
    a_linking,
    a_patient,
    a_practice,
    a_rejection,
    a_request,
    a_slot,
    a_stamp,
    a_stranger,
    an_acceptance,
    an_appointment,
    an_idempotency_key,
    sheet_key,
)
from tests.support.seeding import submit_requests

CHAIR = sheet_key("2026-07-15", "chair", "chr_a")
PERSON = sheet_key("2026-07-15", "practitioner", "prov_a")
TODAY = NOW.date()


class Scene:
    """A practice in the stores."""

    def __init__(self, stores: Stores, practice: Practice | None = None) -> None:
        self.stores = stores
        self.practice = practice or a_practice()

    def request(self, **fields: Any) -> Request:
        request = a_request(**{"practice_id": self.practice.id, **fields})
        submit_requests(self.stores.bookings, request)
        return request

    def commit(self, change: ChangeSet) -> None:
        self.stores.bookings.commit(change)

    def pms(self, edit: Edit[Appointment]) -> Appointment:
        self.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", appointment=edit))
        return edit.after

    def appointment(self, **fields: Any) -> Appointment:
        return self.pms(Edit(None, an_appointment(**{"practice_id": self.practice.id, **fields})))

    def acceptance(self, request: Request, wanted: Slot | None = None, **edits: Any) -> ChangeSet:
        """The change set that accepts the request on the stored sheets."""
        slot = wanted or request.requested.model_copy(update={"chair_id": "chr_a"})
        sheets = self.stores.bookings.load(self.practice.id, sheets=[CHAIR, PERSON]).sheets
        return accept(self.practice, request, slot, an_acceptance(**edits), sheets, a_stamp())

    def stale(self, change: ChangeSet) -> StaleSnapshot:
        with pytest.raises(StaleSnapshot) as late:
            self.commit(change)
        return late.value

    def stands(self, request: Request) -> Request | None:
        return self.stores.bookings.load(request.practice_id, request_id=request.id).request

    def known(self, appointment: Appointment) -> Appointment | None:
        return self.stores.bookings.load(self.practice.id, appointment_id=appointment.id).appointment

    def sheet(self, key: SheetKey) -> DaySheet:
        return self.stores.bookings.load(self.practice.id, sheets=[key]).sheets[key]

    def tally(self) -> dict[str, int]:
        (tally,) = self.stores.bookings.tallies(self.practice.id, TODAY, TODAY)
        return {column: count for column, count in tally.counts.items() if count}


@pytest.fixture
def scene(stores: Stores) -> Scene:
    return Scene(stores)


# ---------------------------------------------------------------- reading back


def test_everything_committed_is_read_back_at_once(scene: Scene) -> None:
    request = scene.request(note="Ärger mit dem Zahn 🦷", patient=a_patient(phone=None))
    assert scene.stands(request) == request
    change = scene.acceptance(request, notify=True, override={"reason": "x"})
    scene.commit(change)
    assert scene.stands(request) == change.request_after
    assert change.appointment
    assert scene.known(change.appointment.after) == change.appointment.after
    assert change.email
    assert scene.stores.emails.get(change.email.outbox_id) == change.email


def test_the_second_of_two_equal_wall_times_round_trips(scene: Scene) -> None:
    second = a_slot("2026-11-01T01:30-05:00", timezone="America/Toronto")
    request = scene.request(requested=second)
    found = scene.stands(request)
    assert found
    assert found.requested.start.fold == 1
    assert found.requested.begins == second.begins
    assert found.requested.start.tzinfo is TORONTO


def test_a_change_of_nothing_keeps_its_answer_and_is_stale_after_another(scene: Scene) -> None:
    request = scene.request()
    record = an_idempotency_key().idempotency_record(request, NOW)
    nothing = ChangeSet(stamp=a_stamp(), action="correct", request=Edit(request, request), idempotency_record=record)
    scene.commit(nothing)
    assert scene.stands(request) == request
    assert [entry.action for entry in scene.stores.bookings.history(request.id)] == ["submit"]
    snapshot = scene.stores.bookings.load(scene.practice.id, idempotency_record_id=record.id)
    assert snapshot.idempotency_record == record
    scene.commit(withdraw(request, a_stamp("patient")))
    assert scene.stale(replace(nothing, idempotency_record=None)).request == scene.stands(request)


def test_a_corrected_appointment_is_found_by_its_new_keys_alone(scene: Scene) -> None:
    request = scene.request()
    accepted = scene.acceptance(request)
    scene.commit(accepted)
    assert accepted.appointment
    (create,) = accepted.pms_writes
    corrected = correct(
        accepted.request_after, a_stranger(), a_stamp(), appointment=accepted.appointment.after, create=create.after
    )
    scene.commit(corrected)
    candidates = scene.stores.bookings.candidates
    assert [one.id for one in candidates(scene.practice, a_stranger(), NOW)] == [accepted.appointment.after.id]
    assert candidates(scene.practice, request.patient, NOW) == []
    stale = scene.stale(replace(corrected, request=None, appointment=None))
    assert [write.revision for write in stale.pms_writes.values()] == [2]


def test_what_was_never_written_is_not_found(scene: Scene) -> None:
    snapshot = scene.stores.bookings.load(
        scene.practice.id, request_id="req_x", appointment_id="A", idempotency_record_id="r", sheets=[CHAIR]
    )
    assert (snapshot.request, snapshot.appointment, snapshot.idempotency_record) == (None, None, None)
    assert snapshot.sheets == {CHAIR: DaySheet(CHAIR)}


def test_entities_of_another_practice_are_not_found(scene: Scene) -> None:
    request, appointment = scene.request(), scene.appointment()
    other = Scene(scene.stores)
    assert other.stands(request.model_copy(update={"practice_id": other.practice.id})) is None
    assert other.known(appointment) is None
    assert other.stores.bookings.appointments(other.practice.id, [appointment.id]) == {}


def test_many_entities_are_loaded_together(scene: Scene) -> None:
    request, appointment = scene.request(), scene.appointment(slot=a_slot("2026-07-15T09:00", chair_id="chr_a"))
    idempotency_record = an_idempotency_key().idempotency_record(request, NOW)
    scene.commit(ChangeSet(stamp=a_stamp(), action="x", idempotency_record=idempotency_record))
    keys = [sheet_key(f"2026-07-{day:02}", "chair", f"chr_{n}") for day in range(1, 29) for n in range(5)]
    snapshot = scene.stores.bookings.load(
        scene.practice.id,
        request_id=request.id,
        appointment_id=appointment.id,
        idempotency_record_id=idempotency_record.id,
        sheets=[*keys, CHAIR, PERSON],
    )
    assert (snapshot.request, snapshot.appointment, snapshot.idempotency_record) == (
        request,
        appointment,
        idempotency_record,
    )
    assert len(snapshot.sheets) == len(keys) + 2
    assert list(snapshot.sheets[CHAIR].busy) == [appointment.id]
    assert snapshot.sheets[PERSON].busy == {}


def test_any_number_of_appointments_is_found_by_id(scene: Scene) -> None:
    ids = [scene.appointment(id=f"B{n}").id for n in range(3)]
    found = scene.stores.bookings.appointments(scene.practice.id, [*ids, *ids, *(f"C{n}" for n in range(120))])
    assert set(found) == set(ids)


# ---------------------------------------------------------------- all or nothing


def test_a_stale_change_set_writes_nothing(scene: Scene) -> None:
    request = scene.request()
    late = scene.acceptance(request, notify=True)
    rejection = reject(request, a_rejection(), a_stamp())
    scene.commit(rejection)
    tally = scene.tally()
    scene.stale(late)
    assert scene.stands(request) == rejection.request_after
    assert late.appointment
    assert scene.known(late.appointment.after) is None
    assert scene.sheet(CHAIR) == DaySheet(CHAIR)
    assert scene.tally() == tally
    assert late.email
    assert scene.stores.emails.get(late.email.outbox_id) is None
    assert [entry.action for entry in scene.stores.bookings.history(request.id)] == ["submit", "reject"]


def test_history_is_in_order_with_the_previous_values(scene: Scene) -> None:
    request = scene.request()
    change = scene.acceptance(request)
    scene.commit(change)
    assert change.appointment
    scene.commit(reopen(change.request_after, change.appointment.after, a_stamp()))
    entries = scene.stores.bookings.history(request.id)
    assert [(entry.revision, entry.action, entry.by) for entry in entries] == [
        (1, "submit", "patient"), (2, "accept", "staff:u1"), (3, "reopen", "staff:u1"),
    ]  # fmt: skip
    assert [entry.before and entry.before["status"] for entry in entries] == [None, "pending", "accepted"]
    assert [entry.after["status"] for entry in entries] == ["pending", "accepted", "pending"]
    assert entries[1].at == NOW


# ---------------------------------------------------------------- stale snapshots


def test_a_stale_revision_returns_the_stored_request(scene: Scene) -> None:
    request = scene.request()
    first = reject(request, a_rejection(), a_stamp())
    scene.commit(first)
    late = scene.stale(withdraw(request, a_stamp("patient")))
    assert (late.request, late.appointment, late.idempotency_record, dict(late.sheets)) == (
        first.request_after,
        None,
        None,
        {},
    )


def test_an_existing_request_is_not_created_again(scene: Scene) -> None:
    request = scene.request()
    again = ChangeSet(stamp=a_stamp(), action="submit", request=Edit(None, request))
    assert scene.stale(again).request == request
    assert scene.tally() == {"received": 1, "status_pending": 1}


def test_a_missing_request_cannot_be_changed(scene: Scene) -> None:
    nowhere = a_request(practice_id=scene.practice.id)
    assert scene.stale(withdraw(nowhere, a_stamp("patient"))).request is None
    assert scene.stands(nowhere) is None


def test_a_stale_appointment_is_returned_as_stored(scene: Scene) -> None:
    request, appointment = scene.request(), scene.appointment()
    newer = scene.pms(revise(appointment, status=AppointmentStatus.CANCELLED))
    late = scene.stale(link(request, appointment, a_linking(appointment), a_stamp()))
    assert (late.request, late.appointment) == (None, newer)


def test_an_existing_appointment_is_not_created_again(scene: Scene) -> None:
    appointment = scene.appointment()
    again = ChangeSet(stamp=a_stamp(), action="pms_changed", appointment=Edit(None, appointment))
    assert scene.stale(again).appointment == appointment


def test_a_stale_sheet_is_returned_as_stored(scene: Scene) -> None:
    request = scene.request()
    late = scene.acceptance(request)
    taken = scene.appointment(slot=a_slot("2026-07-15T09:00", 30, chair_id="chr_a"))
    stale = scene.stale(late)
    assert stale.request is None
    assert dict(stale.sheets) == {CHAIR: scene.sheet(CHAIR)}
    assert list(stale.sheets[CHAIR].busy) == [taken.id]


def test_an_empty_sheet_written_meanwhile_is_stale(scene: Scene) -> None:
    late = scene.acceptance(scene.request())
    scene.appointment(slot=a_slot("2026-07-15T09:00", 30, practitioner_id="prov_a"))
    assert [(key, sheet.version) for key, sheet in scene.stale(late).sheets.items()] == [(PERSON, 1)]


def test_everything_stale_is_returned_together(scene: Scene) -> None:
    request = scene.request()
    idempotency_key = an_idempotency_key()
    late = scene.acceptance(request)
    late = replace(late, idempotency_record=idempotency_key.idempotency_record(late.request_after, NOW))
    rejection = reject(request, a_rejection(), a_stamp())
    idempotency_record = idempotency_key.idempotency_record(rejection.request_after, NOW)
    scene.commit(replace(rejection, idempotency_record=idempotency_record))
    scene.appointment(slot=a_slot("2026-07-15T09:00", 30, practitioner_id="prov_a", chair_id="chr_a"))
    stale = scene.stale(late)
    assert (stale.request, stale.idempotency_record) == (rejection.request_after, idempotency_record)
    assert set(stale.sheets) == {CHAIR, PERSON}


def test_an_idempotency_record_is_written_once_and_returned_later(scene: Scene) -> None:
    request = scene.request()
    first, second = (
        an_idempotency_key("once").idempotency_record(request, NOW),
        an_idempotency_key("once", b"other").idempotency_record(request, NOW),
    )
    scene.commit(ChangeSet(stamp=a_stamp(), action="x", idempotency_record=first))
    assert scene.stale(ChangeSet(stamp=a_stamp(), action="x", idempotency_record=second)).idempotency_record == first
    assert scene.stores.bookings.load(scene.practice.id, idempotency_record_id=first.id).idempotency_record == first


def test_an_expired_idempotency_record_is_replaced(scene: Scene) -> None:
    idempotency_key, request = an_idempotency_key(), scene.request()
    scene.commit(
        ChangeSet(stamp=a_stamp(), action="x", idempotency_record=idempotency_key.idempotency_record(request, NOW))
    )
    later = NOW + IDEMPOTENCY_TTL + timedelta(seconds=1)
    renewed = idempotency_key.idempotency_record(request, later)
    scene.commit(ChangeSet(stamp=a_stamp(at=later), action="x", idempotency_record=renewed))
    assert scene.stores.bookings.load(scene.practice.id, idempotency_record_id=renewed.id).idempotency_record == renewed


# ---------------------------------------------------------------- sheets


def test_an_appointment_is_on_its_sheets_and_raises_their_versions(scene: Scene) -> None:
    first = scene.appointment(slot=a_slot("2026-07-15T09:00", 30, practitioner_id="prov_a", chair_id="chr_a"))
    second = scene.appointment(slot=a_slot("2026-07-15T10:00", 45, chair_id="chr_a"))
    assert (scene.sheet(CHAIR).version, scene.sheet(PERSON).version) == (2, 1)
    assert {name: (busy.start, busy.duration_minutes) for name, busy in scene.sheet(CHAIR).busy.items()} == {
        first.id: (a_slot("2026-07-15T09:00").start, 30),
        second.id: (a_slot("2026-07-15T10:00").start, 45),
    }


def test_a_moved_appointment_is_on_its_new_sheets_only(scene: Scene) -> None:
    appointment = scene.appointment(slot=a_slot("2026-07-15T09:00", practitioner_id="prov_a", chair_id="chr_a"))
    moved = a_slot("2026-07-15T10:00", 30, practitioner_id="prov_b", chair_id="chr_a")
    scene.pms(revise(appointment, slot=moved))
    assert scene.sheet(PERSON).busy == {}
    assert scene.sheet(CHAIR).busy[appointment.id].slot == a_slot("2026-07-15T10:00", 30)
    assert list(scene.sheet(sheet_key("2026-07-15", "practitioner", "prov_b")).busy) == [appointment.id]


def test_an_appointment_past_midnight_is_on_the_sheets_of_both_days(scene: Scene) -> None:
    appointment = scene.appointment(slot=a_slot("2026-07-15T23:30", 60, chair_id="chr_a"))
    days = [CHAIR, sheet_key("2026-07-16", "chair", "chr_a")]
    assert [list(scene.sheet(key).busy) for key in days] == [[appointment.id]] * 2
    scene.pms(revise(appointment, slot=a_slot("2026-07-15T23:00", 60, chair_id="chr_a")))
    assert [list(scene.sheet(key).busy) for key in days] == [[appointment.id], []]


@pytest.mark.parametrize("gone", [{"status": AppointmentStatus.CANCELLED}, {"deleted": True, "slot": None}])
def test_a_cancelled_or_deleted_appointment_is_on_no_sheet(scene: Scene, gone: dict[str, Any]) -> None:
    appointment = scene.appointment(slot=a_slot("2026-07-15T09:00", practitioner_id="prov_a", chair_id="chr_a"))
    after = scene.pms(revise(appointment, **gone))
    assert (scene.sheet(CHAIR).busy, scene.sheet(PERSON).busy) == ({}, {})
    assert scene.known(appointment) == after


def test_a_tombstone_has_no_personal_data(scene: Scene) -> None:
    appointment = scene.appointment()
    gone = {"deleted": True, "slot": None, "patient": None, "status": AppointmentStatus.CANCELLED, "version": 2}
    tombstone = scene.pms(revise(appointment, **gone))
    assert scene.known(appointment) == tombstone
    assert (tombstone.patient, tombstone.deleted, tombstone.version) == (None, True, 2)


def test_an_unmoved_appointment_leaves_its_sheets_unchanged(scene: Scene) -> None:
    appointment = scene.appointment(slot=a_slot("2026-07-15T09:00", chair_id="chr_a"))
    scene.pms(revise(appointment, patient=a_patient(last_name="Roe"), version=2))
    assert scene.sheet(CHAIR).version == 1


def test_a_move_between_two_equal_wall_times_is_written(scene: Scene) -> None:
    key = sheet_key("2026-11-01", "chair", "chr_a")
    first = a_slot("2026-11-01T01:30-04:00", chair_id="chr_a", timezone="America/Toronto")
    second = a_slot("2026-11-01T01:30-05:00", chair_id="chr_a", timezone="America/Toronto")
    appointment = scene.appointment(slot=first)
    scene.pms(revise(appointment, slot=second))
    assert scene.sheet(key).busy[appointment.id].slot.begins == second.begins


def test_pms_ids_may_contain_any_characters(scene: Scene) -> None:
    odd = "a.b[0]#c:d/é %2F💥"
    slot = a_slot("2026-07-15T09:00", chair_id=odd, practitioner_id="x#y")
    appointment = scene.appointment(id=odd, slot=slot)
    key = sheet_key("2026-07-15", "chair", odd)
    assert list(scene.sheet(key).busy) == [odd]
    assert scene.known(appointment) == appointment
    scene.pms(revise(appointment, status=AppointmentStatus.CANCELLED))
    assert scene.sheet(key).busy == {}


def test_versions_may_have_the_maximum_of_the_contract(scene: Scene) -> None:
    for version in (10**38 - 1, 10**37):
        appointment = scene.appointment(version=version)
        assert scene.known(appointment) == appointment


@pytest.mark.parametrize("character", ["#", "/", "é", "💥"])
def test_ids_of_the_contracts_length_fit_into_keys(scene: Scene, character: str) -> None:
    long = character * 128
    slot = a_slot("2026-07-15T09:00", chair_id=long, practitioner_id=long, service_id=long)
    appointment = scene.appointment(id=long, slot=slot)
    request = scene.request(requested=slot)
    assert list(scene.sheet(sheet_key("2026-07-15", "chair", long)).busy) == [long]
    assert scene.known(appointment) == appointment
    (tally,) = scene.stores.bookings.tallies(scene.practice.id, TODAY, TODAY)
    assert tally.cohort == cohort(request)
    scene.commit(reject(request, a_rejection(), a_stamp()))
    (tally,) = scene.stores.bookings.tallies(scene.practice.id, TODAY, TODAY)
    assert (tally.cohort, tally.counts["status_rejected"]) == (cohort(request), 1)


def test_further_practitioners_are_on_their_sheets(scene: Scene) -> None:
    also = a_slot("2026-07-15T09:40", 10, practitioner_id="prov_b")
    slot = a_slot("2026-07-15T09:00", chair_id="chr_a", practitioner_id="prov_a")
    appointment = scene.appointment(slot=slot, practitioner_minutes=15, also=(also,))
    assert scene.known(appointment) == appointment
    assert [scene.sheet(key).busy[appointment.id].duration_minutes for key in (CHAIR, PERSON)] == [60, 15]
    further = sheet_key("2026-07-15", "practitioner", "prov_b")
    assert scene.sheet(further).busy[appointment.id].slot.begins == also.begins
    before = scene.sheet(CHAIR)
    scene.pms(revise(appointment, also=()))
    assert scene.sheet(further).busy == {}
    assert scene.sheet(CHAIR) == before, "the chair's time is as it was"


# ---------------------------------------------------------------- concurrent changes of other fields


def test_an_email_status_survives_a_commit_that_did_not_read_it(scene: Scene) -> None:
    request = scene.request()
    change = scene.acceptance(request, notify=True)
    scene.commit(change)
    email = change.email
    assert email
    sent = finish_email(email, EmailStatus.SENT, message_id="m1")
    assert advance_email(scene.stores.emails, scene.stores.bookings, email, sent, NOW)
    follow = revise(change.request_after, appointment_status=AppointmentStatus.ARRIVED)
    scene.commit(ChangeSet(stamp=a_stamp("agent"), action="pms_changed", request=follow))
    found = scene.stands(request)
    assert found
    assert (found.mail, found.appointment_status, found.revision) == ("sent", AppointmentStatus.ARRIVED, 3)


# ---------------------------------------------------------------- tallies


def test_tallies_equal_a_recount_after_any_decisions(scene: Scene) -> None:
    accepted, rejected, undone, pending = (scene.request() for _ in range(4))
    scene.commit(scene.acceptance(accepted))
    scene.commit(reject(rejected, a_rejection(), a_stamp()))
    change = reject(undone, a_rejection(), a_stamp())
    scene.commit(change)
    scene.commit(reopen(change.request_after, None, a_stamp()))
    expected: dict[str, int] = {}
    for request in (accepted, rejected, undone, pending):
        standing = scene.stands(request)
        assert standing
        for column, count in columns_of(standing).items():
            expected[column] = expected.get(column, 0) + count
    assert scene.tally() == expected
    assert expected["received"] == 4


def test_tallies_are_kept_per_cohort(scene: Scene) -> None:
    odd = a_slot(practitioner_id="a#b", service_id="é/ü")
    scene.request(source="google", requested=odd, new_patient=True)
    scene.request(requested=a_slot())
    scene.request(received_at=NOW + timedelta(days=1))
    tallies = scene.stores.bookings.tallies(scene.practice.id, TODAY, TODAY)
    assert {tally.cohort for tally in tallies} == {
        a_cohort(TODAY, source="google", practitioner_id="a#b", service_id="é/ü", patient="new"),
        a_cohort(TODAY, practitioner_id="", service_id=""),
    }
    both = scene.stores.bookings.tallies(scene.practice.id, TODAY, TODAY + timedelta(days=1))
    assert len(both) == 3
    assert [tally.cohort.day for tally in both] == [TODAY, TODAY, TODAY + timedelta(days=1)]
    assert scene.stores.bookings.tallies(a_practice().id, TODAY, TODAY) == []


def test_a_status_without_requests_counts_zero(scene: Scene) -> None:
    request = scene.request()
    change = withdraw(request, a_stamp("patient"))
    scene.commit(change)
    assert change.request_after.status is Status.CANCELLED
    assert scene.tally() == {"received": 1, "status_cancelled": 1}


# ---------------------------------------------------------------- linking again


def lost_request(scene: Scene) -> tuple[Request, Appointment, Appointment]:
    """An accepted request, its cancelled appointment, and one that replaces it."""
    former = scene.appointment(id="A1", request_id="req_lost", status=AppointmentStatus.CANCELLED)
    lost = {"appointment_id": "A1", "appointment_status": AppointmentStatus.CANCELLED}
    request = scene.request(id="req_lost", status=Status.ACCEPTED, **lost)
    return request, former, scene.appointment(id="A2")


def test_linking_again_moves_the_request_from_one_appointment_to_the_other(scene: Scene) -> None:
    request, former, replacement = lost_request(scene)
    change = relink(request, former, replacement, a_linking(replacement), a_stamp())
    scene.commit(change)
    assert scene.stands(request) == change.request_after
    assert (scene.known(former) or former).request_id is None
    assert (scene.known(replacement) or replacement).request_id == request.id
    assert scene.tally() == dict(columns_of(change.request_after))


def test_linking_again_writes_nothing_if_the_former_appointment_has_changed(scene: Scene) -> None:
    request, former, replacement = lost_request(scene)
    change = relink(request, former, replacement, a_linking(replacement), a_stamp())
    scene.pms(revise(former, version=9))
    scene.stale(change)
    assert scene.stands(request) == request
    assert scene.known(replacement) == replacement


# ---------------------------------------------------------------- rate limit


def a_submit(practice: Practice, limit: int, key: str | None = None, at: datetime = NOW) -> ChangeSet:
    request = a_request(practice_id=practice.id)
    return ChangeSet(
        stamp=a_stamp("patient", at),
        action="submit",
        request=Edit(None, request),
        idempotency_record=an_idempotency_key(key).idempotency_record(request, NOW),
        rate_limit=RateLimit.in_hour_of(at, subject=f"submissions#{practice.id}", limit=limit),
    )


def test_above_the_rate_limit_nothing_is_written(stores: Stores) -> None:
    scene = Scene(stores)
    scene.commit(a_submit(scene.practice, 2))
    scene.commit(a_submit(scene.practice, 2))
    refused = a_submit(scene.practice, 2)
    late = scene.stale(refused)
    assert (late.is_over_limit, late.idempotency_record, late.request) == (True, None, None)
    assert stores.bookings.load(scene.practice.id, request_id=refused.request_after.id).request is None
    assert scene.stale(a_submit(scene.practice, 1)).is_over_limit
    scene.commit(a_submit(scene.practice, 3))


def test_each_practice_and_each_hour_has_a_count_of_its_own(stores: Stores) -> None:
    scene, other = Scene(stores), Scene(stores)
    scene.commit(a_submit(scene.practice, 1))
    other.commit(a_submit(other.practice, 1))
    scene.commit(a_submit(scene.practice, 1, at=NOW + timedelta(hours=1)))


def test_a_call_that_was_answered_returns_its_record_above_the_limit_too(stores: Stores) -> None:
    scene = Scene(stores)
    key = f"tap of {scene.practice.id}"
    scene.commit(a_submit(scene.practice, 1, key))
    late = scene.stale(a_submit(scene.practice, 1, key))
    assert late.idempotency_record
    late = scene.stale(a_submit(scene.practice, 2, key))
    assert (bool(late.idempotency_record), late.is_over_limit) == (True, False)
    scene.commit(a_submit(scene.practice, 2))
