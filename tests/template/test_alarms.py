"""Alarms and their recipients."""

from typing import Any

import pytest

from tests.support.sam_template import SamTemplate

ALARM = "AWS::CloudWatch::Alarm"
WATCHED = [
    ("AWS/ApiGateway", "5XXError", {"ApiName": {"Ref": "AWS::StackName"}, "Stage": "v1"}),
    ("AWS/Lambda", "Throttles", {}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "SendEmailFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "ClassifyMisfitsFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "SweepOutboxFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "RecordEmailEventFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "ExpireRequestsFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "FlagOverdueRequestsFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "FlagMissingPmsEvidenceFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "RecheckWatchedRequestsFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "NotifyOfMovesFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "AuditTalliesFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "AuditDaySheetsFunction"}}),
    ("Chairlink", "DaySheetsDiffer", {"service": {"Ref": "AWS::StackName"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "FindSilentAgentsFunction"}}),
    ("Chairlink", "SilentAgents", {"service": {"Ref": "AWS::StackName"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "EnqueueDueReportsFunction"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "BuildReportFunction"}}),
    ("Chairlink", "TalliesDiffer", {"service": {"Ref": "AWS::StackName"}}),
    ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": "TimeOutPmsWritesFunction"}}),
    ("AWS/Lambda", "IteratorAge", {"FunctionName": {"Ref": "SendEmailFunction"}}),
    (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"Fn::GetAtt": ["FailureQueue", "QueueName"]}},
    ),
    ("Chairlink", "OutboxStuck", {"service": {"Ref": "AWS::StackName"}}),
    ("Chairlink", "EmailsUnreported", {"service": {"Ref": "AWS::StackName"}}),
    ("Chairlink", "PmsWritesStuck", {"service": {"Ref": "AWS::StackName"}}),
]


def _watched(alarm: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])}
    return alarm["Namespace"], alarm["MetricName"], dimensions


@pytest.mark.parametrize("metric", WATCHED, ids=lambda metric: f"{metric[1]}-{list(metric[2].values())}")
def test_every_important_metric_has_an_alarm(template: SamTemplate, metric: tuple[str, str, dict[str, Any]]) -> None:
    assert metric in [_watched(alarm) for alarm in template.properties(ALARM).values()]


def test_every_function_without_a_caller_has_an_error_alarm(template: SamTemplate) -> None:
    alone = {function.name for function in template.functions if not function.routes}
    watched_requests = [_watched(alarm) for alarm in template.properties(ALARM).values()]
    assert {where["FunctionName"]["Ref"] for _, metric, where in watched_requests if metric == "Errors"} == alone


def test_every_alarm_reaches_someone(template: SamTemplate) -> None:
    for name, alarm in template.properties(ALARM).items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["AlarmDescription"], name
    (subscription,) = template.properties("AWS::SNS::Subscription").values()
    assert subscription["TopicArn"] == {"Ref": "AlarmTopic"}
    assert subscription["Endpoint"] == {"Ref": "AlarmEmail"}


def test_every_alarm_fires_at_or_above_its_threshold(template: SamTemplate) -> None:
    for name, alarm in template.properties(ALARM).items():
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold", name
        assert alarm["Threshold"] >= 1, name


def test_missing_data_alarm_only_for_metrics_that_are_always_written(template: SamTemplate) -> None:
    loud = {n for n, alarm in template.properties(ALARM).items() if alarm["TreatMissingData"] == "breaching"}
    assert loud == {
        "DaySheetsDifferAlarm", "OutboxStuckAlarm", "PmsWritesStuckAlarm", "SilentAgentsAlarm", "TalliesDifferAlarm",
    }  # fmt: skip


def test_alarms_use_the_namespace_and_dimensions_of_the_functions(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.environment["POWERTOOLS_METRICS_NAMESPACE"] == "Chairlink", function.name
        assert function.environment["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}, function.name
