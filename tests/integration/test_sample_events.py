"""Every file in events/ is an event that a function gets. Each one for an HTTP function is run here, in its scene.

The events of the mail functions are run in tests/unit/mail, those of the clock in test_sweeps and test_pms_writes,
those of history in test_misfits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from deploy.repository_paths import ROOT
from tests.support.api_harness import ROUTES, ApiHarness
from tests.support.scenarios import (
    Scene,
    accepted,
    asked_before,
    booked,
    booked_for_another_request,
    called_off,
    cancelled_in_the_pms,
    confirmed,
    linked,
    moved_every_week,
    moved_in_the_pms,
    pending,
    pending_without_email,
    pending_without_wanting_emails,
    rejected,
    taken,
    three_waiting,
    to_be_written,
    with_a_freshness_limit,
    with_a_limit_that_is_used_up,
)

EVENTS = {f"{path.parent.name}/{path.stem}": path for path in sorted(ROOT.glob("events/*/*.json"))}
OF_MAIL = {"send_email", "record_email_event", "sweep_outbox"}
OF_HISTORY = {"classify_misfits"}
OF_CLOCK = {
    "audit_day_sheets",
    "audit_tallies",
    "build_report",
    "expire_requests",
    "find_silent_agents",
    "flag_overdue_requests",
    "flag_missing_pms_evidence",
    "enqueue_due_reports",
    "time_out_pms_writes",
    "recheck_watched_requests",
    "notify_of_moves",
}
OF_HTTP = [name for name in EVENTS if name.split("/")[0] not in OF_MAIL | OF_CLOCK | OF_HISTORY]


@dataclass(frozen=True)
class Expected:
    """The expected answer in its scenario. Neither a problem nor a GET changes what is stored."""

    status: int
    problem: str | None = None
    scene: Sequence[Scene] = ()
    shows: Mapping[str, object] = field(default_factory=dict)
    content_type: str = "application/json"


def ok(shows: Mapping[str, object], *scene: Scene, status: int = 200) -> Expected:
    return Expected(status, None, scene, shows)


def refused(status: int, problem: str, *scene: Scene, shows: Mapping[str, object] | None = None) -> Expected:
    return Expected(status, problem, scene, shows or {})


def invalid(wrong: str, *scene: Scene) -> Expected:
    return refused(422, "invalid-request", *scene, shows={"errors.0.field": wrong})


NO_PRACTICE = refused(404, "practice-not-found", pending)
NO_REQUEST = refused(404, "request-not-found", pending)
STALE = refused(412, "revision-stale", pending, booked)
NO_REVISION = refused(428, "revision-required", pending)
UNVERIFIED = refused(401, "unauthenticated", booked)
MALFORMED = refused(400, "malformed-request", pending)

EXPECTED: Mapping[str, Expected] = {
    "accept_request/as_requested": ok(
        {"status": "accepted", "resolution": "as_requested", "accepted.chair_id": "chr_a", "mail": None}, pending
    ),
    "accept_request/with_edits": ok(
        {
            "resolution": "with_changes",
            "requested.start": "2026-07-15T15:00:00-07:00",
            "accepted.start": "2026-07-15T14:30:00-07:00",
            "accepted.chair_id": "chr_b",
            "mail": "queued",
            "revision": 2,
        },
        pending,
    ),
    "accept_request/with_offset": ok({"accepted.start": "2026-07-15T14:30:00-07:00"}, pending),
    "accept_request/possible_match": refused(
        409, "possible-match", pending, booked, shows={"matches.0.appointment.id": "A1", "matches.0.grade": "certain"}
    ),
    "accept_request/different_appointment": ok({"resolution": "as_requested"}, pending, booked),
    "accept_request/schedule_conflict": refused(
        409,
        "schedule-conflict",
        pending,
        taken,
        shows={
            "conflicts.0.code": "practitioner_busy",
            "conflicts.0.appointment_id": "B1",
            "openings.0.start": "2026-07-15T14:00:00-07:00",
            "openings.0.practitioner_id": "prov_a",
        },
    ),
    "accept_request/overridden": ok(
        {"decision.override_reason": "Dr Chen says she will make room", "resolution": "as_requested"}, pending, taken
    ),
    "accept_request/outside_hours": refused(
        409, "schedule-conflict", pending, shows={"conflicts.0.code": "practice_closed"}
    ),
    "accept_request/pms_cannot_create": refused(409, "pms-cannot-create"),
    "accept_request/stale_revision": STALE,
    "accept_request/without_revision": NO_REVISION,
    "accept_request/already_decided": refused(
        409, "already-decided", rejected, shows={"request_status": "rejected", "allowed_moves": ["reopen"]}
    ),
    "accept_request/unknown_request": NO_REQUEST,
    "accept_request/unknown_chair": invalid("chair_id", pending),
    "accept_request/past_start": invalid("start", pending),
    "accept_request/without_notify": invalid("notify", pending),
    "accept_request/unknown_field": invalid("room", pending),
    "accept_request/nobody_to_write_to": invalid("notify", pending_without_email),
    "accept_request/no_email_wanted": invalid("notify", pending_without_wanting_emails),
    "accept_request/of_another_practice": NO_PRACTICE,
    "accept_request/request_of_another_practice": NO_REQUEST,
    "correct_patient/corrected": ok(
        {
            "patient.first_name": "Janet",
            "patient.last_name": "Doe",
            "patient.email": "janet@example.com",
            "patient.phone": "+16045550142",
            "patient.phone_extension": "7",
            "patient.date_of_birth": "1990-04-02",
            "status": "pending",
            "revision": 2,
        },
        pending,
    ),
    "correct_patient/nothing_new": ok({"revision": 1}, pending),
    "correct_patient/cleared": ok({"patient.email": None, "patient.date_of_birth": None, "revision": 2}, pending),
    "correct_patient/nobody_to_reach": invalid("email", pending),
    "correct_patient/without_name": invalid("first_name", pending),
    "correct_patient/impossible_email": invalid("email", pending),
    "correct_patient/impossible_phone": invalid("phone", pending),
    "correct_patient/unborn": invalid("date_of_birth", pending),
    "correct_patient/unknown_field": invalid("may_email", pending),
    "correct_patient/after_acceptance": ok(
        {"patient.first_name": "Janet", "status": "accepted", "revision": 3}, accepted
    ),
    "correct_patient/stale_revision": refused(412, "revision-stale", pending),
    "correct_patient/without_revision": NO_REVISION,
    "correct_patient/unknown_request": NO_REQUEST,
    "correct_patient/of_another_practice": NO_PRACTICE,
    "dismiss_attention/cancelled_in_pms": ok(
        {"attention": None, "status": "accepted", "revision": 4}, cancelled_in_the_pms
    ),
    "dismiss_attention/stale_revision": refused(412, "revision-stale", cancelled_in_the_pms, shows={"revision": 3}),
    "dismiss_attention/nothing_to_see": refused(409, "move-not-allowed", pending),
    "dismiss_attention/without_revision": NO_REVISION,
    "dismiss_attention/of_another_practice": NO_PRACTICE,
    "mark_finding_handled/seen_to": ok(
        {
            "finding.misfits": 7,
            "handled_by": "staff:0d1f7b52-2f6c-4d0a-9f6a-5c9a2f0b7e11",
            "handled_by_name": "Robin Fraser",
        },
        moved_every_week,
    ),
    "mark_finding_handled/without_key": refused(400, "idempotency-key-required", moved_every_week),
    "mark_finding_handled/unknown": refused(404, "finding-not-found", moved_every_week),
    "mark_finding_handled/of_another_practice": NO_PRACTICE,
    "link_request/linked": ok(
        {
            "resolution": "linked",
            "accepted.start": "2026-07-16T09:00:00-07:00",
            "appointment_id": "A1",
            "mail": "queued",
            "pms_write": "not_required",
        },
        pending,
        booked,
    ),
    "link_request/on_dentrix": ok({"resolution": "linked", "practice_id": "prac_saint_laurent", "mail": None}),
    "link_request/appointment_taken": refused(409, "appointment-taken", pending, booked_for_another_request),
    "link_request/appointment_cancelled": refused(409, "appointment-cancelled", pending, called_off),
    "link_request/unknown_appointment": refused(404, "appointment-not-found", pending),
    "link_request/appointment_of_another_practice": refused(404, "appointment-not-found", pending),
    "link_request/stale_revision": STALE,
    "link_request/without_appointment": invalid("appointment_id", pending, booked),
    "list_findings/of_the_last_90_days": ok(
        {
            "from": "2026-04-03",
            "to": "2026-07-01",
            "requests": 9,
            "misfits": 7,
            "causes": {"slot_taken": 7},
            "items.0.text": "Tuesdays 15:00, Dr prov_a: 7 of 9 did not fit – time already taken; "
            "usually 30 min earlier.",
            "items.0.fix.text": "Block 15:00–15:30 for online booking there.",
            "items.0.usual_move_minutes": -30,
            "handled": [],
        },
        moved_every_week,
    ),
    "list_findings/of_a_week": ok({"misfits": 0, "items": []}, moved_every_week),
    "list_findings/backwards": invalid("to"),
    "list_findings/of_another_practice": NO_PRACTICE,
    "list_matches/booked": ok({"items.0.appointment.id": "A1", "items.0.grade": "certain"}, pending, booked),
    "list_matches/nobody_known": ok({"items": []}, pending),
    "list_matches/unknown_request": NO_REQUEST,
    "list_matches/of_another_practice": NO_PRACTICE,
    "list_nearest_openings/conflicts": ok(
        {
            "items.0.start": "2026-07-15T14:00:00-07:00",
            "items.0.practitioner_id": "prov_a",
            "items.1.start": "2026-07-15T16:00:00-07:00",
        },
        pending,
        taken,
    ),
    "list_nearest_openings/too_far": invalid("days", pending),
    "list_nearest_openings/unknown_request": NO_REQUEST,
    "list_nearest_openings/of_another_practice": NO_PRACTICE,
    "list_public_openings/a_day": ok({"items.0.start": "2026-07-15T08:00:00-07:00"}, taken),
    "list_public_openings/with_practitioner": ok(
        {"items.0.start": "2026-07-15T08:00:00-07:00", "items.0.practitioner_id": "prov_b"}, taken
    ),
    "list_public_openings/unknown_practitioner": invalid("practitioner_id"),
    "list_public_openings/in_the_past": ok({"items": []}),
    "list_public_openings/backwards": invalid("to"),
    "list_public_openings/unknown_service": invalid("service_id"),
    "list_public_openings/without_service": invalid("service_id"),
    "list_public_openings/unknown_practice": NO_PRACTICE,
    "notify_patient/moved_in_pms": ok(
        {"mail": "queued", "attention": None, "last_notification.start": "2026-07-16T09:00:00-07:00", "revision": 4},
        moved_in_the_pms,
    ),
    "notify_patient/nothing_to_tell": refused(409, "move-not-allowed", pending),
    "notify_patient/stale_revision": refused(412, "revision-stale", moved_in_the_pms, shows={"revision": 3}),
    "notify_patient/without_revision": NO_REVISION,
    "notify_patient/of_another_practice": NO_PRACTICE,
    "preview_email/moved": ok({"subject": "Your appointment at Harbour Dental is confirmed"}, pending),
    "preview_email/rejected": ok({"subject": "Your appointment request to Harbour Dental"}, pending),
    "preview_email/in_the_past": invalid("start", pending),
    "preview_email/without_kind": invalid("kind", pending),
    "preview_email/unknown_request": NO_REQUEST,
    "preview_email/of_another_practice": NO_PRACTICE,
    "list_requests/attention": ok(
        {"items.0.attention": "cancelled_in_pms", "items.0.attentions": ["cancelled_in_pms"]}, cancelled_in_the_pms
    ),
    "list_requests/attention_by_age": invalid(""),
    "list_reports/none_yet": ok({"items": []}),
    "list_reports/front_desk": refused(403, "forbidden"),
    "list_reports/of_another_practice": NO_PRACTICE,
    "list_requests/queue": ok(
        {"items.0.id": "req_019f1e9f8a80000000000000000a", "items.0.fit.verdict": "fits"}, pending
    ),
    "list_requests/everything": ok({"items.0.status": "accepted", "items.0.fit": None, "next_cursor": None}, accepted),
    "list_requests/by_age": ok({"items.0.patient.first_name": "Jane", "next_cursor": None}, pending),
    "list_requests/next_page": ok({"items.0.requested.start": "2026-07-16T15:00:00-07:00"}, three_waiting),
    "list_requests/other_source": ok({"items": []}, pending),
    "list_requests/behind_a_figure": ok({"items.0.resolution": "with_changes", "next_cursor": None}, accepted),
    "list_requests/unknown_column": invalid("counted_as", pending),
    "list_requests/malformed_cursor": MALFORMED,
    "list_requests/cursor_of_another_order": MALFORMED,
    "list_requests/too_many": invalid("limit", pending),
    "list_requests/unknown_filter": invalid("stauts", pending),
    "list_requests/unknown_status": invalid("status.0", pending),
    "list_requests/not_a_day": invalid("from", pending),
    "list_requests/of_another_practice": NO_PRACTICE,
    "pull_pms_writes/without_body": ok(
        {
            "writes.0.write_id": "write_019f1e9f8a80000000000000000c",
            "writes.0.kind": "create",
            "writes.0.appointment": {
                "id": "apt_019f1e9f8a80000000000000000c",
                "patient": {
                    "first_name": "Jane",
                    "last_name": "Doe",
                    "email": "jane@example.com",
                    "phone": "+16045550123",
                    "phone_extension": None,
                    "date_of_birth": "1990-04-02",
                },
                "start": "2026-07-15T14:30:00-07:00",
                "duration_minutes": 60,
                "practitioner_id": "prov_a",
                "chair_id": "chr_a",
                "service_id": "svc_checkup",
                "status": "booked",
                "write_id": "write_019f1e9f8a80000000000000000c",
            },
        },
        to_be_written,
    ),
    "pull_pms_writes/one": ok({"writes.0.appointment.status": "booked"}, to_be_written),
    "pull_pms_writes/too_many": invalid("limit", to_be_written),
    "pull_pms_writes/unknown_field": invalid("max", to_be_written),
    "pull_pms_writes/key_twice": refused(400, "malformed-request", to_be_written),
    "pull_pms_writes/unsigned": refused(401, "unauthenticated", to_be_written),
    "pull_pms_writes/signed_by_somebody_else": refused(401, "unauthenticated", to_be_written),
    "pull_pms_writes/unknown_agent": refused(401, "unauthenticated", to_be_written),
    "read_history/accepted": ok(
        {
            "items.0.action": "submit",
            "items.1.action": "accept",
            "items.1.before.status": "pending",
            "items.1.after.accepted.start": "2026-07-15T14:30:00-07:00",
        },
        accepted,
    ),
    "read_history/unknown_request": NO_REQUEST,
    "read_history/request_of_another_practice": NO_REQUEST,
    "read_history/of_another_practice": NO_PRACTICE,
    "read_practice/own": ok({"id": "prac_harbour", "pms.kind": "open_dental", "chairs.1.id": "chr_b"}),
    "read_practice/of_another_practice": NO_PRACTICE,
    "read_practice/unknown_practice": NO_PRACTICE,
    "read_practice/unknown_role": NO_PRACTICE,
    "read_public_practice/found": ok({"id": "prac_harbour", "services.0.duration_minutes": 60}),
    "read_public_practice/unknown_practice": NO_PRACTICE,
    "read_own_request/pending": ok({"status": "pending", "accepted": None, "practice.name": "Harbour Dental"}, pending),
    "read_own_request/accepted": ok({"accepted.start": "2026-07-15T14:30:00-07:00"}, accepted),
    "read_own_request/wrong_secret": NO_REQUEST,
    "read_own_request/not_a_token": NO_REQUEST,
    "read_own_request/unknown_practice": NO_REQUEST,
    "read_request/fits": ok({"fit.verdict": "fits", "fit.reasons": [], "revision": 1, "mail": None}, pending),
    "read_request/conflicts": ok(
        {"fit.verdict": "conflicts", "fit.reasons.0.appointment_id": "B1", "requested.practitioner_id": "prov_a"},
        pending,
        taken,
    ),
    "read_request/duplicate": ok(
        {
            "duplicate_of": "req_019f1e9f8a800000000000000009",
            "other_requests.0.id": "req_019f1e9f8a800000000000000009",
            "other_requests.0.same_as_this": True,
            "other_requests.0.start": "2026-07-15T15:00:00-07:00",
        },
        pending,
        asked_before,
    ),
    "read_request/accepted": ok({"fit": None, "status": "accepted", "pms_write": "queued"}, accepted),
    "read_request/unknown_request": NO_REQUEST,
    "read_request/request_of_another_practice": NO_REQUEST,
    "read_request/of_another_practice": NO_PRACTICE,
    "read_request/without_groups": NO_PRACTICE,
    "read_schedule/a_busy_day": ok(
        {
            "chairs.0.busy.0.appointment_id": "B1",
            "practitioners.0.busy.0.start": "2026-07-15T15:00:00-07:00",
            "appointments.0.id": "B1",
            "requests.0.fit.verdict": "conflicts",
        },
        pending,
        taken,
    ),
    "read_schedule/without_date": invalid("date"),
    "read_schedule/not_a_date": invalid("date"),
    "read_schedule/of_another_practice": NO_PRACTICE,
    "receive_pms_events/appointment": ok({"accepted": 1, "ignored": 0, "rejected": []}),
    "receive_pms_events/appointment_known_as_new": ok({"accepted": 1, "ignored": 0}, booked),
    "receive_pms_events/moves_a_linked_appointment": ok({"accepted": 1, "ignored": 0}, linked),
    "receive_pms_events/in_the_pms_words": ok({"accepted": 1, "rejected": []}),
    "receive_pms_events/deleted": ok({"accepted": 1}, booked),
    "receive_pms_events/practice_itself": ok({"accepted": 5, "ignored": 0, "rejected": []}),
    "receive_pms_events/some_cannot_be_read": ok(
        {
            "accepted": 1,
            "rejected.0.index": 1,
            "rejected.0.errors.0.field": "data.start",
            "rejected.1.errors.0.field": "type",
            "rejected.2.errors.0.field": "version",
        }
    ),
    "receive_pms_events/as_base64": ok({"accepted": 1}),
    "receive_pms_events/with_the_other_secret": ok({"accepted": 1}),
    "receive_pms_events/write_completed": ok({"accepted": 1, "rejected": []}, to_be_written),
    "receive_pms_events/write_failed": ok({"accepted": 1, "rejected": []}, to_be_written),
    "receive_pms_events/write_unknown": ok(
        {"accepted": 0, "rejected.0.errors.0.field": "data.write_id"}, to_be_written
    ),
    "receive_pms_events/written_appointment": ok({"accepted": 1, "rejected": []}, to_be_written),
    "receive_pms_events/unsigned": UNVERIFIED,
    "receive_pms_events/malformed_signature": UNVERIFIED,
    "receive_pms_events/signed_by_somebody_else": UNVERIFIED,
    "receive_pms_events/too_old": UNVERIFIED,
    "receive_pms_events/not_a_timestamp": UNVERIFIED,
    "receive_pms_events/unknown_agent": UNVERIFIED,
    "receive_pms_events/practice_for_an_agent": UNVERIFIED,
    "receive_pms_events/no_batch": invalid("events"),
    "receive_pms_events/empty_batch": invalid("events"),
    "receive_pms_events/too_many": invalid("events"),
    "receive_pms_events/key_twice": invalid("events"),
    "reject_request/no_opening": ok(
        {"status": "rejected", "decision.reason": "no_opening", "mail": "queued", "accepted": None}, pending
    ),
    "reject_request/spam": ok({"status": "rejected", "mail": None}, pending),
    "reject_request/unknown_reason": invalid("reason", pending),
    "reject_request/without_revision": NO_REVISION,
    "reject_request/already_decided": refused(409, "already-decided", accepted),
    "reject_request/key_twice": MALFORMED,
    "reject_request/of_another_practice": NO_PRACTICE,
    "reopen_request/accepted": ok(
        {"status": "pending", "accepted": None, "appointment_id": None, "revision": 3}, accepted
    ),
    "reopen_request/linked": ok({"status": "pending", "resolution": None}, linked),
    "reopen_request/rejected": ok({"status": "pending", "decision": None}, rejected),
    "reopen_request/confirmed": ok({"status": "pending", "mail": "queued", "mail_due_at": None}, confirmed),
    "reopen_request/confirmed_without_notify": ok({"status": "pending", "mail": None}, confirmed),
    "reopen_request/notify_is_no_boolean": refused(
        422, "invalid-request", confirmed, shows={"errors.0.field": "notify"}
    ),
    "reopen_request/stale_revision": refused(412, "revision-stale", accepted, shows={"revision": 2}),
    "reopen_request/still_pending": refused(
        409, "move-not-allowed", pending, shows={"request_status": "pending", "allowed_moves.0": "accept"}
    ),
    "reopen_request/of_another_practice": NO_PRACTICE,
    "read_conversion_report/by_source": ok(
        {
            "from": "2026-07-01",
            "totals.received": 1,
            "totals.accepted": 1,
            "totals.gross_conversion": 1.0,
            "groups.0.key": "website",
            "groups.0.figures.resolutions.with_changes": 1,
        },
        accepted,
    ),
    "read_conversion_report/by_weekday": ok({"groups.0.key": "3", "groups.0.name": "Wednesday"}, accepted),
    "read_conversion_report/as_csv": Expected(
        200, scene=(accepted,), content_type="text/csv; charset=utf-8; header=present"
    ),
    "read_conversion_report/quiet_month": ok(
        {"totals.received": 0, "totals.gross_conversion": None, "groups": []}, accepted
    ),
    "read_conversion_report/front_desk": refused(403, "forbidden", accepted),
    "read_conversion_report/backwards": invalid("to"),
    "read_conversion_report/without_days": invalid("from"),
    "read_conversion_report/unknown_group": invalid("group_by"),
    "read_conversion_report/of_another_practice": NO_PRACTICE,
    "submit_request/asked": ok({"status": "pending"}, status=201),
    "submit_request/by_phone_alone": ok({"status": "pending"}, status=201),
    "submit_request/without_email": ok({"status": "pending"}, status=201),
    "submit_request/as_base64": ok({"status": "pending"}, status=201),
    "submit_request/hidden_field_filled": ok({"status": "pending"}, status=201),
    "submit_request/above_the_limit": refused(429, "too-many-requests", with_a_limit_that_is_used_up),
    "submit_request/without_key": refused(400, "idempotency-key-required"),
    "submit_request/without_body": MALFORMED,
    "submit_request/not_json": MALFORMED,
    "submit_request/key_twice": MALFORMED,
    "submit_request/oversized": refused(413, "payload-too-large", shows={"limit": 16384}),
    "submit_request/unknown_field": invalid("favourite_colour"),
    "submit_request/wrong_type": invalid("requested.duration_minutes"),
    "submit_request/clocks_skip": invalid("requested.start"),
    "submit_request/clocks_repeat": invalid("requested.start"),
    "submit_request/past_start": invalid("requested.start"),
    "submit_request/impossible_phone": invalid("patient.phone"),
    "submit_request/nobody_to_answer": invalid("patient"),
    "submit_request/unknown_service": invalid("requested.service_id"),
    "submit_request/unknown_practice": NO_PRACTICE,
    "submit_request/agents_key_record": NO_PRACTICE,
    "update_practice_settings/settings": ok(
        {
            "language": "fr",
            "phone": "+16045550142",
            "pms.freshness.limit_minutes": 60,
            "pms.freshness.is_stale": True,
            "confirm_when": "written",
            "auto_link": True,
            "notify_moves_automatically": True,
            "decision_target_minutes": 240,
            "report_recipients.0": "owner@example.com",
            "name": "Harbour Dental",
        }
    ),
    "update_practice_settings/cleared": ok(
        {"pms.freshness.limit_minutes": None, "language": "en"}, with_a_freshness_limit
    ),
    "update_practice_settings/unknown_field": invalid("timezone"),
    "update_practice_settings/null_where_something_is_needed": invalid("language"),
    "update_practice_settings/impossible_phone": invalid("phone"),
    "update_practice_settings/front_desk": refused(403, "forbidden"),
    "update_practice_settings/of_another_practice": NO_PRACTICE,
    "watch_request/later": ok({"status": "pending", "watch.notify": True, "revision": 2}, pending),
    "watch_request/stale_revision": refused(412, "revision-stale", pending),
    "watch_request/without_notify": invalid("notify", pending),
    "watch_request/nobody_to_write_to": invalid("notify", pending_without_email),
    "watch_request/already_decided": refused(409, "already-decided", rejected),
    "watch_request/of_another_practice": NO_PRACTICE,
    "withdraw_request/pending": ok({"status": "cancelled"}, pending),
    "withdraw_request/already_accepted": refused(409, "already-decided", accepted),
    "withdraw_request/wrong_secret": NO_REQUEST,
}


def test_every_sample_event_has_an_expectation() -> None:
    assert sorted(EXPECTED) == sorted(OF_HTTP)


def test_every_function_has_sample_events() -> None:
    assert {name.split("/")[0] for name in EVENTS} == set(ROUTES) | OF_MAIL | OF_CLOCK | OF_HISTORY


@pytest.mark.parametrize("name", OF_HTTP)
def test_a_sample_event_has_the_route_of_its_function(name: str) -> None:
    event, route = _event(name), ROUTES[name.split("/", maxsplit=1)[0]]
    context = event["requestContext"]
    assert (event["httpMethod"], event["resource"]) == (route.method, route.path)
    assert (context["httpMethod"], context["resourcePath"]) == (route.method, route.path)
    assert event["path"] == route.path.format(**event["pathParameters"]) == context["path"].removeprefix("/v1")
    assert ("authorizer" in context) is not route.open


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_sample_event_is_answered_as_expected(moto_api: ApiHarness, name: str) -> None:
    event, expected = _event(name), EXPECTED[name]
    for set_scene in expected.scene:
        set_scene(moto_api)
    before = moto_api.stored_items()

    answer = moto_api.invoke(name.split("/", maxsplit=1)[0], event)

    if expected.problem:
        answer.assert_problem(expected.status, expected.problem)
    else:
        assert answer.status == expected.status, answer.text
        assert answer.headers["Content-Type"] == expected.content_type
    assert (moto_api.stored_items() == before) is (expected.problem is not None or event["httpMethod"] == "GET")
    assert {path: answer.part(path) for path in expected.shows} == expected.shows
    assert answer.headers["X-Correlation-Id"] == event["requestContext"]["requestId"]


def _event(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(EVENTS[name].read_text())
    return event
