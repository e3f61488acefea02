"""Misfits and marks on findings, in every storage."""

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.insights.finding import FindingMark
from bookings.domain.insights.misfit_cause import BlockingAppointment, Cause, Instead
from bookings.domain.kernel.idempotency import IDEMPOTENCY_TTL
from tests.contract.conftest import Stores
from tests.support.builders import NOW, a_mark, a_misfit, a_slot, a_stamp, an_appointment, an_idempotency_key, sheet_key

DAY = date(2026, 7, 1)


def test_a_misfit_round_trips(stores: Stores) -> None:
    taken = BlockingAppointment(
        resource_id="chr_a", appointment_id="A 1", start=a_slot().start, duration_minutes=60, since=NOW
    )
    misfit = a_misfit(practice_id=stores.practice().id, taken=(taken,), instead=Instead.LINKED, other_chair=True)
    assert stores.findings.save_misfit(misfit)
    assert stores.findings.misfits(misfit.practice_id, DAY, DAY) == [misfit]


def test_misfits_are_found_by_the_days_of_receipt_both_included(stores: Stores) -> None:
    practice_id = stores.practice().id
    days = [DAY + timedelta(days=n) for n in range(4)]
    for day in days:
        stores.findings.save_misfit(a_misfit(practice_id=practice_id, day=day))
    assert [one.day for one in stores.findings.misfits(practice_id, days[1], days[2])] == days[1:3]


def test_misfits_of_another_practice_are_not_found(stores: Stores) -> None:
    stores.findings.save_misfit(a_misfit(practice_id=stores.practice().id))
    assert stores.findings.misfits(stores.practice().id, DAY, DAY) == []


@pytest.mark.parametrize("order", list(permutations([2, 3, 4, 2])), ids=str)
def test_in_any_order_the_newest_decision_is_kept(stores: Stores, order: tuple[int, ...]) -> None:
    practice_id = stores.practice().id
    for revision in order:
        cause = None if revision == 3 else Cause.SLOT_TAKEN
        stores.findings.save_misfit(
            a_misfit(practice_id=practice_id, request_id="req_1", revision=revision, cause=cause)
        )
    (standing,) = stores.findings.misfits(practice_id, DAY, DAY)
    assert (standing.revision, standing.cause) == (4, Cause.SLOT_TAKEN)


def test_the_first_misfit_of_a_decision_is_kept(stores: Stores) -> None:
    first = a_misfit(practice_id=stores.practice().id)
    assert stores.findings.save_misfit(first)
    assert not stores.findings.save_misfit(first.model_copy(update={"cause": Cause.UNEXPLAINED}))
    assert stores.findings.misfits(first.practice_id, DAY, DAY) == [first]


def test_a_mark_round_trips_and_replaces_an_older_one(stores: Stores) -> None:
    practice_id = stores.practice().id
    for by in ("staff:u1", "staff:u2"):
        mark, idempotency_key = a_mark(practice_id, by), an_idempotency_key()
        stores.findings.save_mark(mark, idempotency_key.idempotency_record(mark, NOW), NOW)
        idempotency_record = stores.findings.idempotency_record(idempotency_key.idempotency_record_id)
        assert idempotency_record
        assert idempotency_key.replay(idempotency_record, FindingMark) == mark
    assert stores.findings.marks(practice_id) == [mark]


def test_of_two_marks_with_one_key_the_first_is_kept_until_it_expires(stores: Stores) -> None:
    practice_id, idempotency_key = stores.practice().id, an_idempotency_key()
    first, second = a_mark(practice_id, "staff:u1"), a_mark(practice_id, "staff:u2")

    def handled(mark: FindingMark, now: datetime) -> FindingMark:
        return idempotency_key.replay(
            stores.findings.save_mark(mark, idempotency_key.idempotency_record(mark, now), now), FindingMark
        )

    assert [handled(first, NOW), handled(second, NOW)] == [first, first]
    assert stores.findings.marks(practice_id) == [first]
    assert handled(second, NOW + IDEMPOTENCY_TTL + timedelta(seconds=1)) == second
    assert stores.findings.marks(practice_id) == [second]


def test_an_unknown_call_has_no_idempotency_record(stores: Stores) -> None:
    assert stores.findings.idempotency_record(an_idempotency_key().idempotency_record_id) is None


def test_a_busy_time_has_the_moment_since_when_it_is_busy(stores: Stores) -> None:
    """The chair stays busy through a change of practitioner."""

    practice = stores.practice()
    slot = a_slot("2026-07-16T09:00", practitioner_id="prov_a", chair_id="chr_a")
    booked = an_appointment(practice_id=practice.id, slot=slot)
    stores.bookings.commit(ChangeSet(a_stamp(at=NOW), "x", appointment=Edit(None, booked)))
    later = NOW + timedelta(hours=1)
    handed_over = revise(booked, slot=slot.model_copy(update={"practitioner_id": "prov_b"}))
    stores.bookings.commit(ChangeSet(a_stamp(at=later), "x", appointment=handed_over))

    chair, person = sheet_key("2026-07-16", "chair", "chr_a"), sheet_key("2026-07-16", "practitioner", "prov_b")
    sheets = stores.bookings.load(practice.id, sheets=[chair, person]).sheets
    assert sheets[chair].busy[booked.id].since == NOW
    assert sheets[person].busy[booked.id].since == later
