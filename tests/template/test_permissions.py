"""Least privilege, to the action and the table."""

from typing import Any

from tests.support.sam_template import TABLE, SamTemplate, as_list, references

# Every resource with a wildcard, and why it has to have one.
WILDCARDS = {
    ("FunctionBoundary", "*"): "X-Ray knows no resources",
    (
        "FunctionBoundary",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AWS::StackName}-*",
    ): "the ceiling is this template's tables and indexes; each role names its own",
    ("FunctionBoundary", "${HistoryTable.Arn}/stream/*"): "a stream is named after the moment it was switched on",
    (
        "ClassifyMisfitsFunction",
        "${HistoryTable.Arn}/stream/*",
    ): "a stream is named after the moment it was switched on",
    ("FunctionBoundary", "${OutboxTable.Arn}/stream/*"): "a stream is named after the moment it was switched on",
    ("PagesBucketPolicy", "${PagesBucket.Arn}/*"): "every file in it is meant for everybody",
    ("FunctionBoundary", "${ReportsBucket.Arn}/*"): "the ceiling is the reports' files",
    ("SendEmailFunction", "${ReportsBucket.Arn}/*"): "a link leads to any practice's report",
    ("SweepOutboxFunction", "${ReportsBucket.Arn}/*"): "a link leads to any practice's report",
    ("BuildReportFunction", "${ReportsBucket.Arn}/*"): "a file is named after its practice and period",
    ("ListReportsFunction", "${ReportsBucket.Arn}/*"): "a file is named after its practice and period",
    (
        "SchedulerBoundary",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-EnqueueDueReportsFunction-*",
    ): "naming the function itself would be a circle: it names its schedule's role",
    ("SendEmailFunction", "${OutboxTable.Arn}/stream/*"): "a stream is named after the moment it was switched on",
}
KEYS_READ = {"ReceivePmsEventsFunction": {"agt_*", "prac_*"}, "PullPmsWritesFunction": {"agt_*"}}
STREAM = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}
ITEM_ACTIONS = {f"dynamodb:{name}" for name in ("BatchGetItem", "Query", "PutItem", "UpdateItem")}


def test_no_role_has_a_wildcard_action(template: SamTemplate) -> None:
    assert [
        (owner, action)
        for owner, statement in template.statements
        for action in as_list(statement["Action"])
        if ("*" in action or "?" in action) and statement["Effect"] == "Allow"
    ] == []


def test_no_role_has_an_unexplained_wildcard_resource(template: SamTemplate) -> None:
    found = {
        (owner, _text(resource))
        for owner, statement in template.statements
        for resource in as_list(statement.get("Resource", []))
        if "*" in _text(resource) and statement["Effect"] == "Allow"
    }
    assert found == set(WILDCARDS)


def test_only_tracing_has_every_resource(template: SamTemplate) -> None:
    for _, statement in template.statements:
        if statement.get("Resource") == "*":
            assert all(action.startswith("xray:") for action in as_list(statement["Action"]))


def test_every_statement_has_effect_action_and_resource(template: SamTemplate) -> None:
    for owner, statement in template.statements:
        assert statement["Effect"] == "Allow" or statement["Sid"] == "only-over-tls", owner
        assert not {"NotAction", "NotResource", "NotPrincipal"} & set(statement), owner


def test_no_role_may_delete_an_item_or_scan_a_table(template: SamTemplate) -> None:
    for owner, statement in template.statements:
        items = {action for action in as_list(statement["Action"]) if action.startswith("dynamodb:")}
        streams = {action for action in items if "Stream" in action or "Shard" in action or action.endswith("Records")}
        assert items - streams <= ITEM_ACTIONS, owner


def test_history_is_append_only(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.actions_on("HistoryTable") - STREAM <= {"dynamodb:PutItem", "dynamodb:Query"}, function.name


def test_the_role_of_a_read_operation_cannot_write(template: SamTemplate) -> None:
    for function in template.functions:
        if {route.method for route in function.routes} == {"GET"}:
            granted = {action for statement in function.statements for action in as_list(statement["Action"])}
            assert granted <= {"dynamodb:BatchGetItem", "dynamodb:Query", "s3:GetObject"}, function.name


def test_only_agent_endpoints_may_read_agent_secrets(template: SamTemplate) -> None:
    for function in template.functions:
        for statement in function.statements:
            if ("PracticesTable", "Arn") in references(statement["Resource"]):
                keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                assert set(keys) == KEYS_READ.get(function.name, {"prac_*"}), function.name


def test_the_boundary_allows_exactly_what_functions_need(template: SamTemplate) -> None:
    boundary = template.properties("AWS::IAM::ManagedPolicy")["FunctionBoundary"]["PolicyDocument"]["Statement"]
    allowed = {action for statement in boundary for action in as_list(statement["Action"])}
    by_sam = {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    written = {
        action for function in template.functions for each in function.statements for action in as_list(each["Action"])
    }
    assert allowed == written | by_sam


def test_a_statement_has_actions_of_one_service(template: SamTemplate) -> None:
    for owner, statement in template.statements:
        assert len({action.partition(":")[0] for action in as_list(statement["Action"])}) == 1, owner


def test_indexes_are_only_queried(template: SamTemplate) -> None:
    for owner, statement in template.statements:
        for resource in as_list(statement.get("Resource", [])):
            if "/index/" in _text(resource):
                assert as_list(statement["Action"]) == ["dynamodb:Query"], owner


def test_every_index_in_a_role_exists(template: SamTemplate) -> None:
    existing = {
        f"${{{name}.Arn}}/index/{index['IndexName']}"
        for name, table in template.properties(TABLE).items()
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    named = {
        _text(resource)
        for _, statement in template.statements
        for resource in as_list(statement.get("Resource", []))
        if "/index/" in _text(resource)
    }
    assert named == existing


def _text(resource: Any) -> str:
    return str(resource["Fn::Sub"]) if isinstance(resource, dict) and "Fn::Sub" in resource else str(resource)
