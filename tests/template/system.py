"""template.yaml as data: what the tests of the house rules ask it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

Node = dict[str, Any]

ROOT = Path(__file__).parents[2]
TABLE = "AWS::DynamoDB::Table"
FUNCTION = "AWS::Serverless::Function"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags in their long form."""


def _tagged(loader: _Loader, tag: str, node: yaml.Node) -> Node:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _tagged)


def walk(node: Any) -> Iterator[Any]:
    """The node and everything under it."""
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def as_list(value: Any) -> list[Any]:
    """IAM lets one thing stand for a list of one."""
    return value if isinstance(value, list) else [value]


def references(node: Any) -> set[tuple[str, str]]:
    """Every (name, attribute) under the node that a Ref, GetAtt or Sub names; a Ref's attribute is empty."""
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
    """One way into the API."""

    method: str
    path: str
    function: str
    open: bool


@dataclass(frozen=True)
class Function:
    """A function as it will be deployed: its own properties laid over the globals."""

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
        """What its role may do to one resource, its indexes and streams included."""
        return {
            action
            for statement in self.statements
            if resource in {name for name, _ in references(statement["Resource"])}
            for action in as_list(statement["Action"])
        }


@dataclass(frozen=True)
class System:
    """The template and the questions that more than one test asks."""

    template: Node

    @classmethod
    def read(cls, path: Path) -> Self:
        """The system that a template describes."""
        return cls(_Loader(path.read_text()).get_single_data())

    @property
    def resources(self) -> Node:
        """Every resource, by logical id."""
        return dict(self.template["Resources"])

    def properties(self, kind: str) -> Node:
        """The properties of every resource of a kind, by logical id."""
        return {name: node.get("Properties", {}) for name, node in self.resources.items() if node["Type"] == kind}

    @property
    def functions(self) -> list[Function]:
        """Every function."""
        shared = self.template["Globals"]["Function"]
        return [Function(name, _laid_over(shared, own)) for name, own in self.properties(FUNCTION).items()]

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


def _laid_over(shared: Node, own: Node) -> Node:
    merged = dict(shared)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
