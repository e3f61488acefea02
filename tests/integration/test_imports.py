"""Nothing is imported that the operation does not use: a cold start pays for every module."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAIL = {"send_email", "sweep_outbox", "settle_email"}
HTTP = sorted(folder.name for folder in (ROOT / "functions").iterdir() if folder.name not in MAIL)
NEVER = {"boto3", "s3transfer", "aws_xray_sdk", "jinja2", "icalendar", "requests", "pynamodb.models"}
ONLY_IN = {
    "bookings.domain.conversion": {"report_conversion"},
    "phonenumbers": {
        "receive_pms_events",
        "update_practice",
        "submit_request",
        "withdraw_request",
        "read_public_request",
        "list_public_openings",
    },
    "standardwebhooks": {"receive_pms_events", "pull_pms_writes"},
    "bookings.mail.ses": set[str](),
}


@pytest.mark.parametrize("function", HTTP)
def test_a_function_loads_nothing_that_it_does_not_use(function: str) -> None:
    source = "import sys, app; print(' '.join(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers/common")}
    folder = ROOT / "functions" / function
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    unwanted = NEVER | {module for module, users in ONLY_IN.items() if function not in users}
    assert unwanted & set(done.stdout.split()) == set()
