"""JSON schemas of bodies, answers, query parameters and problems, from the types in code."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema
from typing_extensions import is_typeddict

from bookings.domain.scheduling.conflicts import Obstacle

Json = dict[str, Any]

_COMPONENTS = "#/components/schemas/"
_REFERENCE = _COMPONENTS + "{model}"
_LIMITS = {"ge": "minimum", "le": "maximum"}
"""JSON Schema's names of limits that Pydantic leaves under its own where a validator stands before the type."""

_INT32_END = 2**31
_REMARK = re.compile(r" ?\((?:see )?docs/[^)]*\)")
"""A reference to a file of the repository, which a reader of the document does not have."""


class _Schema(GenerateJsonSchema):
    """In answers every field of a model is required, also if its value can be null."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  # Pydantic's own signature
    ) -> bool:
        if field["type"] != "typed-dict-field" and self.mode == "serialization":
            return True
        return super().field_is_required(field, total)


def generate_schemas(bodies: Iterable[Any], answers: Iterable[Any]) -> tuple[Mapping[Any, Json], Json]:
    """The schema of each type, and the definitions that they refer to, by name."""
    _read_field_docstrings()
    inputs: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]]
    inputs = [(kind, "validation", TypeAdapter(kind)) for kind in dict.fromkeys(bodies)]
    inputs += [(kind, "serialization", TypeAdapter(kind)) for kind in dict.fromkeys(answers)]
    schemas, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE, schema_generator=_Schema)
    components = definitions["$defs"]
    components["Obstacle"]["required"] = [name for name, field in Obstacle.model_fields.items() if field.is_required()]
    names = {name: _readable(name) for name in components}
    return (
        {kind: _polish(schema, names) for (kind, _), schema in schemas.items()},
        {names[name]: _polish(schema, names) for name, schema in components.items()},
    )


def _read_field_docstrings() -> None:
    """Make the docstrings of TypedDict fields their descriptions. Only here: at a cold start they cost nothing."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bookings."):
            for kind in vars(module).values():
                if is_typeddict(kind):
                    kind.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True)


def _readable(name: str) -> str:
    """`Items[StaffRequest]` is called `StaffRequestList`, and an acronym is in capitals."""
    generic = re.fullmatch(r"(Items|Page)_(\w+)_", name)
    plain = f"{generic[2]}{generic[1].replace('Items', 'List')}" if generic else name
    return re.sub(r"Pms(?=[A-Z]|$)", "PMS", plain)


def _polish(schema: Any, names: Mapping[str, str]) -> Any:
    """The schema without generated titles and internal remarks, and with readable names."""
    match schema:
        case str() if schema.startswith(_COMPONENTS):
            return _REFERENCE.format(model=names[schema.rpartition("/")[2]])
        case dict():
            return dict(_polished_keywords(schema, names))
        case list():
            return [_polish(element, names) for element in schema]
        case _:
            return schema


def _polished_keywords(schema: Json, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in schema.items():
        keyword = _LIMITS.get(name, name)
        match keyword, value:
            case "title", _:
                continue
            case "description", _:
                yield keyword, _sentence(value)
            case (("properties" | "mapping"), _):
                yield keyword, {name: _polish(part, names) for name, part in value.items()}
            case "type", "integer":
                yield from (*_integer_format(schema), (keyword, value))
            case "format", "time":  # RFC 3339's full-time has an offset; a wall-clock time has none
                yield "pattern", r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
            case (("examples" | "default" | "enum" | "const" | "required"), _):
                yield keyword, value
            case _:
                yield keyword, _polish(value, names)


def _integer_format(schema: Json) -> Iterator[tuple[str, str]]:
    if schema.get("exclusiveMaximum", 0) <= _INT32_END:  # versions of PMS events are longer
        yield "format", "int32"


def _sentence(text: str) -> str:
    """The text as a sentence, without references to files of the repository."""
    text = _REMARK.sub("", " ".join(text.split()))
    return text[:1].upper() + text[1:]


def referenced_names(value: Any) -> Iterator[str]:
    """The names of all schemas that a part of the document refers to."""
    match value:
        case {"$ref": str(reference)}:
            yield reference.rpartition("/")[2]
        case dict():
            for part in value.values():
                yield from referenced_names(part)
        case list():
            for part in value:
                yield from referenced_names(part)
