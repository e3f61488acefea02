"""The routes of template.yaml, and what the function behind each says about itself."""

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc, unwrap
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from deploy.sam_template import template_resources


@dataclass(frozen=True)
class Route:
    """A route of the API, and the module of its function. `is_open`: API Gateway asks for no token."""

    name: str
    method: str
    path: str
    is_open: bool
    module: ModuleType

    @property
    def audience(self) -> str:
        """Who calls it: `practices` for staff, `public` for patients, `pms` for agents."""
        return self.path.split("/")[1]

    @property
    def summary(self) -> str:
        """The first line of the function's docstring, after its route."""
        text = self._docstring.partition(": ")[2].split("\n")[0].rstrip(".")
        return text[:1].upper() + text[1:]

    @property
    def description(self) -> str:
        """The rest of the function's docstring."""
        return self._docstring.partition("\n\n")[2]

    @property
    def _docstring(self) -> str:
        return cleandoc(str(self.module.__doc__))

    @property
    def query(self) -> type[BaseModel] | None:
        """The model of the query parameters."""
        query: type[BaseModel] | None = getattr(self.module, "Query", None)
        return query

    @property
    def answers(self) -> list[Any]:
        """The bodies of the handler's answers, from its return annotation; `str` for a table."""
        annotation = get_type_hints(unwrap(self.module.handler))["return"]
        alternatives = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
        return [get_args(answer)[0] for answer in alternatives]


def read_routes() -> Iterator[Route]:
    """The routes, by path and method."""
    return iter(sorted(_routes(), key=lambda route: (route.path, route.method)))


def _routes() -> Iterator[Route]:
    for resource in template_resources().values():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        name = resource["Properties"]["CodeUri"].strip("/").rpartition("/")[2]
        for event in resource["Properties"].get("Events", {}).values():
            if event["Type"] == "Api":
                api = event["Properties"]
                is_open = api.get("Auth", {}).get("Authorizer") == "NONE"
                yield Route(name, api["Method"], api["Path"], is_open, _module(name))


def _module(name: str) -> ModuleType:
    # Importing a function bootstraps it, which needs these settings. No call is made.
    os.environ.setdefault("AWS_DEFAULT_REGION", "ca-central-1")
    os.environ.setdefault("REPORTS_BUCKET", "unused")
    os.environ.setdefault("SUBMISSIONS_PER_HOUR", "1")
    return importlib.import_module(f"functions.{name}.app")
