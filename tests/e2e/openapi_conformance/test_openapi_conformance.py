"""Generated calls against the running stack: every answer is one that docs/openapi.json announces."""

import json
import subprocess
from pathlib import Path
from secrets import randbelow

import pytest

from deploy.repository_paths import ROOT, VENV
from tests.e2e.conftest import Stack
from tests.e2e.openapi_conformance.practice_under_test import SECRET, PracticeUnderTest, create_practice

FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def practice(stack: Stack) -> PracticeUnderTest:
    return create_practice(stack)


@pytest.mark.e2e
def test_answers_to_generated_calls_are_those_of_the_openapi_document(
    stack: Stack, practice: PracticeUnderTest, tmp_path: Path
) -> None:
    options = ["--seed=1", "--max-examples=25", "--phases=examples,coverage,fuzzing"]
    _run_schemathesis(stack, practice, tmp_path, *options, keep_every_nth=8)


@pytest.mark.soak
def test_answers_to_many_generated_calls_are_those_of_the_openapi_document(
    stack: Stack, practice: PracticeUnderTest, tmp_path: Path
) -> None:
    _run_schemathesis(stack, practice, tmp_path, f"--seed={randbelow(2**32)}", "--max-examples=300", keep_every_nth=1)


def _run_schemathesis(
    stack: Stack, practice: PracticeUnderTest, folder: Path, *options: str, keep_every_nth: int
) -> None:
    """Run it in its environment; its output has the seed, and a curl command for each failure.

    `keep_every_nth` is a sample of its most frequent systematic calls.
    """
    file = folder / "schemathesis.toml"
    dictionaries = [f"\n[dictionaries.{name}]\nvalues = {json.dumps(ids)}\n" for name, ids in practice.ids.items()]
    file.write_text((FOLDER / file.name).read_text() + "".join(dictionaries))
    environment = stack.environment | {
        "AGENT_SECRET": SECRET,
        "KEEP_EVERY_NTH": str(keep_every_nth),
        "MANAGER_TOKEN": practice.manager_token,
        "SCHEMATHESIS_HOOKS_FILE": str(FOLDER / "schemathesis_hooks.py"),
    }
    command: list[str | Path] = [VENV / "schemathesis/bin/schemathesis", "--config-file", file, "run"]
    command += [ROOT / "docs/openapi.json", f"--url={stack.base_url}/v1", "--no-color", *options]

    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
