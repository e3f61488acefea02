"""A PMS sync agent: the program beside a practice's PMS that reports changes and writes appointments."""

from datetime import datetime, timedelta

from bookings.domain.kernel.base import Entity

SILENCE_LIMIT = timedelta(minutes=30)
"""Time without any event or heartbeat after which an agent is reported as silent."""


class Agent(Entity):
    """An agent of a practice, with its signing secrets: two while they are rotated, otherwise one."""

    id: str
    practice_id: str
    secrets: tuple[str, ...]


class AgentActivity(Entity):
    """When an agent last called (`heard_at`), last sent an event, and last sent a heartbeat."""

    agent_id: str
    heard_at: datetime
    last_event_at: datetime | None = None
    last_heartbeat_at: datetime | None = None


class SilentAgent(Entity):
    """An agent that is past the silence limit, and since when."""

    agent_id: str
    practice_id: str
    silent_from: datetime
