"""Statements of the documentation about the code."""

import base64
import hashlib
import hmac
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from deploy.repository_paths import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
"""The targets that `make help` lists."""


def _signature_by_hand() -> dict[str, str]:
    """The rows of the worked example in "Connect your PMS"."""
    section = (DOCS / "how-to/connect-your-pms.md").read_text().partition("## 1. Sign")[2].partition("## 2.")[0]
    return {what.strip(): value for what, value in re.findall(r"^\| ([^|]+) \| `(.+)` \|$", section, re.MULTILINE)}


def test_the_worked_example_of_a_signature_is_correct() -> None:
    rows = list(_signature_by_hand().values())
    secret, webhook_id, timestamp, body, key, signed, digest, encoded, signature = rows
    assert key == base64.b64decode(secret.removeprefix("whsec_")).hex()
    assert signed == f"{webhook_id}.{timestamp}.{body}"
    assert digest == hmac.new(bytes.fromhex(key), signed.encode(), hashlib.sha256).hexdigest()
    assert encoded == base64.b64encode(bytes.fromhex(digest)).decode()
    assert signature == f"v1,{encoded}"
    assert signature == Webhook(secret).sign(webhook_id, datetime.fromtimestamp(int(timestamp), UTC), body)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the lines use openssl")
def test_the_shell_commands_produce_the_same_signature() -> None:
    text = (DOCS / "how-to/connect-your-pms.md").read_text()
    (lines,) = (block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "openssl" in block)
    done = subprocess.run(["bash", "-eu"], input=lines, capture_output=True, text=True, check=True)
    assert f"v1,{done.stdout.strip()}" == _signature_by_hand()["`webhook-signature`"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    relative = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in relative if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_page_is_wrapped_at_120_characters(page: Path) -> None:
    """Rows of tables, code blocks and images cannot be wrapped."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    prose = [line for line in text.splitlines() if not line.startswith(("|", "<img ", "!["))]
    assert [line for line in prose if len(line) > 120] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_in_a_page_exists(page: Path) -> None:
    named = set(re.findall(r"(?:`|^|; )make ([a-z-]+)", page.read_text(), re.MULTILINE))
    assert named <= MAKE_TARGETS


def test_contributing_says_when_to_use_each_make_target() -> None:
    rows = re.findall(r"^\| `make ([a-z-]+)` \| .+ \|$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(MAKE_TARGETS)
