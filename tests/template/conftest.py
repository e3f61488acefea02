"""The system under test."""

import pytest

from .system import ROOT, System


@pytest.fixture(scope="session")
def system() -> System:
    """What template.yaml describes."""
    return System.read(ROOT / "template.yaml")
