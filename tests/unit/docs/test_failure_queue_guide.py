"""The commands of "Empty the failure queue" work for each kind of message."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.repository_paths import ROOT

GUIDE = (ROOT / "docs/how-to/empty-the-failure-queue.md").read_text()
TAKE, SETTLE, ASK, CLASS, CLASS_LATER, DELETE = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)

AWS = """#!/bin/sh
echo "$@" >> calls
case "$*" in
  *describe-stack-resource*) echo "the-$6" ;;
  *receive-message*) cat queue.json ;;
  *get-shard-iterator*) echo "an-iterator" ;;
  *get-records*) cat stream.json ;;
  *scan*) cat history.json ;;
  *send-message*) cp body.json sent.json ;;
  *invoke*) cp event.json given.json ;;
esac
"""
"""A fake AWS CLI for these commands."""

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="the lines use jq")


def _event(function: str, scenario: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "events" / function / f"{scenario}.json").read_text())
    return found


BOUNCED = _event("record_email_event", "bounced")
DECIDED = _event("classify_misfits", "rejected")
SCHEDULED = _event("sweep_outbox", "scheduled")
WANTED = json.loads(_event("build_report", "wanted")["Records"][0]["body"])


def _given_up_by_lambda(event: dict[str, Any]) -> dict[str, Any]:
    """What Lambda sends to the failure destination of an asynchronous call: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html."""
    context = {"requestId": "r", "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    return {"version": "1.0", "requestContext": context, "requestPayload": event, "responsePayload": {}}


def _given_up_of_stream(table: str) -> dict[str, Any]:
    """What Lambda sends for a batch of a stream: its position, without the records."""
    stream = f"arn:aws:dynamodb:ca-central-1:123456789012:table/chairlink-{table}-1X/stream/2026-07-01T00:00:00.000"
    batch = {"shardId": "shardId-1", "startSequenceNumber": "800", "endSequenceNumber": "900", "streamArn": stream}
    return {"requestContext": {"condition": "RetryAttemptsExhausted"}, "version": "1.0", "DDBStreamBatchInfo": batch}


@dataclass(frozen=True)
class Shell:
    """A folder in which the commands run."""

    folder: Path

    def run(self, *blocks: str) -> str:
        """The output of the commands."""
        path = f"{self.folder}:/usr/bin:/bin:{Path(shutil.which('jq') or '').parent}"
        source = "\n".join(blocks)
        done = subprocess.run(
            ["bash", "-eu"],
            cwd=self.folder,
            env={"PATH": path},
            input=source,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text())

    def calls(self) -> str:
        return (self.folder / "calls").read_text()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "aws").write_text(AWS)
    (tmp_path / "aws").chmod(0o755)
    return Shell(tmp_path)


def _holding(shell: Shell, message: dict[str, Any]) -> Shell:
    queue = {"Messages": [{"MessageId": "m", "ReceiptHandle": "its-handle", "Body": json.dumps(message)}]}
    (shell.folder / "queue.json").write_text(json.dumps(queue))
    return shell


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (_given_up_of_stream("OutboxTable"), "outbox-stream"),
        (_given_up_of_stream("HistoryTable"), "history-stream"),
        (_given_up_by_lambda(BOUNCED), "ses-event"),
        (BOUNCED, "ses-event"),
        (WANTED, "report-request"),
        ({"outbox_id": "mail_1", "correlation_id": "call-1"}, "held-email"),
        (_given_up_by_lambda(SCHEDULED), "schedule"),
        (SCHEDULED, "schedule"),
        ({"hello": "there"}, "other"),
    ],
)
def test_the_kind_of_every_message_is_recognised(shell: Shell, message: dict[str, Any], kind: str) -> None:
    assert _holding(shell, message).run(TAKE) == kind
    assert f"`{kind}`" in GUIDE


def test_an_empty_queue_prints_nothing(shell: Shell) -> None:
    (shell.folder / "queue.json").write_text("")
    assert shell.run(TAKE) == ""


@pytest.mark.parametrize("message", [BOUNCED, _given_up_by_lambda(BOUNCED)])
def test_an_ses_event_is_sent_to_record_email_event_again(shell: Shell, message: dict[str, Any]) -> None:
    _holding(shell, message).run(TAKE, SETTLE)
    assert shell.read("given.json") == BOUNCED
    assert "invoke --function-name the-RecordEmailEventFunction" in shell.calls()


def test_a_report_is_enqueued_again(shell: Shell) -> None:
    _holding(shell, WANTED).run(TAKE, ASK)
    assert shell.read("sent.json") == WANTED
    assert "send-message --queue-url the-ReportQueue" in shell.calls()


def test_decisions_are_classified_again_from_the_stream(shell: Shell) -> None:
    (shell.folder / "stream.json").write_text(json.dumps(DECIDED))
    _holding(shell, _given_up_of_stream("HistoryTable")).run(TAKE, CLASS)
    assert shell.read("given.json") == DECIDED
    assert "--shard-id shardId-1 --sequence-number 800" in shell.calls()
    assert "invoke --function-name the-ClassifyMisfitsFunction" in shell.calls()


def test_decisions_older_than_the_stream_are_classified_from_history(shell: Shell) -> None:
    (record,) = DECIDED["Records"]
    (shell.folder / "history.json").write_text(json.dumps({"Items": [record["dynamodb"]["NewImage"]]}))
    _holding(shell, _given_up_of_stream("HistoryTable")).run(TAKE, CLASS_LATER)
    (given,) = shell.read("given.json")["Records"]
    assert given["eventName"] == "INSERT"
    assert given["dynamodb"]["NewImage"] == record["dynamodb"]["NewImage"]
    assert "scan --table-name the-HistoryTable" in shell.calls()


def test_one_message_and_its_local_files_are_deleted(shell: Shell) -> None:
    _holding(shell, BOUNCED).run(TAKE, SETTLE, DELETE)
    assert "delete-message --queue-url the-FailureQueue --receipt-handle its-handle" in shell.calls()
    assert {each.name for each in shell.folder.iterdir()} == {"aws", "calls", "queue.json", "given.json"}


def test_no_document_purges_the_queue() -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert "purge-queue" not in page.read_text(), page
