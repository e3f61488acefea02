"""A PMS sync agent: the program beside a practice's PMS that reports changes and writes appointments."""

from datetime import datetime, timedelta

from bookings.domain.kernel.base import Entity

SILENCE_LIMIT = timedelta(minutes=30)
"""An agent that says nothing for so long, not even that it is alive, needs somebody to look."""


class Agent(Entity):
    """Whose agent it is, and the secrets it may sign with: two while they are being rotated."""

    id: str
    practice_id: str
    secrets: tuple[str, ...]


class AgentActivity(Entity):
    """When an agent was last heard, and what it said then: something of the schedule, or only that it is alive."""

    agent_id: str
    heard_at: datetime
    last_event_at: datetime | None = None
    last_heartbeat_at: datetime | None = None


class SilentAgent(Entity):
    """An agent that has said nothing for too long, and from when on that was so."""

    agent_id: str
    practice_id: str
    silent_from: datetime
