"""A PMS sync agent: the program beside a practice's PMS that reports changes and writes appointments."""

from bookings.domain.entity import Entity


class Agent(Entity):
    """Whose agent it is, and the secrets it may sign with: two while they are being rotated."""

    id: str
    practice_id: str
    secrets: tuple[str, ...]
