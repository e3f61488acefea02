"""Practices, their sections from the PMS, and their agents."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from pynamodb.expressions.operand import Path

from bookings.domain.kernel.base import Entity
from bookings.domain.kernel.ids import check_chosen_id
from bookings.domain.practice.agent import SILENCE_LIMIT, Agent, SilentAgent
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Pms, Practice, SectionKind
from bookings.storage.codec import decode, decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import (
    ConditionFailed,
    DynamoDb,
    LimitExceeded,
    PutItem,
    UpdateItem,
    above,
    at_most,
    not_exists,
)
from bookings.storage.schema import AGENTS_BY_SILENCE, PRACTICES, PRACTICES_BY_DIRECTORY, Key

MAX_CACHED_PRACTICES = 100
"""An audit visits every practice; without a limit its process would keep them all."""

_PRACTICE = "practice"
_AGENT_PREFIX = "agent#"

_ALL_PRACTICES = "prac_all"
"""The partition of the indexes over all practices and all agents: one small entry for each."""


class DynamoPracticeRepository:
    """The PracticeRepository over the Practices table. A practice's rows share its partition.

    An agent's secrets are in a partition of their own, so that an IAM policy can keep roles away from them. One query
    loads a practice; the process caches it for `cache_seconds`.
    """

    def __init__(self, database: DynamoDb, cache_seconds: float) -> None:
        self._database = database
        self._cache_seconds = cache_seconds
        self._cache: OrderedDict[str, tuple[float, Practice]] = OrderedDict()

    def get(self, practice_id: str) -> Practice | None:
        """The practice with everything that belongs to it."""
        if not practice_id.startswith("prac_"):
            return None
        cached = self._cache.get(practice_id)
        if cached and time.monotonic() - cached[0] < self._cache_seconds:
            return cached[1]
        items = self._database.query(PRACTICES, practice_id, consistent=True)
        practice = _assemble([decode_item(item) for item in items])
        if practice:
            self._put_into_cache(practice)
        return practice

    def _put_into_cache(self, practice: Practice) -> None:
        """Cache the practice; the one that was read longest ago makes room."""
        self._cache[practice.id] = time.monotonic(), practice
        self._cache.move_to_end(practice.id)
        if len(self._cache) > MAX_CACHED_PRACTICES:
            self._cache.popitem(last=False)

    def agent(self, agent_id: str) -> Agent | None:
        """The agent with its secrets."""
        if not agent_id.startswith("agt_"):
            return None
        items = self._database.query(PRACTICES, agent_id, consistent=True)
        return Agent(**decode_item(items[0]["agent"]["M"])) if items else None

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        """Keep a practitioner, chair, service or hours if the version is newer; keep a contradiction beside it.

        Raises Invalid if it is too large to be kept.
        """
        key = PRACTICES.key(practice_id, f"{kind}#{section_id}")
        item = encode_entity(section) | encode_item({**dict(key.attributes), "version": version})
        newer = not_exists(PRACTICES) | (Path("version") < version)
        try:
            self._database.write([PutItem(PRACTICES, item, newer)])
        except LimitExceeded as limit:
            raise limit.refusal from limit
        except ConditionFailed as failure:
            standing = decode_item(failure.standing[0])
            if standing["version"] > version or type(section).model_validate(standing) == section:
                return EventOutcome.IGNORED
            self._keep_contradiction(key, version, section)
            return EventOutcome.CONTRADICTION
        return EventOutcome.APPLIED

    def _keep_contradiction(self, key: Key, version: int, section: Entity) -> None:
        """Keep what contradicts the row beside it, unless a newer version has replaced the row meanwhile."""
        contradiction = encode(section.model_dump(mode="json", exclude={"hours"}))
        self._database.try_write(
            UpdateItem(key, [Path("contradiction").set(contradiction)], Path("version") == version)
        )

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        """Record that the agent has just sent something. This tells how fresh the practice's schedule is."""
        key = PRACTICES.key(agent.practice_id, f"{_AGENT_PREFIX}{agent.id}")
        moments = {"synced_at": now, AGENTS_BY_SILENCE.sort: now + SILENCE_LIMIT}
        moments |= {"last_heartbeat_at": now} if heartbeat else {}
        moments |= {"last_event_at": now} if events else {}
        actions = [Path(name).set(encode(moment)) for name, moment in moments.items()]
        actions.append(Path(AGENTS_BY_SILENCE.partition).set(encode(_ALL_PRACTICES)))
        self._database.write([UpdateItem(key, actions)])

    def silent_agents(self, now: datetime, limit: int) -> list[SilentAgent]:
        """Agents that have sent nothing for too long, the longest silent first."""
        items = self._database.query(AGENTS_BY_SILENCE, _ALL_PRACTICES, at_most(now), limit=limit)
        return [
            SilentAgent(**item, agent_id=item[PRACTICES.sort].removeprefix(_AGENT_PREFIX))
            for item in map(decode_item, items)
        ]

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        """Set these settings of an existing practice. The others stay as they are, also under concurrent updates."""
        actions = [_setting(name).set(encode(value)) for name, value in changes.items()]
        if actions:
            key = PRACTICES.key(practice_id, _PRACTICE)
            self._database.write([UpdateItem(key, actions, Path(PRACTICES.unique).exists())])
            self._cache.pop(practice_id, None)

    def save(self, practice: Practice) -> None:
        """Keep the practice's own row; its sections come from the PMS. ValueError for an id that is not allowed."""
        row = practice.model_dump(exclude={"hours", "practitioners", "chairs", "services"})
        row["pms"] = practice.pms.model_dump(exclude={"synced_at", "agents", "contradictions"})
        keys = {
            **dict(PRACTICES.key(check_chosen_id(practice.id), _PRACTICE).attributes),
            PRACTICES_BY_DIRECTORY.partition: _ALL_PRACTICES,
        }
        self._database.write([PutItem(PRACTICES, encode_item({**row, **keys}))])

    def save_agent(self, agent: Agent) -> None:
        """Keep the agent with its secrets. Raises ValueError for an id that is not allowed."""
        key = dict(PRACTICES.key(check_chosen_id(agent.id), "agent").attributes)
        self._database.write([PutItem(PRACTICES, encode_item({**key, "agent": agent.model_dump()}))])


def next_practices(database: DynamoDb, practice_id: str, limit: int) -> list[tuple[str, str]]:
    """Ids and time zones of the practices that follow this id in the directory of all practices."""
    items = database.query(PRACTICES_BY_DIRECTORY, _ALL_PRACTICES, above(practice_id or " "), limit=limit)
    return [(decode(item[PRACTICES.partition]), decode(item["timezone"])) for item in items]


def _setting(name: str) -> Path:
    return Path("pms")[name] if name in Pms.model_fields else Path([name])


def _assemble(rows: list[dict[str, Any]]) -> Practice | None:
    """A practice from its rows; None without the row of the practice itself."""
    sections: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        kind, _, section_id = str(row[PRACTICES.sort]).partition("#")
        sections.setdefault(kind, {})[section_id] = row
    if _PRACTICE not in sections:
        return None
    row = sections[_PRACTICE][""]
    hours = sections.get("hours", {})
    agents = [{**one, "agent_id": key, "heard_at": one["synced_at"]} for key, one in sections.get("agent", {}).items()]

    def named(kind: str) -> list[dict[str, Any]]:
        hours_by_id = hours | sections.get(f"{kind}_hours", {})
        return [
            {**section, "hours": hours_by_id.get(section_id)} for section_id, section in sections.get(kind, {}).items()
        ]

    return Practice.model_validate(
        {
            **row,
            "pms": {
                **row["pms"],
                "synced_at": max((agent["heard_at"] for agent in agents), default=None),
                "agents": agents,
                "contradictions": list(_contradictions(rows)),
            },
            "hours": hours.get(row["id"]),
            "practitioners": named("practitioner"),
            "chairs": named("chair"),
            "services": named("service"),
        }
    )


def _contradictions(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the PMS says of sections under versions that it has used for something else before."""
    for row in rows:
        if "contradiction" in row:
            kind, _, section_id = str(row[PRACTICES.sort]).partition("#")
            yield {"kind": kind, "id": section_id, "version": row["version"], "told": row["contradiction"]}
