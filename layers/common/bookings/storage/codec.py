"""Convert between Python values and DynamoDB's attribute values.

boto3's serializer would make every HTTP function import boto3 (docs/adr/0030). This module has the part that we need.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import to_rfc9557

Attribute = dict[str, Any]
"""One attribute value in DynamoDB's typed JSON, such as `{"S": "text"}`."""

Item = dict[str, Attribute]


def encode(value: object) -> Attribute:  # noqa: C901  # one case per type
    """The attribute value; raises TypeError for a type that cannot be decoded again."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case StrEnum():
            return {"S": value.value}
        case str():
            return {"S": value}
        case int() | float():
            return {"N": str(value)}
        case datetime():
            return {"S": to_rfc9557(value) if isinstance(value.tzinfo, ZoneInfo) else value.isoformat()}
        case date() | time():
            return {"S": value.isoformat()}
        case list() | tuple():
            return {"L": [encode(element) for element in value]}
        case Mapping():
            return {"M": encode_item(value)}
        case _:
            raise TypeError(f"cannot encode a {type(value).__name__}")


def encode_item(values: Mapping[str, object]) -> Item:
    """The item with these attributes."""
    return {name: encode(value) for name, value in values.items()}


def encode_entity(entity: Entity) -> Item:
    """The entity's fields as an item."""
    return encode_item(entity.model_dump())


def decode(attribute: Attribute) -> Any:
    """The Python value. Times and enums stay strings; Pydantic converts them when it validates the entity."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else _to_number(value)
        case "NULL":
            return None
        case "L":
            return [decode(element) for element in value]
        case "M":
            return decode_item(value)
        case _:
            raise TypeError(f"cannot decode attribute type {kind}")


def _to_number(text: str) -> int | float:
    """A number with a point or an exponent. Versions have up to 38 digits, and `1E+37` is one of them."""
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def decode_item(item: Mapping[str, Attribute]) -> dict[str, Any]:
    """The values of the item's attributes."""
    return {name: decode(attribute) for name, attribute in item.items()}
