"""Creates the tables of template.yaml in anything that speaks DynamoDB."""

from typing import Any

from bookings.storage.schema import Table
from tests.support.sam_template import read_template

_CREATE_TABLE_ARGUMENTS = (
    "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "StreamSpecification",
)  # fmt: skip


def logical_id(table: Table) -> str:
    """The table's logical id in the template: PMS_WRITES_TABLE is PmsWritesTable."""
    return "".join(part.title() for part in table.value.split("_"))


def create_tables(client: Any, prefix: str = "") -> dict[Table, str]:
    """Create every table; returns their names."""
    resources = read_template().resources
    names: dict[Table, str] = {}
    for table in Table:
        properties = resources[logical_id(table)]["Properties"]
        arguments = {name: properties[name] for name in _CREATE_TABLE_ARGUMENTS if name in properties}
        if "StreamSpecification" in arguments:
            arguments["StreamSpecification"] = {"StreamEnabled": True, **arguments["StreamSpecification"]}
        names[table] = prefix + logical_id(table)
        client.create_table(TableName=names[table], **arguments)
    return names


def empty_table(client: Any, name: str, *keys: str) -> None:
    """Delete every item of the table with these key attributes."""
    for item in client.scan(TableName=name, ConsistentRead=True)["Items"]:
        client.delete_item(TableName=name, Key={key: item[key] for key in keys})
