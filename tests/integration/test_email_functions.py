"""The functions that send e-mails, run with all their sample events over moto's DynamoDB and SES."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.ses.models import ses_backends

from bookings.bootstrap import Application
from bookings.domain.outbox.email import Email, EmailStatus
from bookings.observability import logger
from bookings.storage.held_email_queue import SqsHeldEmailQueue
from bookings.storage.schema import OUTBOX, REQUESTS
from deploy.repository_paths import ROOT
from tests.support.dynamodb_engines import Engine
from tests.support.dynamodb_tables import create_tables, empty_table
from tests.support.email_builders import SENDER, a_practice, a_slot, an_accepted_request, an_email
from tests.support.email_harness import put_item
from tests.support.lambda_context import FakeLambdaContext

OUTBOX_ID = "mail_0198c1b2f3a40000000000000001"
REQUEST_ID = "req_0198c1b2f3a3000000000000000a"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=14)


def event(function: str, scenario: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "events" / function / f"{scenario}.json").read_text())
    return content


def load(function: str) -> ModuleType:
    """Import the function's module anew, as Lambda does."""
    spec = importlib.util.spec_from_file_location(f"{function}_app", ROOT / "functions" / function / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Stack:
    """Tables, SES and the functions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.application = Application(engine.settings)
        self.application.practices.save(a_practice())
        self._functions: dict[str, ModuleType] = {}

    def seed(self, **changes: Any) -> None:
        slot = a_slot(start=SOON.astimezone(a_practice().zone))
        database = self.engine.connect()
        put_item(database, an_accepted_request(id=REQUEST_ID, outbox_id=OUTBOX_ID, accepted=slot))
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
        put_item(database, an_email(outbox_id=OUTBOX_ID, request_id=REQUEST_ID, due_at=due).model_copy(update=changes))

    def run(self, function: str, event: dict[str, Any], *, milliseconds: int = 60_000) -> Any:
        if function not in self._functions:
            self._functions[function] = load(function)
        context = FakeLambdaContext(function, milliseconds=milliseconds)
        return self._functions[function].handler(event, context)

    def email(self) -> Email:
        email = self.application.emails.get(OUTBOX_ID)
        assert email
        return email

    def mail_status_of_request(self) -> str | None:
        request = self.application.bookings.load("prac_harbour", request_id=REQUEST_ID).request
        assert request
        return request.mail

    @property
    def sent(self) -> list[Any]:
        messages: list[Any] = ses_backends["123456789012"]["ca-central-1"].sent_messages
        return messages


@pytest.fixture(scope="module")
def whole_stack() -> Iterator[Stack]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
        tables = create_tables(boto3.client("dynamodb"))
        engine = Engine("moto", None, tables)
        for name, value in engine.environment.items():
            patch.setenv(name, value)
        yield Stack(engine)


@pytest.fixture
def stack(whole_stack: Stack) -> Iterator[Stack]:
    whole_stack.sent.clear()
    yield whole_stack
    for schema in (OUTBOX, REQUESTS):
        empty_table(boto3.client("dynamodb"), whole_stack.engine.tables[schema.table], *schema.names)


def metrics(printed: str) -> dict[str, list[float]]:
    lines = [json.loads(line) for line in printed.splitlines()]
    return {
        metric["Name"]: line[metric["Name"]]
        for line in lines
        if "_aws" in line
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    }


def logs(printed: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, printed.splitlines()) if "_aws" not in line]


class Stdout:
    """The current standard output; the logger would keep the one that it was created with."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """The logs and metrics printed so far."""
    (handler,) = logger.handlers
    monkeypatch.setattr(handler, "stream", Stdout())
    return lambda: capsys.readouterr().out


SENT = (EmailStatus.SENT, "sent", 1)
SKIPPED = (EmailStatus.PENDING, "queued", 0)


@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [
        ("new_email", SENT),
        ("same_email_twice", SENT),
        ("postponed_email", SENT),
        ("one_unknown_email_of_two", SENT),
        ("held_email_is_due", SENT),
        ("sent_email", SKIPPED),
        ("deleted_row", SKIPPED),
    ],
)
def test_send_email_handles_each_record(stack: Stack, scenario: str, outcome: tuple[Any, ...]) -> None:
    stack.seed()
    assert stack.run("send_email", event("send_email", scenario)) == {"batchItemFailures": []}
    assert (stack.email().status, stack.mail_status_of_request(), len(stack.sent)) == outcome


def test_the_patient_gets_text_html_and_calendar_file(stack: Stack) -> None:
    stack.seed()
    stack.run("send_email", event("send_email", "new_email"))
    (message,) = stack.sent
    assert set(message.destinations) == {"jane@example.com"}
    for kind in ("text/plain", "text/html", "text/calendar"):
        assert f"Content-Type: {kind}" in message.raw_data


def test_logs_and_metrics_have_the_outbox_id_and_no_personal_data(stack: Stack, printed: Callable[[], str]) -> None:
    stack.seed()
    stack.run("send_email", event("send_email", "new_email"))
    output = printed()
    (line,) = logs(output)
    assert (line["outbox_id"], line["step"], line["correlation_id"]) == (OUTBOX_ID, "sent", "call-1")
    assert metrics(output) == {"EmailsSent": [1.0]}
    assert not [word for word in ("jane", "Doe", "example.com", "tooth") if word in output]


def test_a_record_that_fails_is_returned_without_its_error_text(
    stack: Stack, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.seed()
    stack.run("send_email", event("send_email", "deleted_row"))
    module = stack._functions["send_email"]
    send = module.send_or_hold_email

    def fail_once(sender: Any, queue: Any, outbox_id: str, now: datetime) -> Any:
        if outbox_id != OUTBOX_ID:
            raise ValueError("jane@example.com")
        return send(sender, queue, outbox_id, now)

    monkeypatch.setattr(module, "send_or_hold_email", fail_once)
    both = event("send_email", "one_unknown_email_of_two")
    assert stack.run("send_email", both) == {"batchItemFailures": [{"itemIdentifier": "000000000000000000001"}]}
    assert len(stack.sent) == 1
    both["Records"].pop()
    with pytest.raises(Exception, match="All records failed") as failure:
        stack.run("send_email", both)
    assert "jane" not in printed() + str(failure.value)


def test_a_held_email_goes_through_the_queue(stack: Stack) -> None:
    """Each message has the delay that is left, and brings the e-mail back after that."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=60)
    stack.seed(held_until=until, due_at=until + timedelta(minutes=5))
    stack.run("send_email", event("send_email", "deleted_row"))
    module, sqs = stack._functions["send_email"], boto3.client("sqs")
    queue = SqsHeldEmailQueue(sqs.create_queue(QueueName="held-emails")["QueueUrl"])
    vars(module.APP)["held_emails"] = queue
    for scenario in ("new_held_email", "held_email_is_due"):
        assert stack.run("send_email", event("send_email", scenario)) == {"batchItemFailures": []}
    assert (stack.email().status, len(stack.sent)) == (EmailStatus.PENDING, 0)
    attributes = sqs.get_queue_attributes(QueueUrl=queue._url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])
    assert attributes["Attributes"] == {"ApproximateNumberOfMessagesDelayed": "2"}

    stack.seed()
    queue.enqueue(OUTBOX_ID, "call-1", timedelta())
    (message,) = sqs.receive_message(QueueUrl=queue._url)["Messages"]
    due = event("send_email", "held_email_is_due")
    due["Records"][0]["body"] = message["Body"]
    stack.run("send_email", due)
    assert (stack.email().status, len(stack.sent)) == (EmailStatus.SENT, 1)


def test_the_sweep_sends_due_emails_and_counts_them(stack: Stack, printed: Callable[[], str]) -> None:
    stack.seed(due_at=datetime(2026, 7, 1, 17, 5, tzinfo=UTC))
    stack.run("sweep_outbox", event("sweep_outbox", "scheduled"))
    assert (stack.email().status, len(stack.sent)) == (EmailStatus.SENT, 1)
    assert metrics(printed()) == {"EmailsSent": [1.0], "OutboxStuck": [1.0]}


def test_the_sweep_counts_zero_if_nothing_is_due(stack: Stack, printed: Callable[[], str]) -> None:
    stack.run("sweep_outbox", event("sweep_outbox", "scheduled"))
    output = printed()
    assert metrics(output) == {"OutboxStuck": [0.0]}
    (line,) = [json.loads(line) for line in output.splitlines() if "_aws" in line]
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]


def test_the_sweep_logs_an_email_without_ses_events(stack: Stack, printed: Callable[[], str]) -> None:
    long_ago = datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
    stack.seed(status=EmailStatus.UNKNOWN, attempt_id="try_1", attempts=1, due_at=long_ago)
    stack.run("sweep_outbox", event("sweep_outbox", "scheduled"))
    output = printed()
    assert metrics(output) == {"EmailsUnreported": [1.0], "OutboxStuck": [1.0]}
    lines = [json.loads(line) for line in output.splitlines() if '"unheard"' in line]
    assert [line["outbox_id"] for line in lines] == [OUTBOX_ID]
    assert not stack.sent


def test_a_sweep_without_time_still_counts_what_is_due(stack: Stack, printed: Callable[[], str]) -> None:
    stack.seed(due_at=datetime(2026, 7, 1, 17, 5, tzinfo=UTC))
    stack.run("sweep_outbox", event("sweep_outbox", "scheduled"), milliseconds=30_000)
    assert not stack.sent
    assert metrics(printed()) == {"OutboxStuck": [1.0]}


def test_an_email_that_crashes_fails_the_sweep_after_its_metrics(
    stack: Stack, printed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.run("sweep_outbox", event("sweep_outbox", "scheduled"))
    printed()
    stack.seed(due_at=datetime(2026, 7, 1, 17, 5, tzinfo=UTC))
    sender = stack._functions["sweep_outbox"].APP.email_sender

    def fail(*_: Any) -> None:
        raise ValueError("jane@example.com")

    monkeypatch.setattr(sender.transport, "send", fail)
    with pytest.raises(RuntimeError, match="1 e-mails could not be handled"):
        stack.run("sweep_outbox", event("sweep_outbox", "scheduled"))
    output = printed()
    assert metrics(output) == {"OutboxStuck": [1.0]}
    assert "jane" not in output


@pytest.mark.parametrize(
    ("scenario", "before", "after"),
    [
        ("sent", EmailStatus.UNKNOWN, (EmailStatus.SENT, "sent")),
        ("delivered", EmailStatus.UNKNOWN, (EmailStatus.DELIVERED, "sent")),
        ("complained", EmailStatus.UNKNOWN, (EmailStatus.DELIVERED, "sent")),
        ("bounced", EmailStatus.SENT, (EmailStatus.FAILED, "failed")),
        ("bounced", EmailStatus.DELIVERED, (EmailStatus.FAILED, "failed")),
        ("replied_automatically", EmailStatus.SENT, (EmailStatus.FAILED, "failed")),
        ("replied_automatically", EmailStatus.DELIVERED, (EmailStatus.DELIVERED, "queued")),
        ("rejected", EmailStatus.SENT, (EmailStatus.FAILED, "failed")),
        ("rendering_failed", EmailStatus.UNKNOWN, (EmailStatus.FAILED, "failed")),
        ("opened", EmailStatus.UNKNOWN, (EmailStatus.UNKNOWN, "queued")),
        ("without_an_email", EmailStatus.UNKNOWN, (EmailStatus.UNKNOWN, "queued")),
    ],
)
def test_record_email_event_handles_each_event(
    stack: Stack, scenario: str, before: EmailStatus, after: tuple[Any, ...]
) -> None:
    stack.seed(status=before, attempt_id="try_1", attempts=1)
    stack.run("record_email_event", event("record_email_event", scenario))
    assert (stack.email().status, stack.mail_status_of_request()) == after


@pytest.mark.parametrize("function", ["send_email", "sweep_outbox", "record_email_event"])
def test_every_sample_event_is_run(function: str) -> None:
    source = Path(__file__).read_text()
    for scenario in (ROOT / "events" / function).glob("*.json"):
        assert f'"{scenario.stem}"' in source, scenario
