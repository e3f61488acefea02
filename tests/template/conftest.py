"""The template under test."""

import pytest

from tests.support.sam_template import SamTemplate, read_template


@pytest.fixture(scope="session")
def template() -> SamTemplate:
    """What template.yaml describes."""
    return read_template()
