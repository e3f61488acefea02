"""Responses of the local stack in place of API Gateway."""

import asyncio
import json
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from deploy.sam_template import template_resources
from local.aws_emulator import Emulator
from local.emulator_proxy import EmulatorProxy


def _forward(error: httpx.TransportError) -> Response:
    """The response to a call while the emulator fails with that error."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    emulator = cast("Emulator", SimpleNamespace(url="http://127.0.0.1:1", port=1))
    proxy = EmulatorProxy(emulator, "api")
    proxy._client = httpx.AsyncClient(transport=httpx.MockTransport(fail))
    scope = {"type": "http", "method": "GET", "raw_path": b"/v1/practices/p", "query_string": b"", "headers": []}
    return asyncio.run(proxy.forward(Request(scope), b"", "localhost"))


def test_a_timeout_is_answered_like_a_timeout_of_api_gateway() -> None:
    answer = _forward(httpx.ReadTimeout("late"))
    in_aws = template_resources()["Api"]["Properties"]["GatewayResponses"]["INTEGRATION_TIMEOUT"]
    expected = {name.lower(): value.strip("'") for name, value in in_aws["ResponseParameters"]["Headers"].items()}
    assert answer.status_code == in_aws["StatusCode"]
    assert {name: answer.headers[name] for name in expected} == expected
    assert json.loads(bytes(answer.body))["type"] == json.loads(in_aws["ResponseTemplates"]["application/json"])["type"]


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.RemoteProtocolError("gone")])
def test_an_emulator_that_cannot_be_reached_is_a_503_to_retry(error: httpx.TransportError) -> None:
    answer = _forward(error)
    assert (answer.status_code, json.loads(bytes(answer.body))["type"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
