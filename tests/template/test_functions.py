"""Each function has one folder and one role."""

import re

from deploy.repository_paths import ROOT
from tests.support.sam_template import TABLE, SamTemplate, references

API_GATEWAY_TIMEOUT = 29  # seconds


def test_every_function_has_one_folder(template: SamTemplate) -> None:
    folders = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))
    assert sorted(function.folder for function in template.functions) == folders


def test_a_functions_logical_id_is_its_folders_name(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.name == function.folder.title().replace("_", "") + "Function"


def test_every_function_has_explicit_policies(template: SamTemplate) -> None:
    for function in template.functions:
        assert "Role" not in function.properties, function.name
        assert [set(policy) for policy in function.properties["Policies"]] == [{"Statement"}], function.name
        assert function.statements, function.name


def test_every_function_has_the_permissions_boundary(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.properties["PermissionsBoundary"] == {"Ref": "FunctionBoundary"}, function.name


def test_every_function_is_traced(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.properties["Tracing"] == "Active", function.name


def test_every_function_logs_to_a_group_of_the_template(template: SamTemplate) -> None:
    groups = template.properties("AWS::Logs::LogGroup")
    for function in template.functions:
        assert function.properties["LoggingConfig"]["LogGroup"]["Ref"] in groups, function.name


def test_every_log_group_has_a_retention(template: SamTemplate) -> None:
    for name, group in template.properties("AWS::Logs::LogGroup").items():
        assert 1 <= group["RetentionInDays"] <= 365, name


def test_every_function_runs_on_the_runtime_of_the_parameters(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.properties["Runtime"] == {"Ref": "PythonRuntime"}, function.name
        assert function.properties["Architectures"] == [{"Ref": "Architecture"}], function.name
        assert function.properties["Handler"] == "app.handler", function.name
        more = [{"Ref": "ChartsLayer"}] if function.name == "BuildReportFunction" else [{"Ref": "BookingsLayer"}]
        assert function.properties["Layers"] == more, function.name  # SAM adds them to the shared layer


def test_the_runtime_is_python_3_13_on_arm(template: SamTemplate) -> None:
    assert template.document["Parameters"]["PythonRuntime"]["Default"] == "python3.13"
    assert template.document["Parameters"]["Architecture"]["Default"] == "arm64"


def test_every_function_has_memory_and_timeout(template: SamTemplate) -> None:
    for function in template.functions:
        assert function.properties["MemorySize"] >= 512, function.name
        assert function.properties["Timeout"] > 3, function.name
        assert not function.routes or function.properties["Timeout"] < API_GATEWAY_TIMEOUT, function.name


def test_a_functions_environment_has_exactly_its_tables(template: SamTemplate) -> None:
    tables = template.properties(TABLE)
    for function in template.functions:
        names = {value["Ref"] for value in function.environment.values() if _ref(value) in tables}
        reached = (
            references(one["Resource"]) for one in function.statements if "dynamodb:GetRecords" not in one["Action"]
        )
        touched = {name for references in reached for name, _ in references}
        assert names == touched & set(tables), function.name


def test_a_table_has_the_same_variable_in_every_environment(template: SamTemplate) -> None:
    for function in template.functions:
        for variable, value in function.environment.items():
            if variable.endswith("_TABLE") or _ref(value) in template.properties(TABLE):
                words = re.sub(r"(?<!^)(?=[A-Z])", "_", value["Ref"].removesuffix("Table"))
                assert variable == f"{words.upper()}_TABLE", function.name


def test_a_function_has_the_sender_address_only_if_it_may_send(template: SamTemplate) -> None:
    for function in template.functions:
        sends = "ses:SendEmail" in function.actions_on("ConfigurationSet")
        names = {"EMAIL_SENDER", "EMAIL_CONFIGURATION_SET"} & set(function.environment)
        assert len(names) == (2 if sends else 0), function.name


def test_no_environment_holds_the_address_of_the_api(template: SamTemplate) -> None:
    for function in template.functions:
        assert "Api" not in {name for name, _ in references(function.environment)}, function.name
        assert not [name for name, value in function.environment.items() if _looks_like_an_address(name, value)]


def _ref(value: object) -> str | None:
    return value.get("Ref") if isinstance(value, dict) else None


def _looks_like_an_address(name: str, value: object) -> bool:
    return name.endswith(("_URL", "_HOST", "_ENDPOINT")) or "://" in str(value) or "execute-api" in str(value)


def test_every_function_has_a_trigger(template: SamTemplate) -> None:
    mapped = {name for name, _ in references(template.properties("AWS::Lambda::EventSourceMapping"))}
    for function in template.functions:
        assert function.properties.get("Events") or function.name in mapped, function.name
