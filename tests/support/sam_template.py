"""Reads template.yaml as data. Functions of CloudFormation such as `!Ref` are in their long form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from deploy.sam_template import Node, template

TABLE = "AWS::DynamoDB::Table"
FUNCTION = "AWS::Serverless::Function"


def walk(node: Any) -> Iterator[Any]:
    """The node and everything under it."""
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def as_list(value: Any) -> list[Any]:
    """In IAM a single value means a list of one."""
    return value if isinstance(value, list) else [value]


def references(node: Any) -> set[tuple[str, str]]:
    """Every (name, attribute) under the node that a Ref, GetAtt or Sub refers to; a Ref's attribute is empty."""
    found: set[tuple[str, str]] = set()
    for part in walk(node):
        if not isinstance(part, dict):
            continue
        if "Ref" in part:
            found.add((part["Ref"], ""))
        if "Fn::GetAtt" in part:
            name, attribute = part["Fn::GetAtt"]
            found.add((name, attribute))
        if "Fn::Sub" in part:
            text, own = part["Fn::Sub"] if isinstance(part["Fn::Sub"], list) else (part["Fn::Sub"], {})
            for name in re.findall(r"\$\{([^!}][^}]*)}", text):
                if name not in own:
                    found.add((name.partition(".")[0], name.partition(".")[2]))
    return found


@dataclass(frozen=True)
class Route:
    """A route of the API."""

    method: str
    path: str
    function: str
    open: bool


@dataclass(frozen=True)
class Function:
    """A function as it is deployed: its own properties merged into the globals."""

    name: str
    properties: Node

    @property
    def folder(self) -> str:
        """The folder under functions/ that holds its code."""
        return str(self.properties["CodeUri"]).removeprefix("functions/").rstrip("/")

    @property
    def environment(self) -> Node:
        """Its environment variables."""
        return dict(self.properties["Environment"]["Variables"])

    @property
    def statements(self) -> list[Node]:
        """What its role may do."""
        return [
            statement
            for policy in self.properties.get("Policies", [])
            if isinstance(policy, dict)
            for statement in as_list(policy.get("Statement", []))
        ]

    @property
    def routes(self) -> list[Route]:
        """Its routes of the API."""
        events = [event["Properties"] for event in self.events("Api")]
        closed = [event.get("Auth", {}).get("Authorizer") != "NONE" for event in events]
        return [
            Route(event["Method"].upper(), event["Path"], self.name, not shut)
            for event, shut in zip(events, closed, strict=True)
        ]

    def events(self, *kinds: str) -> list[Node]:
        """Its events of these kinds."""
        return [event for event in self.properties.get("Events", {}).values() if event["Type"] in kinds]

    def actions_on(self, resource: str) -> set[str]:
        """What its role may do with a resource and its indexes and streams."""
        return {
            action
            for statement in self.statements
            if resource in {name for name, _ in references(statement["Resource"])}
            for action in as_list(statement["Action"])
        }


@dataclass(frozen=True)
class SamTemplate:
    """The template, and what more than one test needs of it."""

    document: Node

    @property
    def resources(self) -> Node:
        """Every resource, by logical id."""
        return dict(self.document["Resources"])

    def properties(self, kind: str) -> Node:
        """The properties of every resource of a kind, by logical id."""
        return {name: node.get("Properties", {}) for name, node in self.resources.items() if node["Type"] == kind}

    @property
    def functions(self) -> list[Function]:
        """Every function."""
        shared = self.document["Globals"]["Function"]
        return [Function(name, _merge(shared, own)) for name, own in self.properties(FUNCTION).items()]

    @property
    def routes(self) -> list[Route]:
        """Every route of the API."""
        return [route for function in self.functions for route in function.routes]

    @property
    def statements(self) -> list[tuple[str, Node]]:
        """Every policy statement of the template, with the resource it belongs to."""
        return [
            (name, part)
            for name, resource in self.resources.items()
            for part in walk(resource)
            if isinstance(part, dict) and "Effect" in part and "Action" in part
        ]


def _merge(shared: Node, own: Node) -> Node:
    merged = dict(shared)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


@cache
def read_template() -> SamTemplate:
    """The template.yaml of this repository."""
    return SamTemplate(template())
