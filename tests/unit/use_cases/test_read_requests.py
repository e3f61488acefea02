"""Reading requests, matches, openings and a day's schedule."""

from datetime import date, timedelta
from functools import partial

import pytest

from bookings.domain.decisions.commands import PatientCorrection
from bookings.domain.kernel.errors import NotFound
from bookings.domain.reporting.request_query import RequestFilters
from bookings.domain.requests.request import Status
from bookings.domain.scheduling.conflicts import Verdict
from bookings.use_cases.correct_patient import correct_patient
from bookings.use_cases.list_matches import list_matches
from bookings.use_cases.list_nearest_openings import list_nearest_openings
from bookings.use_cases.read_requests import RequestDetails, list_requests, read_history, read_request
from bookings.use_cases.read_schedule import read_schedule
from tests.support.builders import NOW, a_command_context, a_patient, a_practice, a_slot, a_stranger
from tests.support.practice_harness import PracticeHarness


def page(
    harness: PracticeHarness, *statuses: Status, limit: int = 25, cursor: str | None = None
) -> tuple[list[RequestDetails], str | None]:
    filters = RequestFilters(statuses or tuple(Status), limit=limit)
    return list_requests(harness.practices, harness.bookings, harness.practice.id, filters, cursor, NOW)


def test_pending_requests_have_a_fit_and_decided_ones_have_none() -> None:
    harness = PracticeHarness()
    harness.appointment(slot=a_slot(practitioner_id="prov_a"), patient=a_stranger())
    conflicting = harness.request()
    fitting = harness.request(requested=a_slot("2026-07-16T15:00", practitioner_id="prov_a"))
    closed = harness.request(requested=a_slot("2026-07-18T15:00"))
    past = harness.request(requested=a_slot("2026-06-30T15:00"))
    rejected = harness.request(requested=a_slot("2026-07-20T15:00"))
    harness.reject(rejected)
    found, _ = page(harness)
    assert {judged.request.id: judged.fit and judged.fit.verdict for judged in found} == {
        past.id: Verdict.PAST,
        conflicting.id: Verdict.CONFLICTS,
        fitting.id: Verdict.FITS,
        closed.id: Verdict.OUTSIDE_HOURS,
        rejected.id: None,
    }


def test_the_queue_is_read_page_by_page() -> None:
    harness = PracticeHarness()
    requests = [harness.request(requested=a_slot(f"2026-07-{day}T15:00")) for day in (15, 16, 17)]
    first, cursor = page(harness, limit=2)
    second, end = page(harness, limit=2, cursor=cursor)
    assert [judged.request.id for judged in (*first, *second)] == [request.id for request in requests]
    assert end is None


def test_a_request_is_read_with_all_other_requests_of_its_patient() -> None:
    harness = PracticeHarness()
    first, strangers, second = harness.request(), harness.request(patient=a_stranger()), harness.request()
    rejected = harness.reject(harness.request())
    read = partial(read_request, harness.practices, harness.bookings, harness.practice.id, now=NOW)
    shown = read(request_id=second.id)
    assert [(other.id, other.same_as_this) for other in shown.others or ()] == [(rejected.id, True), (first.id, True)]
    assert read(request_id=strangers.id).others == ()
    assert read(request_id=rejected.id).others is None


def test_a_page_shows_those_of_the_same_page() -> None:
    harness = PracticeHarness()
    first, second = (harness.request() for _ in range(2))
    later = harness.request(requested=a_slot("2026-07-16T15:00"))
    rejected = harness.reject(harness.request())
    found, cursor = page(harness, Status.PENDING, limit=2)
    assert [[other.id for other in item.others or ()] for item in found] == [[second.id], [first.id]]
    rest, _ = page(harness, limit=9)
    others = {item.request.id: item.others and [other.id for other in item.others] for item in rest}
    assert others == {
        first.id: [rejected.id, later.id, second.id],
        second.id: [rejected.id, later.id, first.id],
        later.id: [rejected.id, second.id, first.id],
        rejected.id: None,
    }
    assert cursor


def test_a_corrected_patient_has_other_other_requests() -> None:
    harness = PracticeHarness()
    first, second = harness.request(), harness.request(patient=a_patient(last_name="Deo"))
    read = partial(read_request, harness.practices, harness.bookings, harness.practice.id, now=NOW)
    assert read(request_id=first.id).others == ()
    correction = PatientCorrection(last_name="Doe")
    correct_patient(harness.practices, harness.bookings, a_command_context(second), correction)
    assert [other.id for other in read(request_id=first.id).others or ()] == [second.id]


def test_a_request_is_read_with_its_fit() -> None:
    harness = PracticeHarness()
    request = harness.request()
    judged = read_request(harness.practices, harness.bookings, harness.practice.id, request.id, NOW)
    assert judged.request == request
    assert judged.fit
    assert judged.fit.verdict is Verdict.FITS


def test_everything_about_an_unknown_request_is_not_found() -> None:
    harness = PracticeHarness()
    theirs = harness.request(practice_id="prac_other")
    stores = harness.practices, harness.bookings, harness.practice.id, theirs.id
    with pytest.raises(NotFound):
        read_request(*stores, NOW)
    with pytest.raises(NotFound):
        read_history(*stores)
    with pytest.raises(NotFound):
        list_matches(*stores, NOW)
    with pytest.raises(NotFound):
        list_nearest_openings(*stores, NOW, reach=1, limit=5)


def test_history_has_who_did_what_and_the_previous_values() -> None:
    harness = PracticeHarness()
    request = harness.request()
    harness.accept(request, start="2026-07-15T14:30:00", chair_id="chr_b")
    submitted, accepted = read_history(harness.practices, harness.bookings, harness.practice.id, request.id)
    assert (submitted.action, submitted.by, submitted.before) == ("submit", "patient", None)
    assert (accepted.action, accepted.by, accepted.revision) == ("accept", "staff:u1", 2)
    assert accepted.before
    assert (accepted.before["status"], accepted.after["status"]) == ("pending", "accepted")
    assert accepted.before["accepted"] is None
    slot = accepted.after["accepted"]
    assert isinstance(slot, dict)
    assert (slot["start"], slot["chair_id"]) == ("2026-07-15T14:30:00-07:00", "chr_b")


def test_the_first_step_of_a_history_says_what_was_asked_for_and_not_by_whom() -> None:
    harness = PracticeHarness()
    request = harness.request(source="website", new_patient=True, note="Jane Doe, a filling")
    harness.accept(request)
    submitted, accepted = read_history(harness.practices, harness.bookings, harness.practice.id, request.id)
    assert submitted.after["requested"] == request.requested.model_dump(mode="json")
    asked = {name: submitted.after[name] for name in ("source", "new_patient", "may_email")}
    assert asked == {"source": "website", "new_patient": True, "may_email": True}
    assert not {"patient", "note"} & submitted.after.keys()
    assert "requested" not in accepted.after


def test_matches_are_appointments_of_the_same_patient() -> None:
    harness = PracticeHarness()
    own = harness.appointment()
    harness.appointment(patient=a_stranger())
    request = harness.request()
    found = list_matches(harness.practices, harness.bookings, harness.practice.id, request.id, NOW)
    assert [match.appointment.id for match in found] == [own.id]


def test_matches_show_the_other_requests_appointments_and_not_its_own() -> None:
    harness = PracticeHarness()
    first, second = harness.request(), harness.request()
    own = harness.accept(first).appointment_id
    stores = harness.practices, harness.bookings, harness.practice.id
    assert list_matches(*stores, first.id, NOW) == []
    assert [match.appointment.id for match in list_matches(*stores, second.id, NOW)] == [own]


def test_openings_are_searched_around_the_requested_day() -> None:
    harness = PracticeHarness()
    request = harness.request()
    found = list_nearest_openings(
        harness.practices, harness.bookings, harness.practice.id, request.id, NOW, reach=1, limit=500
    )
    assert {slot.start.date() for slot in found} == {date(2026, 7, day) for day in (14, 15, 16)}
    assert found[0].start == request.requested.start


def test_a_days_schedule_has_sheets_appointments_and_pending_requests() -> None:
    harness = PracticeHarness()
    late = harness.appointment(slot=a_slot("2026-07-15T11:00", practitioner_id="prov_a", chair_id="chr_a"))
    early = harness.appointment(slot=a_slot("2026-07-15T09:00", practitioner_id="prov_b", chair_id="chr_a"))
    harness.appointment(slot=a_slot("2026-07-16T09:00", practitioner_id="prov_b", chair_id="chr_a"))
    waiting = harness.request()
    harness.request(requested=a_slot("2026-07-16T15:00"))
    harness.reject(harness.request())
    day = read_schedule(harness.practices, harness.bookings, harness.practice.id, date(2026, 7, 15), NOW)
    assert [one.id for one in day.appointments] == [early.id, late.id]
    assert {sheet.key.resource.id: list(sheet.busy) for sheet in day.sheets} == {
        "chr_a": [late.id, early.id], "chr_b": [], "prov_a": [late.id], "prov_b": [early.id],
    }  # fmt: skip
    assert [judged.request.id for judged in day.requests] == [waiting.id]
    assert all(judged.fit for judged in day.requests)


def test_stale_pms_data_makes_every_fit_unknown() -> None:
    pms = a_practice().pms.model_copy(update={"freshness_limit_minutes": 60})
    harness = PracticeHarness(a_practice(pms=pms))
    harness.request()
    (judged,), _ = page(harness)
    assert judged.fit
    assert judged.fit.verdict is Verdict.UNKNOWN
    harness.practices.record_agent_activity(harness.agent, NOW - timedelta(minutes=5), heartbeat=True, events=True)
    (judged,), _ = page(harness)
    assert judged.fit
    assert (judged.fit.verdict, judged.fit.as_of) == (Verdict.FITS, NOW - timedelta(minutes=5))
