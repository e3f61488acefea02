"""The tables of template.yaml, created in whatever speaks DynamoDB: there is no second list of keys and indexes."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bookings.storage.schema import Table

TEMPLATE = Path(__file__).parent.parent / "template.yaml"

NAMES = {table: "".join(part.title() for part in table.value.split("_")) for table in Table}
"""Each table under the logical id that it has in the template."""

_OF_DYNAMODB = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "StreamSpecification")


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, whose values do not matter here."""


_Loader.add_multi_constructor("!", lambda *_: None)


def create_tables(client: Any, prefix: str = "") -> dict[Table, str]:
    """Create every table; the names under which they are now."""
    names: dict[Table, str] = {}
    for table, logical_id in NAMES.items():
        properties = _resources()[logical_id]["Properties"]
        arguments = {name: properties[name] for name in _OF_DYNAMODB if name in properties}
        if "StreamSpecification" in arguments:
            arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
        names[table] = prefix + logical_id
        client.create_table(TableName=names[table], **arguments)
    return names


@cache
def _resources() -> dict[str, Any]:
    # A SafeLoader with one more constructor is still safe.
    resources: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)["Resources"]
    return resources
