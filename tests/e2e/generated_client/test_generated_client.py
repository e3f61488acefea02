"""docs/openapi.json is enough for a public generator to make a working client."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.repository_paths import ROOT, VENV
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

ENVIRONMENT = VENV / "client/bin"
SCRIPT = Path(__file__).parent / "readme_calls.py"

# The generator's template of client.py hands on exception details untyped; no file made from our document does.
MYPY_CONFIG = """
[mypy]
strict = true
[mypy-chairlink_client.client]
disable_error_code = arg-type
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated client. The generator must skip nothing."""
    folder = tmp_path_factory.mktemp("client")
    options: list[str | Path] = ["--meta=none", "--fail-on-warning", "--path", ROOT / "docs/openapi.json"]
    output = _run(folder, "openapi-python-client", "generate", *options, "--output-path", folder / "chairlink_client")
    assert "arning" not in output
    return folder


def test_the_generated_client_has_a_function_for_each_operation(folder: Path) -> None:
    operations = (ROOT / "docs/openapi.json").read_text().count('"operationId"')
    modules = [path for path in folder.glob("chairlink_client/api/*/*.py") if path.name != "__init__.py"]
    assert len(modules) == operations


def test_the_generated_client_and_a_script_with_it_pass_strict_type_checks(folder: Path) -> None:
    config = folder / "mypy.ini"
    config.write_text(MYPY_CONFIG)
    _run(folder, "mypy", "--config-file", config, "-p", "chairlink_client")
    _run(folder, "mypy", "--config-file", config, SCRIPT)


def test_the_generated_client_makes_the_calls_of_the_readme(stack: Stack, folder: Path) -> None:
    _run(folder, "python", SCRIPT, stack.base_url)


def _run(folder: Path, command: str, *arguments: str | Path) -> str:
    """Run a command of the environment in the folder; returns its output."""
    path = f"{ENVIRONMENT}{os.pathsep}{os.environ['PATH']}"  # the generator formats its code with ruff
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(folder), "MYPYPATH": str(folder)}
    done = subprocess.run(
        [ENVIRONMENT / command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
