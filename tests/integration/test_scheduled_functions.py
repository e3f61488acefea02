"""The scheduled functions, each with its sample event, over moto."""

import importlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from pynamodb.expressions.operand import Path

from bookings.bootstrap import Application
from bookings.domain.change_set import ChangeSet, Edit, revise
from bookings.domain.decisions.accept import accept
from bookings.domain.decisions.commands import Watching
from bookings.domain.decisions.watch import watch
from bookings.domain.outbox.email import EmailKind
from bookings.domain.practice.agent import SILENCE_LIMIT
from bookings.domain.reporting.quality_flags import PMS_EVIDENCE_DEADLINE
from bookings.domain.reporting.tally import cohort
from bookings.domain.requests.attention import Attention
from bookings.domain.requests.last_notification import LastNotification
from bookings.domain.requests.request import Request, Resolution, Status
from bookings.storage.codec import encode_item
from bookings.storage.dynamodb import PutItem, UpdateItem
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.items import busy_attribute, cohort_item_key
from bookings.storage.items import sheet_item_key as sheet_place
from bookings.storage.report_files import S3ReportFiles
from bookings.storage.report_queue import SqsReportQueue
from bookings.storage.schema import PRACTICES, Table
from deploy.repository_paths import ROOT
from tests.support.api_harness import ApiHarness, frozen_clock
from tests.support.builders import NOW, a_request, a_slot, a_stamp, an_acceptance, an_agent, an_appointment, sheet_key
from tests.support.lambda_context import FakeLambdaContext
from tests.support.scenarios import HARBOUR
from tests.support.seeding import submit_requests

Run = Callable[..., None]
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def run(moto_api: ApiHarness) -> Iterator[Run]:
    """Runs a function as the schedule does, two hours after NOW."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bookings.entrypoints.schedule.datetime", frozen_clock(LATER))
        application = Application(moto_api.engine.settings)

        def run(function: str, milliseconds: int = 60_000, **parts: object) -> None:
            app: Any = importlib.import_module(f"functions.{function}.app")
            vars(application).update(parts)
            patch.setattr(app, "APP", application)
            patch.setattr(app, "datetime", frozen_clock(LATER), raising=False)
            (event,) = (json.loads(path.read_text()) for path in ROOT.glob(f"events/{function}/*.json"))
            app.handler(event, FakeLambdaContext(function, milliseconds=milliseconds))

        yield run


def submit(api: ApiHarness, **fields: Any) -> Request:
    request = a_request(**{"practice_id": HARBOUR.id, "requested": a_slot("2026-07-01T11:00"), **fields})
    submit_requests(api.application.bookings, request)
    return request


def metrics(printed: str) -> Counter[str]:
    lines = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    counted: Counter[str] = Counter()
    for line in lines:
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            counted[metric["Name"]] += sum(line[metric["Name"]])
    return counted


def test_expire_requests_expires_past_requests_once(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    request = submit(moto_api)
    run("expire_requests")
    found = moto_api.application.bookings.load(HARBOUR.id, request_id=request.id).request
    assert found
    assert (found.status, found.decision and found.decision.by) == (Status.EXPIRED, "clock")
    assert metrics(capsys.readouterr().out) == {"RequestsExpired": 1}
    assert moto_api.stored_items()[Table.OUTBOX] == []


def test_flag_overdue_requests_sends_one_email(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {"front_desk_recipients": ("desk@harbour.example",), "decision_target_minutes": 60}
    moto_api.application.practices.update_settings(HARBOUR.id, changes)
    submit(moto_api, answer_by=LATER)
    submit(moto_api, answer_by=LATER + timedelta(minutes=1))
    run("flag_overdue_requests")
    run("flag_overdue_requests")
    (outbox_id,) = DynamoEmailRepository(moto_api.engine.connect()).due(LATER + timedelta(hours=1), 10)
    email = DynamoEmailRepository(moto_api.engine.connect()).get(outbox_id)
    assert email
    assert (email.kind, email.overdue and len(email.overdue.waiting)) == (EmailKind.OVERDUE, 1)
    assert metrics(capsys.readouterr().out) == {"RequestsOverdue": 1}


def test_flag_missing_pms_evidence_flags_once(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    bookings = moto_api.application.bookings
    request = submit(moto_api)
    long_ago = a_stamp(at=LATER - PMS_EVIDENCE_DEADLINE)
    accepted = accept(HARBOUR, request, request.requested, an_acceptance(), {}, long_ago).request_after
    lost = revise(accepted, pms_write="timed_out", pms_evidence="awaited").after
    bookings.commit(ChangeSet(long_ago, "write_timed_out", request=Edit(request, lost)))
    run("flag_missing_pms_evidence")
    run("flag_missing_pms_evidence")
    day = cohort(request).day
    (tally,) = bookings.tallies(HARBOUR.id, day, day)
    assert tally.counts["guardrail_no_pms_evidence"] == 1
    assert metrics(capsys.readouterr().out) == {"RequestsWithoutPmsEvidence": 1}


def test_recheck_watched_requests_links_a_missed_match_once(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """The event's function read the watches before this one was set and stored the event after it."""
    bookings = moto_api.application.bookings
    request = submit(moto_api, requested=a_slot("2026-07-15T11:00"))
    bookings.commit(watch(request, Watching(notify=True), a_stamp()))
    appointment = an_appointment(practice_id=HARBOUR.id, made_at=NOW)
    bookings.commit(ChangeSet(a_stamp("agent"), "pms_changed", appointment=Edit(None, appointment)))
    run("recheck_watched_requests")
    run("recheck_watched_requests")
    linked = bookings.load(HARBOUR.id, request_id=request.id).request
    assert linked
    assert (linked.resolution, linked.appointment_id) == (Resolution.AUTO_LINKED, appointment.id)
    assert linked.decision
    assert linked.decision.by == "clock"
    assert len(moto_api.stored_items()[Table.OUTBOX]) == 1
    assert metrics(capsys.readouterr().out) == {"MatchesMissed": 1}


def test_notify_of_moves_tells_the_patient_once(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    moto_api.application.practices.update_settings(HARBOUR.id, {"notify_moves_automatically": True})
    slot = a_slot("2026-07-15T09:00")
    told = LastNotification(outbox_id="mail_1", kind="confirmation", at=NOW, slot=slot, status="sent")
    moved = submit(
        moto_api,
        status=Status.ACCEPTED,
        accepted=a_slot("2026-07-15T16:00"),
        appointment_id="A1",
        last_notification=told,
        attentions=(Attention.MOVED_IN_PMS,),
        notice_due_at=LATER,
    )
    run("notify_of_moves")
    run("notify_of_moves")
    found = moto_api.application.bookings.load(HARBOUR.id, request_id=moved.id).request
    assert found
    assert (found.mail, found.attentions) == ("queued", ())
    assert len(moto_api.stored_items()[Table.OUTBOX]) == 1
    assert metrics(capsys.readouterr().out) == {"PatientsNotifiedOfMoves": 1}


def test_audit_tallies_corrects_a_wrong_tally(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    request = submit(moto_api)
    run("audit_tallies")
    assert metrics(capsys.readouterr().out) == {"TalliesDiffer": 0}
    day = cohort(request).day
    (tally,) = moto_api.application.bookings.tallies(HARBOUR.id, day, day)
    spoil = UpdateItem(cohort_item_key(HARBOUR.id, tally.cohort), [Path("received").add(2)])
    moto_api.engine.connect().write([spoil])
    run("audit_tallies")
    assert metrics(capsys.readouterr().out) == {"TalliesDiffer": 1}
    assert moto_api.application.bookings.tallies(HARBOUR.id, day, day) == [tally]
    run("audit_tallies")
    assert metrics(capsys.readouterr().out) == {"TalliesDiffer": 0}


def test_find_silent_agents_logs_and_counts_them(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    practices, agent = moto_api.application.practices, an_agent(HARBOUR)
    practices.record_agent_activity(agent, LATER - SILENCE_LIMIT + timedelta(seconds=1), heartbeat=True, events=False)
    run("find_silent_agents")
    assert metrics(capsys.readouterr().out) == {"SilentAgents": 0}

    practices.record_agent_activity(agent, LATER - SILENCE_LIMIT, heartbeat=True, events=False)
    run("find_silent_agents")
    assert metrics(capsys.readouterr().out) == {"SilentAgents": 1}
    assert [vars(record)["agent_id"] for record in caplog.records] == [agent.id]


def test_audit_day_sheets_repairs_a_wrong_sheet(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    appointment = an_appointment(practice_id=HARBOUR.id)
    change = ChangeSet(stamp=a_stamp("agent"), action="x", appointment=Edit(None, appointment))
    moto_api.application.bookings.commit(change)
    run("audit_day_sheets")
    assert metrics(capsys.readouterr().out) == {"DaySheetsDiffer": 0}

    place = sheet_place(HARBOUR.id, sheet_key("2026-07-16", "chair", "chr_b"))
    off = UpdateItem(place, [Path([busy_attribute(appointment.id)]).remove()])
    moto_api.engine.connect().write([off])
    run("audit_day_sheets")
    assert metrics(capsys.readouterr().out) == {"DaySheetsDiffer": 1}
    run("audit_day_sheets")  # the end of the directory: the next run starts over
    run("audit_day_sheets")
    assert metrics(capsys.readouterr().out) == {"DaySheetsDiffer": 0}


@pytest.mark.parametrize(
    ("function", "metric"), [("audit_tallies", "TalliesDiffer"), ("audit_day_sheets", "DaySheetsDiffer")]
)
def test_an_audit_logs_an_unreadable_practice_and_audits_the_others(
    moto_api: ApiHarness,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    function: str,
    metric: str,
) -> None:
    spoilt = {"practice_id": "prac_0", "item_id": "practice", "directory": "prac_all", "timezone": "Ada's own"}
    moto_api.engine.connect().write([PutItem(PRACTICES, encode_item(spoilt))])
    with pytest.raises(RuntimeError, match="1 practices"):
        run(function)
    (failure,) = [vars(one) for one in caplog.records if one.message == "practice not audited"]
    assert (failure["practice_id"], failure["error"]) == ("prac_0", "KeyError")
    assert "Ada" not in caplog.text
    (summary,) = [vars(one) for one in caplog.records if one.message == "audit finished"]
    assert summary["practices"] == 3
    assert metrics(capsys.readouterr().out) == {metric: 0}


def test_enqueue_due_reports_enqueues_each_report_once(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two practices, in Vancouver and Toronto, each with reports about 30 June and June."""
    sqs = boto3.client("sqs")
    queue = SqsReportQueue(sqs.create_queue(QueueName="reports")["QueueUrl"])
    run("enqueue_due_reports", report_queue=queue)
    run("enqueue_due_reports", report_queue=queue)
    assert metrics(capsys.readouterr().out) == {"ReportsPlanned": 4}
    messages = sqs.receive_message(QueueUrl=queue._url, MaxNumberOfMessages=10)["Messages"]
    wanted = [json.loads(message["Body"]) for message in messages]
    assert {one["period"]["cadence"] for one in wanted if one["practice_id"] == HARBOUR.id} == {"daily", "monthly"}


def test_build_report_stores_files_and_queues_one_email(
    moto_api: ApiHarness, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files in the bucket, one e-mail, links in the list; a second message does nothing."""
    moto_api.application.practices.update_settings(HARBOUR.id, {"report_recipients": ("boss@harbour.example",)})
    submit(moto_api)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    for _ in range(2):
        run("build_report", report_files=S3ReportFiles("reports"))
    assert metrics(capsys.readouterr().out) == {"ReportsBuilt": 1}
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="reports")["Contents"]]
    folder = f"{HARBOUR.id}/2026-07-01-daily/online-scheduling"
    assert keys == [f"{folder}.csv", f"{folder}.html", f"{folder}.json"]
    page = s3.get_object(Bucket="reports", Key=f"{folder}.html")["Body"].read().decode()
    assert "0 of 1 requests became appointments." in page
    assert not re.search(r"(?:src|href)=.http|@import|url\(http", page), "it loads nothing from elsewhere"
    assert len(moto_api.stored_items()[Table.OUTBOX]) == 1
    monkeypatch.setitem(vars(moto_api.application), "report_files", S3ReportFiles("reports"))
    (listed,) = moto_api.call("list_reports", HARBOUR.id, role="manager").part("items")
    assert (listed["id"], listed["headline"]["received"]) == ("2026-07-01-daily", 1)
    assert all("X-Amz-Expires=900" in link for link in listed["links"].values())
