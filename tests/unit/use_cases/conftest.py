"""Fixtures of the use cases' tests."""

import pytest

from tests.support.email_harness import EmailHarness


@pytest.fixture
def harness() -> EmailHarness:
    """The e-mail sender over stores in memory; tests/contract runs the same tests over DynamoDB."""
    return EmailHarness.in_memory()
