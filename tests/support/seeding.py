"""Puts practices and requests into stores, whatever they are made of."""

from typing import Protocol

from bookings.domain.change_set import ChangeSet, Edit
from bookings.domain.practice.agent import Agent
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request
from bookings.use_cases.ports import BookingStore, PracticeRepository
from tests.support.builders import a_stamp, sections_of


class WritablePracticeRepository(PracticeRepository, Protocol):
    """A PracticeRepository to which practices and agents can be added; no use case does."""

    def save(self, practice: Practice) -> None:
        """Store the practice without its sections."""

    def save_agent(self, agent: Agent) -> None:
        """Store the agent with its secrets."""


def add_practice(practices: WritablePracticeRepository, practice: Practice, *agents: Agent) -> None:
    """Store the practice and its agents, and record its sections as its PMS would send them."""
    practices.save(practice)
    for kind, section_id, section in sections_of(practice):
        practices.record_section(practice.id, kind, section_id, 1, section)
    for agent in agents:
        practices.save_agent(agent)


def submit_requests(bookings: BookingStore, *requests: Request) -> None:
    """Commit the requests as if patients had submitted them just now."""
    for request in requests:
        bookings.commit(
            ChangeSet(stamp=a_stamp("patient", request.received_at), action="submit", request=Edit(None, request))
        )
