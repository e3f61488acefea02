"""The schema module, template.yaml and docs/data-model.md describe the same tables, keys and indexes."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bookings.storage.schema import SCHEMA, KeySchema, Table
from deploy.repository_paths import ROOT
from tests.support.sam_template import SamTemplate

STORAGE = ROOT / "layers/common/bookings/storage"
READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
WRITE = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
DATA_MODEL = (ROOT / "docs/data-model.md").read_text()


def logical_id(table: Table) -> str:
    return "".join(word.title() for word in table.value.split("_"))


def key_schemas_of(table: Table, properties: dict[str, Any]) -> Iterator[KeySchema]:
    yield KeySchema(table, *(key["AttributeName"] for key in properties["KeySchema"]))
    for index in properties.get("GlobalSecondaryIndexes", ()):
        partition, sort = (key["AttributeName"] for key in index["KeySchema"])
        yield KeySchema(table, partition, sort, index["IndexName"])


def section_of(table: Table) -> str:
    """What docs/data-model.md says about the table."""
    heading = logical_id(table).removesuffix("Table")
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", DATA_MODEL, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[1]


def test_the_template_has_exactly_the_declared_keys_and_indexes(template: SamTemplate) -> None:
    tables = template.properties("AWS::DynamoDB::Table")
    assert {logical_id(table) for table in Table} == set(tables)
    assert set(SCHEMA) == {key for table in Table for key in key_schemas_of(table, tables[logical_id(table)])}


def test_only_the_schema_module_spells_index_names_and_index_keys() -> None:
    """Entity fields that are keys too are allowed, and `open`, which is also the value of a partition."""
    of_indexes = {part for keys in SCHEMA if keys.index for part in (keys.index, *keys.names)}
    allowed = {"practice_id", "request_id", "due_at", "give_up_at", "silent_from", "open"}
    for path in STORAGE.glob("*.py"):
        if path.name != "schema.py":
            strings = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
            assert not strings & (of_indexes - allowed), path.name


@pytest.mark.parametrize("table", Table)
def test_the_data_model_page_names_each_key_and_index(table: Table) -> None:
    rows = re.findall(r"^\| (?:`(\w+)`|table) \| `(\w+)` \| (?:`(\w+)`)? \|", section_of(table), re.MULTILINE)
    documented = {KeySchema(table, partition, sort, index or None) for index, partition, sort in rows}
    assert documented == {keys for keys in SCHEMA if keys.table is table}


@pytest.mark.parametrize("table", Table)
@pytest.mark.parametrize(("label", "actions"), [("Read by", READ), ("Written by", WRITE)])
def test_the_data_model_page_names_the_functions_that_may_use_a_table(
    template: SamTemplate, table: Table, label: str, actions: set[str]
) -> None:
    found = re.search(rf"^{label}: (.*?)\.\n", section_of(table) + "\n", re.DOTALL | re.MULTILINE)
    assert found
    allowed = {function.folder for function in template.functions if function.actions_on(logical_id(table)) & actions}
    assert set(re.findall(r"`(\w+)`", found[1])) == allowed
