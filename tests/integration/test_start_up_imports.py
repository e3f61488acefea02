"""A function imports only what it uses, because a cold start pays for every module."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache

import pytest

from deploy.repository_paths import ROOT
from tests.support.dynamodb_engines import OTHER_SETTINGS

EMAIL = {"send_email", "sweep_outbox", "record_email_event"}
REPORTS = {"enqueue_due_reports", "build_report"}
"""No caller waits for them, and they draw charts."""

HISTORY = {"classify_misfits"}
"""No caller waits for it."""

HTTP = sorted(folder.name for folder in (ROOT / "functions").iterdir() if folder.name not in EMAIL | REPORTS | HISTORY)
NEVER = {
    "aws_lambda_powertools.utilities.data_classes",
    "aws_xray_sdk",
    "boto3",
    "icalendar",
    "idna",
    "jinja2",
    "phonenumbers",
    "pynamodb.models",
    "requests",
    "s3transfer",
}
"""Not in functions with a waiting caller. What compares patients or parses numbers is imported on first use."""

ONLY_IN = {
    "bookings.domain.matching.candidate_ranking": {"receive_pms_events"},
    "jellyfish": {"receive_pms_events"},
    "bookings.domain.reporting.conversion_report": {"read_conversion_report"},
    "standardwebhooks": {"receive_pms_events", "pull_pms_writes"},
    "bookings.emails.ses_transport": set[str](),
}

BUDGET = (80, 235)
BUDGETS = {"receive_pms_events": (96, 238)}
"""How many modules of ours and of libraries a start may load. Python's own are not counted: they differ by version."""


@pytest.fixture(scope="module")
def loaded() -> Callable[[str], set[str]]:
    """The modules that a function imports at start, beyond Python's own start."""
    source = "import sys; before = set(sys.modules); import app; print(*set(sys.modules) - before)"
    environment = {**os.environ, **OTHER_SETTINGS, "PYTHONPATH": str(ROOT / "layers/common")}

    @cache
    def modules(function: str) -> set[str]:
        folder = ROOT / "functions" / function
        done = subprocess.run(
            [sys.executable, "-c", source], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        return set(done.stdout.split())

    return modules


@pytest.mark.parametrize("function", HTTP)
def test_a_function_imports_nothing_that_it_does_not_use(loaded: Callable[[str], set[str]], function: str) -> None:
    unwanted = NEVER | {module for module, users in ONLY_IN.items() if function not in users}
    assert unwanted & loaded(function) == set()


@pytest.mark.parametrize("function", HTTP)
def test_a_function_stays_within_its_budget_of_modules(loaded: Callable[[str], set[str]], function: str) -> None:
    modules = {name for name in loaded(function) if name.partition(".")[0] not in sys.stdlib_module_names}
    ours = {name for name in modules if name.partition(".")[0] == "bookings"}
    most_ours, most_libraries = BUDGETS.get(function, BUDGET)
    assert len(ours) <= most_ours
    assert len(modules - ours) <= most_libraries
