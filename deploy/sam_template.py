"""Reads template.yaml, the SAM template of the whole system: for deploying, for the local stack, contract and tests."""

from functools import cache
from typing import Any

import yaml

from deploy.repository_paths import ROOT

Node = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags into their long form: `!Ref Stage` becomes `{"Ref": "Stage"}`."""


def _to_long_form(loader: _Loader, tag: str, node: yaml.Node) -> Node:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _to_long_form)


@cache
def template() -> Node:
    """The whole template, with intrinsic functions in their long form."""
    whole: Node = _Loader((ROOT / "template.yaml").read_text()).get_single_data()
    return whole


def template_resources() -> Node:
    """The resources of the template by logical id."""
    resources: Node = template()["Resources"]
    return resources
