"""Between our typed values and DynamoDB's attribute values.

boto3's own serializer would bring boto3 into every HTTP function (DESIGN §11); this is the part of it that we use.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.wall_time import to_rfc9557

Attribute = dict[str, Any]
"""One attribute value in DynamoDB's typed JSON, such as `{"S": "text"}`."""

Item = dict[str, Attribute]


def encode(value: object) -> Attribute:  # noqa: C901  # a case for each kind of value
    """The attribute value; TypeError for what DynamoDB could not give back."""
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
            raise TypeError(f"{type(value).__name__} has no attribute value")


def encode_item(values: Mapping[str, object]) -> Item:
    """Each value encoded."""
    return {name: encode(value) for name, value in values.items()}


def encode_entity(entity: Entity) -> Item:
    """The entity's fields as an item."""
    return encode_item(entity.model_dump())


def decode(attribute: Attribute) -> Any:
    """The plain value; Pydantic turns texts back into times and enums."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "NULL":
            return None
        case "L":
            return [decode(element) for element in value]
        case "M":
            return decode_item(value)
        case _:
            raise TypeError(f"attribute type {kind} is never written here")


def decode_item(item: Mapping[str, Attribute]) -> dict[str, Any]:
    """Each attribute decoded."""
    return {name: decode(attribute) for name, attribute in item.items()}
