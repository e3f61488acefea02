"""samconfig.toml: three stages, no secrets."""

import re
import tomllib
from typing import Any

import pytest

from deploy.repository_paths import ROOT
from tests.support.sam_template import SamTemplate

STAGES = ("local", "staging", "production")


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    return tomllib.loads((ROOT / "samconfig.toml").read_text())


def _overrides(stage: dict[str, Any]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in stage["build"]["parameters"]["parameter_overrides"])


def test_the_stages_are_the_allowed_values_of_the_template(template: SamTemplate, stages: dict[str, Any]) -> None:
    assert set(template.document["Parameters"]["Stage"]["AllowedValues"]) == set(STAGES)
    assert set(stages) - {"version", "default"} == set(STAGES)


def test_the_default_stage_is_local(stages: dict[str, Any]) -> None:
    assert stages["default"] == stages["local"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_sets_every_parameter_without_a_default(
    template: SamTemplate, stages: dict[str, Any], stage: str
) -> None:
    parameters = template.document["Parameters"]
    given = _overrides(stages[stage])
    assert set(given) <= set(parameters)
    assert {name for name, parameter in parameters.items() if "Default" not in parameter} <= set(given)
    assert given["Stage"] == stage
    assert stages[stage]["global"]["parameters"]["stack_name"] == f"chairlink-{stage}"


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_a_stage_is_deployed_with_the_parameters_it_was_built_with(stages: dict[str, Any], stage: str) -> None:
    deploy = stages[stage]["deploy"]["parameters"]
    assert deploy["parameter_overrides"] == stages[stage]["build"]["parameters"]["parameter_overrides"]
    assert deploy["capabilities"] == "CAPABILITY_IAM"


def test_production_confirms_change_sets(stages: dict[str, Any]) -> None:
    assert stages["production"]["deploy"]["parameters"]["confirm_changeset"] is True


def test_no_stage_contains_an_account_id_or_a_secret() -> None:
    text = (ROOT / "samconfig.toml").read_text()
    assert not re.search(r"\d{12}|arn:|AKIA|secret|password|profile", text, re.IGNORECASE)
