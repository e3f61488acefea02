"""The two kinds of typed values: what is kept, and what somebody asks for.

Their validators are built when they are first used: an operation pays at cold start for the few that it needs.
"""

from pydantic import BaseModel, ConfigDict


class Entity(BaseModel):
    """Something Chairlink keeps. Never changed in place: a decision makes the next one with `model_copy`."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Command(BaseModel):
    """What a caller asks for, exactly: no unknown field, no string where a number belongs."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, defer_build=True)
