"""Builds template.yaml with the SAM CLI for this machine's own Python and architecture."""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.repository_paths import BUILDS, ROOT, VENV
from deploy.sam_template import template_resources
from local.terminal_output import CannotGoOn, step

_INPUTS = ("template.yaml", "samconfig.toml", "functions", "layers", "deploy/optimize_build.py")
_LOG = BUILDS / "local.log"


@dataclass(frozen=True)
class Build:
    """A built template, and the digest of everything that went into it."""

    folder: Path
    digest: str
    parameters: dict[str, str]

    @property
    def template(self) -> dict[str, Any]:
        """The built template: plain YAML, code as paths relative to its folder."""
        loaded: dict[str, Any] = yaml.safe_load((self.folder / "template.yaml").read_text())
        return loaded


def build() -> Build:
    """The build of the sources as they are now; only what changed is made anew."""
    if sys.platform != "linux":
        raise CannotGoOn("the local stack runs on Linux (WSL 2 too): the layer holds what Lambda runs, Linux packages")
    BUILDS.mkdir(exist_ok=True)
    with (BUILDS / "local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may start at the same time
        parameters = _parameters()
        frame, code = _digest(parameters, _is_frame), _digest(parameters, _is_code)
        built = Build(BUILDS / "local", f"{frame[:32]}{code[:32]}", parameters)
        stamp = BUILDS / "local.digest"
        standing = stamp.read_text() if stamp.exists() else ""
        if standing != built.digest:
            stamp.unlink(missing_ok=True)
            if standing.startswith(frame[:32]):
                with step("Copying the code that changed"):
                    _copy_code(built)
            else:
                with step("Building template.yaml with the SAM CLI (the first time it downloads the layer's packages)"):
                    _run_sam(built)
            with step("Packing the layer"):
                _pack(built)
            stamp.write_text(built.digest)
        return built


def _parameters() -> dict[str, str]:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    given = config["default"]["build"]["parameters"]["parameter_overrides"]
    machine = platform.machine().lower()
    return dict(entry.split("=", 1) for entry in given) | {
        "PythonRuntime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Architecture": "arm64" if machine in ("arm64", "aarch64") else "x86_64",
    }


def _is_frame(path: Path) -> bool:
    """Whether a change of it needs the SAM CLI: the template, its parameters, dependencies and what is kept of them."""
    return path.suffix in (".yaml", ".toml") or path.name in ("requirements.txt", "optimize_build.py")


def _is_code(path: Path) -> bool:
    return not _is_frame(path)


def _digest(parameters: dict[str, str], counts: Callable[[Path], bool]) -> str:
    found = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    for path in filter(counts, _sources()):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _sources() -> Iterator[Path]:
    for name in _INPUTS:
        place = ROOT / name
        if place.is_file():
            yield place
        yield from (path for path in sorted(place.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _copy_code(built: Build) -> None:
    """What SAM's build does to code whose dependencies stand: it copies it."""
    sources = template_resources()
    for name, resource in built.template["Resources"].items():
        origin = sources.get(name, {}).get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            _replace(ROOT / origin["CodeUri"], built.folder / resource["Properties"]["CodeUri"])
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            for package in (ROOT / origin["ContentUri"]).iterdir():
                if package.is_dir():
                    _replace(package, built.folder / resource["Properties"]["ContentUri"] / "python" / package.name)


def _replace(origin: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__"))


def _run_sam(built: Build) -> None:
    overrides = [f"{name}={value}" for name, value in built.parameters.items()]
    cached = ["--cached", "--cache-dir", str(BUILDS / "cache"), "--parallel"]
    command = [str(VENV / "sam/bin/sam"), "build", "--build-dir", str(built.folder), *cached]
    # SAM looks for the template's Python on the PATH, and our environment has the pip it needs.
    environment = os.environ | {"PATH": f"{VENV / 'sam/bin'}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    with _LOG.open("w") as log:
        outcome = subprocess.run(
            [*command, "--parameter-overrides", *overrides],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if outcome.returncode:
        raise CannotGoOn(f"{_blame(_LOG.read_text(errors='replace'))} (the whole story: {_LOG.relative_to(ROOT)})")


def _blame(log: str) -> str:
    if any(
        sign in log for sign in ("NewConnectionError", "Temporary failure in name resolution", "NameResolutionError")
    ):
        return "sam build could not download the layer's packages: is there a network?"
    last = [line for line in log.splitlines() if line.startswith("Error")] or log.splitlines()[-1:]
    return f"sam build failed: {' '.join(last)}"


def _pack(built: Build) -> None:
    """What `make deploy` does after its build."""
    subprocess.run([sys.executable, "-m", "deploy.optimize_build", built.folder], cwd=ROOT, check=True)
