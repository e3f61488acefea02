"""Cold starts in R: the CPU of a fresh process that does only `boto3.client("dynamodb")`, boto3 as pip installs it.

A handler's figure is the CPU, user and system, of a fresh process from its first instruction until its first call of
DynamoDB goes onto the wire: interpreter, imports, clients, and the call of the API read, checked and turned into that
signed request. Nothing of the network is in it, and nothing of Lambda's own. Measured is what ships: the layer and the
functions as SAM built and deploy/optimize_build.py packed them, each function with an event of events/ and its own
environment.

Each round starts every process once, in another order, and the least of many rounds counts: others share the machine.
"""

import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.repository_paths import ROOT
from local.sam_build import Build

ROUNDS = 20
CLIENT = 'import boto3; boto3.client("dynamodb")'
STEPS = (
    ("PynamoDB's client", "import gc; gc.disable()\nfrom pynamodb.connection import Connection; Connection().client"),
    ("and Pydantic", "import pydantic.main, pydantic.types"),
    ("and Logger and Metrics", "from aws_lambda_powertools import Logger, Metrics; Logger(); Metrics()"),
)
"""What a handler's libraries cost, one after the other and without the collector."""
COLD_CALL = """
import json, os, sys
sys.path.insert(0, {folder!r})
import app
from botocore.httpsession import URLLib3Session
URLLib3Session.send = lambda *_: os._exit(0)
class Context:
    function_name = invoked_function_arn = aws_request_id = "cold"
    memory_limit_in_mb = 1024
    get_remaining_time_in_millis = staticmethod(lambda: 100_000)
with open({event!r}) as event:
    app.handler(json.load(event), Context())
os._exit(1)
"""


@dataclass(frozen=True)
class Start:
    """A process to start: what it runs, and what its environment tells it."""

    source: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        """Whether it came to its end."""
        command = [sys.executable, "-c", f"{self.source}\nimport os; os._exit(0)"]
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "AWS_DEFAULT_REGION": "ca-central-1",
            "AWS_LAMBDA_FUNCTION_NAME": "cold",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            **self.environment,
        }
        return not subprocess.run(command, env=environment, check=False, capture_output=True).returncode

    def cpu(self) -> float:
        """User and system seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if not self.run():
            raise RuntimeError(f"does not come to its end: {self.source}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def show(built: Build) -> None:
    starts = dict(_starts(built))
    least = dict.fromkeys(starts, float("inf"))
    for _ in range(ROUNDS):
        for name in random.sample(list(starts), len(starts)):
            least[name] = min(least[name], starts[name].cpu())
    ours = "R in our layer"
    print(f"Cold start up to the first call of DynamoDB (R = {least['R'] * 1000:.0f} ms of CPU here)")
    print(f"  {'':26} {'in R':>6} {'in R in our layer':>18}")
    for name, seconds in least.items():
        print(f"  {name:26} {seconds / least['R']:6.2f} {seconds / least[ours]:18.2f}")


def _starts(built: Build) -> Iterator[tuple[str, Start]]:
    functions = {
        name: resource["Properties"]
        for name, resource in built.template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    given = built.template["Globals"]["Function"]["Environment"]["Variables"]
    layer = {"PYTHONPATH": str(built.folder / "BookingsLayer/python")} | _told(given)
    yield "nothing", Start("pass")
    yield "R", Start(CLIENT)
    yield "R in our layer", Start(CLIENT, layer)
    for n, (name, _) in enumerate(STEPS):
        yield name, Start("\n".join(source for _, source in STEPS[: n + 1]), layer)
    for logical_id, properties in sorted(functions.items()):
        told = layer | _told(properties.get("Environment", {}).get("Variables", {}))
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id.removesuffix("Function")).lower()
        yield name, _first_that_asks(name, built.folder / properties["CodeUri"], told)


def _told(variables: Mapping[str, Any]) -> dict[str, str]:
    """The environment that the template gives; what only a deployment knows is its own name here, or a second."""
    return {
        name: value if isinstance(value, str) else "1" if name.endswith("SECONDS") else name
        for name, value in variables.items()
        if name != "POWERTOOLS_LOG_LEVEL"
    }


def _first_that_asks(name: str, folder: Path, told: Mapping[str, str]) -> Start:
    """The start on the first of the function's events that leads to DynamoDB; others are refused before."""
    for event in sorted((ROOT / "events" / name).glob("*.json")):
        start = Start(COLD_CALL.format(folder=str(folder), event=str(event)), told)
        if start.run():
            return start
    raise RuntimeError(f"no event of {name} leads to DynamoDB")
