"""What the stores offer beyond the use cases' ports, for tests that set a scene."""

from typing import Protocol

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore, PracticeRepository
from tests.builders import a_stamp, sections_of


class Practices(PracticeRepository, Protocol):
    """Practices that can be founded."""

    def save(self, practice: Practice) -> None:
        """Keep the practice's own row."""

    def save_agent(self, agent: Agent) -> None:
        """Keep the agent's key record."""


def move_in(practices: Practices, practice: Practice, *agents: Agent) -> None:
    """Found the practice and tell of everything in it, as its PMS would."""
    practices.save(practice)
    for kind, section_id, section in sections_of(practice):
        practices.record_section(practice.id, kind, section_id, 1, section)
    for agent in agents:
        practices.save_agent(agent)


def submitted(bookings: BookingStore, *requests: Request) -> None:
    """The requests as if patients had submitted them just now."""
    for request in requests:
        bookings.commit(
            ChangeSet(stamp=a_stamp("patient", request.received_at), action="submit", request=Edit(None, request))
        )
