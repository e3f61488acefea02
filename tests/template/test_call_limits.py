"""Each function answers before its timeout ends, however slowly AWS answers."""

from bookings.call_limits import ANSWER_SECONDS, DYNAMODB_CALL, EMAIL_SECONDS, S3_CALL, SQS_CALL
from bookings.entrypoints.schedule import AUDIT_STEP_MS, EMAIL_STEP_MS, SWEEP_STEP_MS
from tests.support.sam_template import Function, SamTemplate, as_list

API_GATEWAY_SECONDS = 29
COLD_START_SECONDS = 3
"""API Gateway's time includes the start of a function, which its timeout does not."""

STEP_SECONDS = {
    "SweepOutboxFunction": EMAIL_STEP_MS / 1000,
    "AuditTalliesFunction": AUDIT_STEP_MS / 1000,
    "AuditDaySheetsFunction": AUDIT_STEP_MS / 1000,
}
"""What one step of a scheduled function needs, unless it is SWEEP_STEP_MS."""

WITHOUT_STEPS = {"EnqueueDueReportsFunction", "FindSilentAgentsFunction"}


def longest_seconds(function: Function) -> float:
    """The longest call of each service that the role may use. A call that no longer fits is not begun."""
    actions = {action for one in function.statements for action in as_list(one["Action"])}
    seconds = DYNAMODB_CALL.longest_seconds if any(one.startswith("dynamodb:") for one in actions) else 0
    if "s3:PutObject" in actions:
        seconds += S3_CALL.longest_seconds
    if any("sqs:SendMessage" in function.actions_on(queue) for queue in ("ReportQueue", "HeldEmailQueue")):
        seconds += SQS_CALL.longest_seconds
    if "ses:SendEmail" in actions:
        seconds = max(seconds, EMAIL_SECONDS)
    return seconds + ANSWER_SECONDS


def test_the_longest_calls_of_a_function_fit_into_its_timeout(template: SamTemplate) -> None:
    late = {
        function.name: (longest_seconds(function), function.properties["Timeout"])
        for function in template.functions
        if longest_seconds(function) >= function.properties["Timeout"]
    }
    assert not late


def test_an_answer_reaches_api_gateway_in_time(template: SamTemplate) -> None:
    for function in template.functions:
        if function.routes:
            assert function.properties["Timeout"] + COLD_START_SECONDS < API_GATEWAY_SECONDS, function.name


def test_a_scheduled_function_has_time_for_one_step(template: SamTemplate) -> None:
    for function in template.functions:
        if function.events("Schedule", "ScheduleV2") and function.name not in WITHOUT_STEPS:
            step = STEP_SECONDS.get(function.name, SWEEP_STEP_MS / 1000)
            assert longest_seconds(function) <= step < function.properties["Timeout"], function.name
