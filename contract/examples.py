"""Examples of bodies and answers, kept as JSON files in contract/examples. Tests hold them to the schemas."""

import json
from typing import Any

from contract.problem_schemas import ProblemKind
from deploy.repository_paths import ROOT

FOLDER = ROOT / "contract" / "examples"


def body_example(operation: str) -> Any:
    """An example body of the operation, or None if it takes none."""
    return _read(operation).get("body")


def answer_example(operation: str) -> Any:
    """An example answer of the operation; raises FileNotFoundError if it has no file."""
    return _read(operation)["answer"]


def problem_example(kind: ProblemKind) -> Any:
    """An example of the problem."""
    problem = {"type": kind.type, "title": kind.title, "status": kind.status}
    problem |= {"detail": kind.detail} if kind.detail else {}
    return problem | _read("problems").get(kind.type, {})


def event_examples() -> dict[str, Any]:
    """A batch with one event of each type, by event type."""
    events: dict[str, Any] = _read("events")
    return {name.replace(".", "_"): {"value": {"events": [event]}} for name, event in events.items()}


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())
