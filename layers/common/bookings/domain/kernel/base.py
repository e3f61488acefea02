"""Base classes of typed values: what Chairlink keeps, and what callers ask for.

Pydantic builds their validators on first use (`defer_build`): a cold start pays only for those that it needs.
"""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Entity(BaseModel):
    """Something Chairlink keeps. It is immutable: `model_copy(update=…)` gives the next state."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with these fields changed; TypeError for a field that the class does not have.

        Pydantic's own `model_copy` accepts any name silently, so that a misspelt change would be lost.
        """
        unknown = update.keys() - type(self).model_fields.keys() if update else ()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        return super().model_copy(update=update, deep=deep)


class Command(BaseModel):
    """What a caller asks for: unknown fields and wrong types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, defer_build=True)


def _drop_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class MergePatch(Command):
    """A JSON merge patch (RFC 7396): a field that is left out stays as it is, null returns it to its default."""

    model_config = ConfigDict(json_schema_extra=_drop_defaults)

    @property
    def changes(self) -> Mapping[str, Any]:
        """The fields that the caller sent, with their new values; the default of its field in place of null."""
        fields = type(self).model_fields
        sent = self.model_dump(exclude_unset=True)
        return {name: fields[name].default if value is None else value for name, value in sent.items()}
