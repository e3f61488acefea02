"""The README's commands, as pasted from it."""

import re
import subprocess

import pytest

from deploy.repository_paths import ROOT
from tests.e2e.stage import Stage

pytestmark = pytest.mark.e2e


def test_the_commands_of_the_readme_work(stage: Stage) -> None:
    section = (ROOT / "README.md").read_text().partition("## The API by example")[2].partition("\n## ")[0]
    lines = "\necho\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    assert "API=http://127.0.0.1:8000" in lines
    script = lines.replace("http://127.0.0.1:8000", stage.stack.base_url)

    done = subprocess.run(
        ["bash", "-eu"],
        input=script,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=stage.stack.environment,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    for expected in ('"with_changes"', '"action": "accept"', '"gross_conversion"', '"possible-match"', '"linked"'):
        assert expected in done.stdout
    assert '"internal-error"' not in done.stdout
