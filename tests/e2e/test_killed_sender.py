"""Story 7: the deployed `send_email` is killed between claim and mark."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.actors import Json, Patient, eventually, next_15_july
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


@dataclass
class Row:
    """An e-mail's item in the deployed Outbox table, which no caller of the API can read."""

    stage: Stage
    request_id: str

    def __post_init__(self) -> None:
        self.table = self.stage.stack.name_of("OutboxTable")
        self.dynamodb: Any = self.stage.stack.aws("dynamodb")

    def read(self) -> Json:
        """The stored item."""
        of_request = {
            "FilterExpression": "request_id = :id",
            "ExpressionAttributeValues": {":id": {"S": self.request_id}},
        }
        (row,) = self.dynamodb.scan(TableName=self.table, ConsistentRead=True, **of_request)["Items"]
        found: Json = row
        return found

    def let_the_lease_lapse(self) -> None:
        """Let three minutes pass."""
        self.dynamodb.update_item(
            TableName=self.table,
            Key={"outbox_id": self.read()["outbox_id"]},
            UpdateExpression="SET due_at = :past",
            ExpressionAttributeValues={":past": {"S": "2026-01-01T00:00:00+00:00"}},
        )


def test_after_a_kill_an_email_is_unknown_until_ses_reports(
    stage: Stage,
) -> None:
    practice = stage.harbour
    desk, patient = stage.front_desk(practice), stage.patient(practice, part="unheard")
    asked = patient.submit(f"{next_15_july()}T11:00:00")
    row = Row(stage, asked["id"])
    assert desk.decide("accept", asked["id"], {"notify": True}).status_code == 200

    stage.only_email_to(patient.email)  # SES has accepted it and sends no event
    assert row.read()["status"] == {"S": "sending"}, "claimed"
    assert stage.stack.kill("SendEmailFunction") >= 1

    _wait_for_a_later_email(stage)  # the stream continues with a new process after the repeated record
    stage.sweep()
    assert desk.request(asked["id"])["mail"] == "queued", "during the lease its sender may still be alive"
    row.let_the_lease_lapse()
    stage.sweep()
    assert desk.request(asked["id"])["mail"] == "unknown"

    stage.sweep()
    _wait_for_a_later_email(stage)
    assert len(stage.emails_to(patient.email)) == 1, "never a second one"
    assert row.read()["attempts"] == {"N": "1"}

    _ses_reports(stage, row, "Delivery")
    settled = eventually(lambda: desk.request(asked["id"])["mail"] != "unknown", "settling")
    assert settled
    assert desk.request(asked["id"])["mail"] == "sent"


def _wait_for_a_later_email(stage: Stage) -> Patient:
    """A later e-mail has arrived, so an earlier one would have arrived too."""
    patient, desk = stage.patient(stage.harbour), stage.front_desk(stage.harbour)
    asked = patient.submit(f"{next_15_july()}T12:00:00")
    answer = desk.decide("reject", asked["id"], {"reason": "no_opening", "notify": True})
    assert answer.status_code == 200, answer.text
    stage.only_email_to(patient.email)
    return patient


def _ses_reports(stage: Stage, row: Row, event_type: str) -> None:
    """The event of SES on EventBridge, with the outbox id in the message's tag."""
    mail = {"messageId": "ses-1", "tags": {"outbox_id": [row.read()["outbox_id"]["S"]]}}
    event = {"source": "aws.ses", "detail-type": "Email Delivered", "detail": {"eventType": event_type, "mail": mail}}
    function = stage.stack.name_of("RecordEmailEventFunction")
    answer = stage.stack.aws("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    assert "FunctionError" not in answer
