"""Builds template.yaml with the SAM CLI, for the Python version and architecture of this machine."""

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
from local.terminal_output import CommandError, timed_step

_SOURCES = ("template.yaml", "samconfig.toml", "functions", "layers", "deploy/optimize_build.py")
"""Files and folders that the build depends on."""
_SAM_LOG = BUILDS / "local.log"


@dataclass(frozen=True)
class Build:
    """A built template, its parameters, and the digest of all sources that it was built from."""

    folder: Path
    digest: str
    parameters: dict[str, str]

    @property
    def template(self) -> dict[str, Any]:
        """The built template. Paths of code in it are relative to `folder`."""
        template: dict[str, Any] = yaml.safe_load((self.folder / "template.yaml").read_text())
        return template


def build() -> Build:
    """Build the current sources. If only code has changed since the last build, it is copied without the SAM CLI.

    Raises CommandError if this machine does not run Linux or the SAM CLI fails.
    """
    if sys.platform != "linux":
        raise CommandError("the local stack needs Linux (or WSL 2), because the layer contains packages for Linux")
    BUILDS.mkdir(exist_ok=True)
    with (BUILDS / "local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may build at the same time
        parameters = _parameters()
        sam_digest, code_digest = _digest(parameters, _needs_sam), _digest(parameters, _is_code)
        built = Build(BUILDS / "local", f"{sam_digest[:32]}{code_digest[:32]}", parameters)
        digest_file = BUILDS / "local.digest"
        last_digest = digest_file.read_text() if digest_file.exists() else ""
        if last_digest != built.digest:
            digest_file.unlink(missing_ok=True)
            if last_digest.startswith(sam_digest[:32]):
                with timed_step("Copying changed code"):
                    _copy_code(built)
            else:
                with timed_step(
                    "Building template.yaml with the SAM CLI (the first time it downloads the layer's packages)"
                ):
                    _run_sam(built)
            with timed_step("Optimizing the build"):
                _optimize(built)
            digest_file.write_text(built.digest)
        return built


def _parameters() -> dict[str, str]:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    overrides = config["default"]["build"]["parameters"]["parameter_overrides"]
    machine = platform.machine().lower()
    return dict(entry.split("=", 1) for entry in overrides) | {
        "PythonRuntime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "Architecture": "arm64" if machine in ("arm64", "aarch64") else "x86_64",
    }


def _needs_sam(path: Path) -> bool:
    """Whether a change of the file needs the SAM CLI: template, parameters, dependencies and how they are trimmed."""
    return path.suffix in (".yaml", ".toml") or path.name in ("requirements.txt", "optimize_build.py")


def _is_code(path: Path) -> bool:
    return not _needs_sam(path)


def _digest(parameters: dict[str, str], is_included: Callable[[Path], bool]) -> str:
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    for path in filter(is_included, _sources()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        source = ROOT / name
        if source.is_file():
            yield source
        yield from (path for path in sorted(source.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _copy_code(built: Build) -> None:
    """Copy code as SAM's build does when the dependencies are unchanged."""
    sources = template_resources()
    for name, resource in built.template["Resources"].items():
        source = sources.get(name, {}).get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            _replace(ROOT / source["CodeUri"], built.folder / resource["Properties"]["CodeUri"])
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            for package in (ROOT / source["ContentUri"]).iterdir():
                if package.is_dir():
                    _replace(package, built.folder / resource["Properties"]["ContentUri"] / "python" / package.name)


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _run_sam(built: Build) -> None:
    overrides = [f"{name}={value}" for name, value in built.parameters.items()]
    cached = ["--cached", "--cache-dir", str(BUILDS / "cache"), "--parallel"]
    command = [str(VENV / "sam/bin/sam"), "build", "--build-dir", str(built.folder), *cached]
    # SAM finds the template's Python version on the PATH; our environment has the pip that it needs.
    environment = os.environ | {"PATH": f"{VENV / 'sam/bin'}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    with _SAM_LOG.open("w") as log:
        outcome = subprocess.run(
            [*command, "--parameter-overrides", *overrides],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if outcome.returncode:
        raise CommandError(f"{_reason(_SAM_LOG.read_text(errors='replace'))} (full log: {_SAM_LOG.relative_to(ROOT)})")


def _reason(log: str) -> str:
    """Why `sam build` failed, in one line, from its log."""
    if any(
        error in log for error in ("NewConnectionError", "Temporary failure in name resolution", "NameResolutionError")
    ):
        return "sam build could not download the layer's packages; check the network connection"
    error_lines = [line for line in log.splitlines() if line.startswith("Error")] or log.splitlines()[-1:]
    return f"sam build failed: {' '.join(error_lines)}"


def _optimize(built: Build) -> None:
    """Run the same step as `make deploy` does after its build."""
    subprocess.run([sys.executable, "-m", "deploy.optimize_build", built.folder], cwd=ROOT, check=True)
