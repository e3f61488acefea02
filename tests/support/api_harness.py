"""The HTTP functions as API Gateway calls them, over an engine, with the time stopped at NOW."""

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, Self, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.bootstrap import Application
from bookings.domain.practice.practice import Practice
from bookings.storage.schema import Table
from tests.support.builders import NOW, SECRET, an_agent, an_http_event, signed
from tests.support.dynamodb_engines import Engine
from tests.support.lambda_context import FakeLambdaContext
from tests.support.openapi_validation import check_answer
from tests.support.sam_template import Route, read_template
from tests.support.seeding import add_practice

Json = dict[str, Any]

ROUTES: Mapping[str, Route] = {one.folder: one.routes[0] for one in read_template().functions if one.routes}
"""The HTTP functions and their routes in the template."""


@dataclass(frozen=True)
class Answer:
    """An answer of a function."""

    status: int
    headers: Mapping[str, str]
    text: str

    @cached_property
    def body(self) -> Any:
        return json.loads(self.text)

    def part(self, path: str) -> Any:
        """The part of the body at a path such as `patient.first_name` or `items.0.id`."""
        found = self.body
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
        return found

    def assert_problem(self, status: int, slug: str) -> None:
        """Assert that this is the RFC 9457 problem, and that it has no traceback."""
        assert (self.status, self.body.get("type")) == (status, slug), self.text
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == status
        assert self.body["title"]
        assert "Traceback" not in self.text


@dataclass
class ApiHarness:
    """Handlers over one engine. Every answer is checked against docs/openapi.json."""

    engine: Engine
    application: Application
    handlers: Mapping[str, Callable[[Json, LambdaContext], Json]]

    def invoke(self, function: str, event: Json) -> Answer:
        """The function's answer to an event of API Gateway."""
        given = self.handlers[function](event, cast("LambdaContext", FakeLambdaContext()))
        assert set(given) == {"statusCode", "headers", "body"}
        answer = Answer(given["statusCode"], given["headers"], given["body"])
        check_answer(function, answer.status, answer.headers, answer.text)
        return answer

    def call(
        self,
        function: str,
        practice_id: str,
        body: object = None,
        *,
        request_id: str | None = None,
        revision: int | None = None,
        key: str | None = None,
        role: str = "front_desk",
        of: str | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call the function as a member of the practice's staff, or of the practice `of`."""
        path = {"practice_id": practice_id} | ({"request_id": request_id} if request_id else {})
        headers = {"If-Match": f'"{revision}"'} if revision is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        raw = body if isinstance(body, str | None) else json.dumps(body)
        groups = f"{of or practice_id}:{role}"
        return self.invoke(function, an_http_event(path=path, body=raw, headers=headers, query=query, groups=groups))

    def send_events(self, practice: Practice, *events: Json, headers: Mapping[str, str] | None = None) -> Answer:
        """Send events as the practice's agent. `headers` replace those of the signature."""
        raw = json.dumps({"events": events})
        signature = signed(raw.encode(), NOW) | dict(headers or {})
        event = an_http_event(path={"agent_id": an_agent(practice).id}, body=raw, headers=signature)
        return self.invoke("receive_pms_events", event)

    def add_practice(self, practice: Practice) -> Practice:
        """Store the practice and its agent."""
        add_practice(self.application.practices, practice, an_agent(practice, SECRET))
        return practice

    def stored_items(self) -> dict[Table, list[Any]]:
        """All items of all tables."""
        client = self.engine.client
        return {
            table: sorted(client.scan(TableName=name, ConsistentRead=True)["Items"], key=repr)
            for table, name in self.engine.tables.items()
        }


def frozen_clock(moment: datetime) -> type[datetime]:
    """A `datetime` class whose `now` is always this moment."""

    class FrozenClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    return FrozenClock


@contextmanager
def open_api(
    engine: Engine, functions: Sequence[str] = tuple(ROUTES), application: Application | None = None
) -> Iterator[ApiHarness]:
    """The functions over the engine, or over an application that a test has made."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in engine.environment.items():
            patch.setenv(name, value)
        application = application or Application(engine.settings)
        apps = {name: importlib.import_module(f"functions.{name}.app") for name in functions}
        for app in apps.values():
            patch.setattr(app, "APP", application)
        patch.setattr("bookings.entrypoints.endpoint.datetime", frozen_clock(NOW))
        patch.setattr("standardwebhooks.webhooks.datetime", frozen_clock(NOW))
        yield ApiHarness(engine, application, {name: app.handler for name, app in apps.items()})
