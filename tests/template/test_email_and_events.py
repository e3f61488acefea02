"""Streams, schedules, SES events and the failure queue lose nothing silently."""

import json
from typing import Any

import pytest

from bookings.domain.insights.misfit_cause import CLASSIFIED_MOVES
from bookings.domain.outbox.email_delivery import EMAIL_LEASE
from bookings.domain.reporting.scheduled_report import REPORT_LEASE
from tests.support.sam_template import SamTemplate, references

FAILURE_QUEUE = {"Fn::GetAtt": ["FailureQueue", "Arn"]}
MAPPING = "AWS::Lambda::EventSourceMapping"
STREAMS = ["OutboxMapping", "HistoryMapping"]
ASYNCHRONOUS = ("Schedule", "ScheduleV2", "EventBridgeRule", "CloudWatchEvent", "SNS", "S3")


def _mapping(template: SamTemplate) -> dict[str, Any]:
    return dict(template.properties(MAPPING)["OutboxMapping"])


def test_the_outbox_stream_triggers_send_email(template: SamTemplate) -> None:
    assert _mapping(template)["EventSourceArn"] == {"Fn::GetAtt": ["OutboxTable", "StreamArn"]}
    assert _mapping(template)["FunctionName"] == {"Ref": "SendEmailFunction"}


def test_the_history_stream_triggers_classify_misfits_for_decisions(template: SamTemplate) -> None:
    mapping = template.properties(MAPPING)["HistoryMapping"]
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": ["HistoryTable", "StreamArn"]}
    assert mapping["FunctionName"] == {"Ref": "ClassifyMisfitsFunction"}
    (filtered,) = mapping["FilterCriteria"]["Filters"]
    pattern = json.loads(filtered["Pattern"])
    assert set(pattern["dynamodb"]["NewImage"]["action"]["S"]) == set(CLASSIFIED_MOVES)


@pytest.mark.parametrize("mapping", STREAMS)
def test_a_stream_is_read_from_its_beginning_in_small_batches(template: SamTemplate, mapping: str) -> None:
    found = template.properties(MAPPING)[mapping]
    assert found["StartingPosition"] == "TRIM_HORIZON", "LATEST forgets what came before the first poll"
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"], "one bad record fails alone"
    assert found["BisectBatchOnFunctionError"] is True, "a batch that kills the function is halved"
    assert 1 <= found["MaximumRetryAttempts"] <= 10
    assert 60 <= found["MaximumRecordAgeInSeconds"] <= 86_400, "no record holds up its shard for long"
    assert found["DestinationConfig"] == {"OnFailure": {"Destination": FAILURE_QUEUE}}


def test_send_email_may_read_the_stream_and_report_failures(template: SamTemplate) -> None:
    (function,) = [each for each in template.functions if each.name == "SendEmailFunction"]
    reading = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
    assert {f"dynamodb:{action}" for action in reading} <= function.actions_on("OutboxTable")
    assert function.actions_on("FailureQueue") == {"sqs:SendMessage"}


def test_every_asynchronous_function_has_a_failure_destination(template: SamTemplate) -> None:
    asynchronous = [function for function in template.functions if function.events(*ASYNCHRONOUS)]
    assert {function.name for function in asynchronous} == {
        "SweepOutboxFunction", "RecordEmailEventFunction", "ExpireRequestsFunction", "FlagOverdueRequestsFunction",
        "FlagMissingPmsEvidenceFunction", "AuditTalliesFunction", "AuditDaySheetsFunction", "FindSilentAgentsFunction",
        "EnqueueDueReportsFunction", "TimeOutPmsWritesFunction", "RecheckWatchedRequestsFunction",
        "NotifyOfMovesFunction",
    }  # fmt: skip
    for function in asynchronous:
        config = function.properties["EventInvokeConfig"]
        assert config["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": FAILURE_QUEUE}, function.name
        assert config["MaximumRetryAttempts"] <= 2, function.name
        assert config["MaximumEventAgeInSeconds"] <= 21_600, function.name
        for event in function.events(*ASYNCHRONOUS):
            assert event["Properties"]["DeadLetterConfig"] == {"Arn": FAILURE_QUEUE}, function.name


def test_every_event_source_is_of_a_known_kind(template: SamTemplate) -> None:
    for function in template.functions:
        assert len(function.events("Api", *ASYNCHRONOUS)) == len(function.properties.get("Events", {})), function.name


def test_the_failure_queue_is_encrypted_and_keeps_messages_two_weeks(template: SamTemplate) -> None:
    queue = template.properties("AWS::SQS::Queue")["FailureQueue"]
    assert queue["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 14 * 86_400


def test_only_our_event_rules_may_send_to_the_failure_queue(template: SamTemplate) -> None:
    (policy,) = template.properties("AWS::SQS::QueuePolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":rule/${AWS::StackName}-*")


@pytest.mark.parametrize("sweep", ["SweepOutboxFunction", "TimeOutPmsWritesFunction"])
def test_a_sweep_runs_every_five_minutes(template: SamTemplate, sweep: str) -> None:
    (function,) = [each for each in template.functions if each.name == sweep]
    assert [event["Properties"]["Schedule"] for event in function.events("Schedule")] == ["rate(5 minutes)"]


def test_ses_events_are_sent_to_record_email_event(template: SamTemplate) -> None:
    (destination,) = template.properties("AWS::SES::ConfigurationSetEventDestination").values()
    event = destination["EventDestination"]
    assert {"send", "delivery", "bounce", "complaint", "reject"} <= set(event["MatchingEventTypes"])
    assert event["Enabled"] is True
    assert "EventBridgeDestination" in event
    (function,) = [each for each in template.functions if each.name == "RecordEmailEventFunction"]
    (rule,) = function.events("EventBridgeRule")
    pattern = rule["Properties"]["Pattern"]
    assert pattern["source"] == ["aws.ses"]
    assert references(pattern) == {("ConfigurationSet", "")}


def test_the_sender_address_is_an_identity_of_the_stack(template: SamTemplate) -> None:
    (identity,) = template.properties("AWS::SES::EmailIdentity").values()
    assert identity["EmailIdentity"] == {"Ref": "EmailSender"}


def test_emails_are_sent_over_tls(template: SamTemplate) -> None:
    (configuration,) = template.properties("AWS::SES::ConfigurationSet").values()
    assert configuration["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}


@pytest.mark.parametrize("sender", ["SendEmailFunction", "SweepOutboxFunction"])
def test_a_senders_timeout_is_shorter_than_its_lease(template: SamTemplate, sender: str) -> None:
    timeout = template.properties("AWS::Serverless::Function")[sender]["Timeout"]
    assert timeout < EMAIL_LEASE.total_seconds(), "otherwise the sweep would mark an e-mail that is being sent"


def test_a_held_email_is_visible_again_after_the_senders_timeout(template: SamTemplate) -> None:
    sender = template.properties("AWS::Serverless::Function")["SendEmailFunction"]
    queue = template.properties("AWS::SQS::Queue")["HeldEmailQueue"]
    assert queue["VisibilityTimeout"] >= 6 * sender["Timeout"], "as AWS advises"
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["FailureQueue", "Arn"]}


def test_a_report_lease_expires_before_its_message_is_visible_again(template: SamTemplate) -> None:
    builder = next(each for each in template.functions if each.name == "BuildReportFunction")
    hidden = template.properties("AWS::SQS::Queue")["ReportQueue"]["VisibilityTimeout"]
    assert builder.properties["Timeout"] < REPORT_LEASE.total_seconds() < hidden
    assert hidden >= 6 * builder.properties["Timeout"], "as AWS advises"
