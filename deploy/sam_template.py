"""Reads template.yaml, the SAM template of the whole system."""

import re
from functools import cache
from typing import Any

import yaml

from deploy.repository_paths import ROOT


@cache
def template_resources() -> dict[str, Any]:
    """The resources of template.yaml by logical id.

    Intrinsic functions lose their tag: `!Ref Stage` becomes "Stage".
    """
    resources: dict[str, Any] = yaml.safe_load(re.sub(r"!\w+", "", (ROOT / "template.yaml").read_text()))["Resources"]
    return resources
