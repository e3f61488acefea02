"""The schemas of a batch of PMS events: one model per event type, made from the models of their data."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from bookings.domain.kernel.base import Command
from bookings.domain.pms.event_models import EVENT_ALIASES, EVENT_DATA, UNVERSIONED_EVENTS, HeartbeatData, Version
from bookings.entrypoints.webhook import MAX_EVENTS


def _event_model(name: str, data: type[Command]) -> type[BaseModel]:
    """The model of an event of this type, which may have aliases."""
    types = (name, *(alias for alias, of in EVENT_ALIASES.items() if of == name))
    is_versioned = name not in UNVERSIONED_EVENTS
    fields: dict[str, Any] = {
        "type": (Literal[types], ...),
        "version": (Version, ...) if is_versioned else (Version | None, None),
        "data": (data, Field(default_factory=data)) if data is HeartbeatData else (data, ...),
    }
    model = "".join(part.capitalize() for part in re.split(r"\W", name))
    return create_model(model, __config__=ConfigDict(extra="forbid"), __doc__=data.__doc__, **fields)


EVENT_MODELS: tuple[type[BaseModel], ...] = tuple(
    _event_model(name, data) for name, data in EVENT_DATA.items() if name not in EVENT_ALIASES
)
"""One model per event type."""

PmsEvent: Any = EVENT_MODELS[0]
for model in EVENT_MODELS[1:]:
    PmsEvent |= model


class EventBatch(BaseModel):
    """A batch of PMS events. Each event counts on its own: a wrong one does not affect the others."""

    model_config = ConfigDict(extra="forbid")

    events: Annotated[
        list[Annotated[PmsEvent, Field(discriminator="type")]], Field(min_length=1, max_length=MAX_EVENTS)
    ]
