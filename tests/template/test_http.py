"""The HTTP API: routes, authorization, throttling and logs."""

import json
import re
from typing import Any

import pytest

from tests.support.sam_template import SamTemplate

OPEN = {
    ("GET", "/public/practices/{practice_id}"),
    ("GET", "/public/practices/{practice_id}/openings"),
    ("POST", "/public/practices/{practice_id}/requests"),
    ("GET", "/public/requests/{manage_token}"),
    ("POST", "/public/requests/{manage_token}/withdraw"),
    ("POST", "/pms/{agent_id}/events"),
    ("POST", "/pms/{agent_id}/pull"),
}
LOGGED = {
    *("requestId", "xrayTraceId", "requestTime", "httpMethod", "resourcePath", "status", "responseLatency"),
    *("integration.status", "integration.latency", "integration.error", "error.responseType", "waf.status"),
}
OWN_ANSWERS = {
    "UNAUTHORIZED": 401,
    "EXPIRED_TOKEN": 401,
    "ACCESS_DENIED": 403,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "REQUEST_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "THROTTLED": 429,
    "WAF_FILTERED": 429,
    "INTEGRATION_TIMEOUT": 504,
    "DEFAULT_4XX": 400,
    "DEFAULT_5XX": 500,
}


def _api(template: SamTemplate) -> dict[str, Any]:
    (api,) = template.properties("AWS::Serverless::Api").values()
    return dict(api)


def test_staff_routes_are_authorized_by_the_user_pool(template: SamTemplate) -> None:
    auth = _api(template)["Auth"]
    assert auth["Authorizers"][auth["DefaultAuthorizer"]] == {"UserPoolArn": {"Fn::GetAtt": ["UserPool", "Arn"]}}


def test_exactly_the_public_and_the_pms_routes_are_open(template: SamTemplate) -> None:
    assert {(route.method, route.path) for route in template.routes if route.open} == OPEN


def test_no_route_changes_its_authorizer(template: SamTemplate) -> None:
    for function in template.functions:
        for event in function.events("Api"):
            assert event["Properties"].get("Auth", {"Authorizer": "NONE"}) == {"Authorizer": "NONE"}, function.name
            assert event["Properties"]["RestApiId"] == {"Ref": "Api"}, function.name


def test_every_function_has_one_route(template: SamTemplate) -> None:
    doors = [(route.method, route.path) for route in template.routes]
    assert len(doors) == len(set(doors)) == len({route.function for route in template.routes})


def test_exactly_the_routes_are_throttled(template: SamTemplate) -> None:
    settings = {
        (each["HttpMethod"], each["ResourcePath"].removeprefix("/").replace("~1", "/")): each
        for each in _api(template)["MethodSettings"]
    }
    assert set(settings) == {(route.method, route.path) for route in template.routes}
    for door, each in settings.items():
        assert 0 < each["ThrottlingRateLimit"] <= each["ThrottlingBurstLimit"], door


def test_no_route_logs_its_payload(template: SamTemplate) -> None:
    for each in _api(template)["MethodSettings"]:
        assert not {"DataTraceEnabled", "LoggingLevel"} & set(each), each["ResourcePath"]


def test_the_access_log_is_json_without_personal_data(template: SamTemplate) -> None:
    setting = _api(template)["AccessLogSetting"]
    values = json.loads(setting["Format"]).values()
    assert {value.removeprefix("$context.") for value in values} == LOGGED
    assert setting["DestinationArn"] == {"Fn::GetAtt": ["ApiLogs", "Arn"]}


def test_the_gateway_has_no_tracing_which_would_store_manage_tokens(template: SamTemplate) -> None:
    """X-Ray's segment of a stage has the called URL; segments of functions have none."""
    assert any("{manage_token}" in route.path for route in template.routes)
    assert _api(template)["TracingEnabled"] is False


def test_the_stage_name_is_the_version_in_every_path(template: SamTemplate) -> None:
    assert _api(template)["StageName"] == "v1"
    assert [route.path for route in template.routes if route.path.startswith("/v1")] == []


def test_every_gateway_response_is_defined(template: SamTemplate) -> None:
    answers = _api(template)["GatewayResponses"]
    assert {kind: answer["StatusCode"] for kind, answer in answers.items()} == OWN_ANSWERS


@pytest.mark.parametrize("kind", OWN_ANSWERS)
def test_every_gateway_response_is_an_rfc_9457_problem(template: SamTemplate, kind: str) -> None:
    answer = _api(template)["GatewayResponses"][kind]
    assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
    problem = json.loads(answer["ResponseTemplates"]["application/json"])
    assert set(problem) == {"type", "title", "status", "detail"}
    assert problem["detail"].endswith(".")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem["type"])
    assert problem["status"] == answer["StatusCode"]


def test_gateway_responses_say_how_to_authenticate_and_when_to_retry(template: SamTemplate) -> None:
    """RFC 9110 requires a challenge with every 401; the form of that for bearer tokens is in RFC 6750."""
    answers = _api(template)["GatewayResponses"]
    headers = {kind: dict(answer["ResponseParameters"]["Headers"]) for kind, answer in answers.items()}
    for each in headers.values():
        del each["Content-Type"]
    assert {kind: each for kind, each in headers.items() if each} == {
        "UNAUTHORIZED": {"WWW-Authenticate": "'Bearer realm=\"chairlink\"'"},
        "EXPIRED_TOKEN": {"WWW-Authenticate": '\'Bearer realm="chairlink", error="invalid_token"\''},
        "THROTTLED": {"Retry-After": "'1'"},
        "WAF_FILTERED": {"Retry-After": "'300'"},
        "INTEGRATION_TIMEOUT": {"Retry-After": "'5'"},
    }


def test_password_sign_in_is_allowed_only_in_the_local_stage(template: SamTemplate) -> None:
    (client,) = template.properties("AWS::Cognito::UserPoolClient").values()
    only_local = {"Fn::If": ["IsLocal", "ALLOW_ADMIN_USER_PASSWORD_AUTH", {"Ref": "AWS::NoValue"}]}
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", only_local]
    assert template.document["Conditions"]["IsLocal"] == {"Fn::Equals": [{"Ref": "Stage"}, "local"]}


def test_self_sign_up_is_disabled(template: SamTemplate) -> None:
    (pool,) = template.properties("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


LIMITS = {"SubmissionsPerAddress": 30, "PublicCallsPerAddress": 300, "AgentCallsPerAddress": 20_000}


def _rules(template: SamTemplate, limit: str) -> list[Any]:
    """The conditions under which calls count against this limit, for each of its rules."""
    (acl,) = template.properties("AWS::WAFv2::WebACL").values()
    statements = [rule["Statement"]["RateBasedStatement"] for rule in acl["Rules"]]
    return [
        each["ScopeDownStatement"]["AndStatement"]["Statements"]
        for each in statements
        if each["Limit"] == {"Ref": limit}
    ]


def test_every_stage_in_aws_has_a_web_acl(template: SamTemplate) -> None:
    for kind in ("AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation"):
        assert [node.get("Condition") for node in template.resources.values() if node["Type"] == kind] == ["IsInAws"]
    (acl,) = template.properties("AWS::WAFv2::WebACL").values()
    assert acl["VisibilityConfig"]["SampledRequestsEnabled"] is False
    assert [rule["Priority"] for rule in acl["Rules"]] == list(range(len(acl["Rules"])))
    for rule in acl["Rules"]:
        assert "Block" in rule["Action"]
        assert rule["VisibilityConfig"]["SampledRequestsEnabled"] is False
        assert rule["Statement"]["RateBasedStatement"]["Limit"]["Ref"] in LIMITS


def test_the_limits_of_an_address_are_parameters(template: SamTemplate) -> None:
    parameters = template.document["Parameters"]
    assert {name: parameters[name]["Default"] for name in LIMITS} == LIMITS
    assert {parameters[name]["MinValue"] for name in LIMITS} == {10}, "AWS takes no smaller one"


@pytest.mark.parametrize(
    ("limit", "prefix", "methods"),
    [
        ("SubmissionsPerAddress", "public/practices/", {"POST"}),
        ("PublicCallsPerAddress", "public/", {"GET", "POST"}),
        ("AgentCallsPerAddress", "pms/", {"POST"}),
    ],
)
def test_a_limit_of_an_address_covers_its_routes(
    template: SamTemplate, limit: str, prefix: str, methods: set[str]
) -> None:
    rules = _rules(template, limit)
    assert len(rules) == 2, "through the site and directly"
    for path, *others in rules:
        match = path["ByteMatchStatement"]
        assert match["SearchString"] == f"/{_api(template)['StageName']}/{prefix}"
        assert match["PositionalConstraint"] == "STARTS_WITH"
        assert [each["Type"] for each in match["TextTransformations"]] == ["URL_DECODE", "NORMALIZE_PATH"]
        named = [each["ByteMatchStatement"]["SearchString"] for each in others[:-1]]
        assert named == (["POST"] if limit == "SubmissionsPerAddress" else [])
    assert {method for method, path in OPEN if path.startswith(f"/{prefix}") and method in methods} == methods


def test_the_only_public_post_of_a_practice_submits(template: SamTemplate) -> None:
    posts = {path for method, path in OPEN if method == "POST" and path.startswith("/public/practices/")}
    assert posts == {"/public/practices/{practice_id}/requests"}


def test_every_open_route_has_a_limit_per_address() -> None:
    assert [path for _, path in OPEN if not path.startswith(("/public/", "/pms/"))] == []


def test_agents_of_one_address_cannot_use_up_a_route(template: SamTemplate) -> None:
    """300 s of the route's rate. A vendor's cloud with thousands of practices still has room."""
    (rate,) = {
        each["ThrottlingRateLimit"] for each in _api(template)["MethodSettings"] if "/~1pms~1" in each["ResourcePath"]
    }
    assert LIMITS["AgentCallsPerAddress"] < 300 * rate
    assert LIMITS["AgentCallsPerAddress"] / 5 >= 3 * 1000, "a pull, a heartbeat and a batch a minute of 1,000 practices"
