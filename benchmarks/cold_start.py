"""Measures cold starts in the unit R: the CPU time of a fresh process that only does `boto3.client("dynamodb")`.

The boto3 of R is the one that pip installs. A handler's figure is the CPU time (user and system) of a fresh process
from its start to the moment before its first DynamoDB request is sent: interpreter, imports, clients, and the API call
read, validated and turned into that signed request. It contains no network time and no time of Lambda itself. The
measured code is the code that ships: layer and functions as built by SAM and optimized by deploy/optimize_build.py.
Each function gets an event of events/ and its own environment variables.

Each round starts every process once, in random order. The minimum of all rounds counts, because other programs use the
machine too.
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
BOTO3_CLIENT = 'import boto3; boto3.client("dynamodb")'
LIBRARIES = (
    ("PynamoDB's client", "import gc; gc.disable()\nfrom pynamodb.connection import Connection; Connection().client"),
    ("and Pydantic", "import pydantic.main, pydantic.types"),
    ("and Logger and Metrics", "from aws_lambda_powertools import Logger, Metrics; Logger(); Metrics()"),
)
"""(name, source) of the libraries that handlers use. They are measured cumulatively, with the garbage collector off."""
HANDLER_CALL = """
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
"""Calls a handler. The process exits with 0 at the first AWS request, with 1 if there is none."""


@dataclass(frozen=True)
class ColdStart:
    """A fresh process to measure: its source and its environment variables."""

    source: str
    environment: Mapping[str, str] = field(default_factory=dict)

    def succeeds(self) -> bool:
        """Run the process. Whether it exits with 0."""
        command = [sys.executable, "-c", f"{self.source}\nimport os; os._exit(0)"]
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "AWS_DEFAULT_REGION": "ca-central-1",
            "AWS_LAMBDA_FUNCTION_NAME": "cold",
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            **self.environment,
        }
        return not subprocess.run(command, env=environment, check=False, capture_output=True).returncode

    def cpu_seconds(self) -> float:
        """Run the process. Its user and system time in seconds. Raises RuntimeError if it fails."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if not self.succeeds():
            raise RuntimeError(f"the process failed: {self.source}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def print_cold_starts(built: Build) -> None:
    starts = dict(_cold_starts(built))
    minimum = dict.fromkeys(starts, float("inf"))
    for _ in range(ROUNDS):
        for name in random.sample(list(starts), len(starts)):
            minimum[name] = min(minimum[name], starts[name].cpu_seconds())
    print(f"Cold start until the first DynamoDB request (R = {minimum['R'] * 1000:.0f} ms of CPU time on this machine)")
    print(f"  {'':26} {'in R':>6} {'in R in our layer':>18}")
    for name, seconds in minimum.items():
        print(f"  {name:26} {seconds / minimum['R']:6.2f} {seconds / minimum['R in our layer']:18.2f}")


def _cold_starts(built: Build) -> Iterator[tuple[str, ColdStart]]:
    functions = {
        name: resource["Properties"]
        for name, resource in built.template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    global_variables = built.template["Globals"]["Function"]["Environment"]["Variables"]
    environment = {"PYTHONPATH": str(built.folder / "BookingsLayer/python")} | _resolve(global_variables)
    yield "nothing", ColdStart("pass")
    yield "R", ColdStart(BOTO3_CLIENT)
    yield "R in our layer", ColdStart(BOTO3_CLIENT, environment)
    for n, (name, _) in enumerate(LIBRARIES):
        yield name, ColdStart("\n".join(source for _, source in LIBRARIES[: n + 1]), environment)
    for logical_id, properties in sorted(functions.items()):
        own_variables = properties.get("Environment", {}).get("Variables", {})
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id.removesuffix("Function")).lower()
        yield name, _handler_start(name, built.folder / properties["CodeUri"], environment | _resolve(own_variables))


def _resolve(variables: Mapping[str, Any]) -> dict[str, str]:
    """The template's environment variables as strings.

    A value that only a deployment knows becomes the variable's own name, or "1" if it is a number of seconds.
    """
    return {
        name: value if isinstance(value, str) else "1" if name.endswith("SECONDS") else name
        for name, value in variables.items()
        if name != "POWERTOOLS_LOG_LEVEL"
    }


def _handler_start(name: str, folder: Path, environment: Mapping[str, str]) -> ColdStart:
    """A start with the first of the function's events that leads to a DynamoDB request; others end before."""
    for event in sorted((ROOT / "events" / name).glob("*.json")):
        start = ColdStart(HANDLER_CALL.format(folder=str(folder), event=str(event)), environment)
        if start.succeeds():
            return start
    raise RuntimeError(f"no event of {name} leads to a DynamoDB request")
