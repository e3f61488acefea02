"""The house as API Gateway meets it: every HTTP function's own handler, over an engine, at a time that we choose."""

import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, Self

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from bookings.bootstrap import Application
from bookings.domain.practice.practice import Practice
from bookings.storage.schema import Table
from tests.builders import NOW, SECRET, an_agent, an_http_event, signed
from tests.engines import Engine
from tests.integration.openapi import check_answer
from tests.stores import move_in
from tests.template.system import ROOT, Route, System

Json = dict[str, Any]

SYSTEM = System.read(ROOT / "template.yaml")
ROUTES: Mapping[str, Route] = {one.folder: one.routes[0] for one in SYSTEM.functions if one.routes}
"""The HTTP functions and their routes, as the template has them."""


@dataclass(frozen=True)
class Answer:
    """What a function answers."""

    status: int
    headers: Mapping[str, str]
    text: str

    @cached_property
    def body(self) -> Any:
        return json.loads(self.text)

    def shows(self, path: str) -> Any:
        """The part of the body at `patient.first_name` or `items.0.id`."""
        found = self.body
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
        return found

    def is_problem(self, status: int, slug: str) -> None:
        """That this is a refusal of RFC 9457, for every kind of refusal alike."""
        assert (self.status, self.body.get("type")) == (status, slug), self.text
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.body["status"] == status
        assert self.body["title"]
        assert "Traceback" not in self.text


@dataclass
class House:
    """Handlers over one engine."""

    engine: Engine
    application: Application
    handlers: Mapping[str, Callable[[Json, LambdaContext], Json]]

    def answers(self, function: str, event: Json) -> Answer:
        """What the function makes of API Gateway's event."""
        given = self.handlers[function](event, LambdaContext())
        assert set(given) == {"statusCode", "headers", "body"}
        answer = Answer(given["statusCode"], given["headers"], given["body"])
        check_answer(function, answer.status, answer.headers["Content-Type"], answer.text)
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
        """Somebody of the practice (or `of` another one) calls the function; a patient needs to be nobody's."""
        path = {"practice_id": practice_id} | ({"request_id": request_id} if request_id else {})
        headers = {"If-Match": f'"{revision}"'} if revision is not None else {}
        headers |= {"Idempotency-Key": key} if key else {}
        raw = body if isinstance(body, str | None) else json.dumps(body)
        groups = f"{of or practice_id}:{role}"
        return self.answers(function, an_http_event(path=path, body=raw, headers=headers, query=query, groups=groups))

    def tell(self, practice: Practice, *events: Json, headers: Mapping[str, str] | None = None) -> Answer:
        """The practice's agent tells of these events; headers given here replace the right ones."""
        raw = json.dumps({"events": events})
        signature = signed(raw.encode(), NOW) | dict(headers or {})
        event = an_http_event(path={"agent_id": an_agent(practice).id}, body=raw, headers=signature)
        return self.answers("receive_pms_events", event)

    def found(self, practice: Practice) -> Practice:
        """Let the practice move in, with its agent."""
        move_in(self.application.practices, practice, an_agent(practice, SECRET))
        return practice

    def contents(self) -> dict[Table, list[Any]]:
        """All that is stored."""
        client = self.engine.client()
        return {
            table: sorted(client.scan(TableName=name, ConsistentRead=True)["Items"], key=repr)
            for table, name in self.engine.tables.items()
        }


def clock_at(moment: datetime) -> type[datetime]:
    """A `datetime` for which it is always that moment."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    return Clock


@contextmanager
def opened(
    engine: Engine, functions: Sequence[str] = tuple(ROUTES), application: Application | None = None
) -> Iterator[House]:
    """The house over that engine, or over this application of it; it is NOW in it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in engine.environment.items():
            patch.setenv(name, value)
        application = application or Application(engine.settings)
        apps = {name: importlib.import_module(f"functions.{name}.app") for name in functions}
        for app in apps.values():
            patch.setattr(app, "APP", application)
        patch.setattr("bookings.entrypoints.endpoint.datetime", clock_at(NOW))
        patch.setattr("standardwebhooks.webhooks.datetime", clock_at(NOW))
        yield House(engine, application, {name: app.handler for name, app in apps.items()})
