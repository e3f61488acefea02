"""Practices in memory."""

from collections.abc import Mapping
from datetime import datetime
from threading import RLock
from typing import TypeVar

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.ids import check_chosen_id
from bookings.domain.practice.agent import Agent, AgentActivity
from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import (
    Chair,
    ContradictedSection,
    Pms,
    Practice,
    Practitioner,
    SectionKind,
    Service,
)

_Section = TypeVar("_Section", bound=Entity)


class InMemoryPracticeRepository:
    """The PracticeRepository in memory. Set `error` to make every `get` raise it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._practices: dict[str, Practice] = {}
        self._agents: dict[str, Agent] = {}
        self._sections: dict[tuple[str, SectionKind, str], tuple[int, Entity]] = {}
        self._contradictions: dict[tuple[str, SectionKind, str], Entity] = {}
        self._activities: dict[tuple[str, str], AgentActivity] = {}
        self.error: Exception | None = None

    def get(self, practice_id: str) -> Practice | None:
        if self.error:
            raise self.error
        with self._lock:
            practice = self._practices.get(practice_id)
            return practice and self._assembled(practice)

    def agent(self, agent_id: str) -> Agent | None:
        return self._agents.get(agent_id)

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        practice = self._practices[practice_id]
        of_pms = {name: value for name, value in changes.items() if name in Pms.model_fields}
        others = {name: value for name, value in changes.items() if name not in of_pms}
        pms = practice.pms.model_copy(update=of_pms)
        self._practices[practice_id] = practice.model_copy(update={**others, "pms": pms})

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        key = practice_id, kind, section_id
        with self._lock:
            known = self._sections.get(key)
            if known and (known[0] > version or known == (version, section)):
                return EventOutcome.IGNORED
            if known and known[0] == version:
                self._contradictions[key] = section
                return EventOutcome.CONTRADICTION
            self._sections[key] = version, section
            self._contradictions.pop(key, None)
            return EventOutcome.APPLIED

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        key = agent.practice_id, agent.id
        known = self._activities.get(key, AgentActivity(agent_id=agent.id, heard_at=now))
        moments = {"heard_at": now} | ({"last_heartbeat_at": now} if heartbeat else {})
        moments |= {"last_event_at": now} if events else {}
        self._activities[key] = known.model_copy(update=moments)

    def save(self, practice: Practice) -> None:
        self._practices[check_chosen_id(practice.id)] = practice

    def save_agent(self, agent: Agent) -> None:
        self._agents[check_chosen_id(agent.id)] = agent

    def _assembled(self, practice: Practice) -> Practice:
        activities = tuple(
            one for (practice_id, _), one in sorted(self._activities.items()) if practice_id == practice.id
        )
        activity = {
            "synced_at": max((one.heard_at for one in activities), default=None),
            "agents": activities,
        }
        hours = self._of(practice, "hours", Hours)
        contradictions = tuple(
            ContradictedSection(
                kind=key[1],
                id=key[2],
                version=self._sections[key][0],
                told=section.model_dump(mode="json", exclude={"hours"}),
            )
            for key, section in sorted(self._contradictions.items(), key=lambda one: one[0][1:])
            if key[0] == practice.id
        )

        def with_hours(kind: SectionKind, of: type[_Section]) -> tuple[_Section, ...]:
            hours_kind: SectionKind = "chair_hours" if kind == "chair" else "practitioner_hours"
            own = hours | self._of(practice, hours_kind, Hours)
            sections = self._of(practice, kind, of)
            return tuple(one.model_copy(update={"hours": own.get(name)}) for name, one in sections.items())

        return practice.model_copy(
            update={
                "pms": practice.pms.model_copy(update={**activity, "contradictions": contradictions}),
                "hours": hours.get(practice.id),
                "practitioners": with_hours("practitioner", Practitioner),
                "chairs": with_hours("chair", Chair),
                "services": tuple(self._of(practice, "service", Service).values()),
            }
        )

    def _of(self, practice: Practice, kind: SectionKind, _: type[_Section]) -> dict[str, _Section]:
        """The practice's sections of that kind by id, in order of their ids."""
        return {
            section_id: section  # type: ignore[misc]  # recorded under their kind
            for (practice_id, of, section_id), (_, section) in sorted(self._sections.items(), key=lambda one: one[0])
            if (practice_id, of) == (practice.id, kind)
        }
