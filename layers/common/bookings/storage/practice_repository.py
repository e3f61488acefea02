"""Practices and the agents that speak for their PMS. One query loads a practice; it is kept for a minute."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pynamodb.expressions.operand import Path

from bookings.domain.kernel.base import Entity
from bookings.domain.practice.agent import SILENCE_LIMIT, Agent, SilentAgent
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import Pms, Practice, SectionKind
from bookings.settings import Table
from bookings.storage.codec import decode, decode_item, encode, encode_entity, encode_item
from bookings.storage.dynamodb import ConditionFailed, Database, Key, PutItem, UpdateItem

MAX_CACHED_PRACTICES = 100
"""Practices that a process keeps: an audit meets every practice there is."""

_PRACTICE = "practice"

_AGENT = "agent#"

_DIRECTORY = "prac_all"
"""The partition of the indexes `by_directory` and `by_silence`: one small entry for each practice and each agent."""


class DynamoPracticeRepository:
    """The Practices table. Rows of a practice share its partition: `practice`, `chair#<id>`, `hours#<id>`, …

    An agent's key record, which holds its secrets, is a partition of its own, so that a role can be kept away from it.
    """

    def __init__(self, database: Database, keep_seconds: float) -> None:
        self._database = database
        self._keep_seconds = keep_seconds
        self._kept: OrderedDict[str, tuple[float, Practice]] = OrderedDict()

    def get(self, practice_id: str) -> Practice | None:
        """The practice of that id with everything that belongs to it."""
        if not practice_id.startswith("prac_"):
            return None
        kept = self._kept.get(practice_id)
        if kept and time.monotonic() - kept[0] < self._keep_seconds:
            return kept[1]
        items = self._database.query(Table.PRACTICES, Path("practice_id") == practice_id, consistent=True)
        practice = _assemble([decode_item(item) for item in items])
        if practice:
            self._keep(practice)
        return practice

    def _keep(self, practice: Practice) -> None:
        """Keep it in the place of the one that was read longest ago, if there is no other."""
        self._kept[practice.id] = time.monotonic(), practice
        self._kept.move_to_end(practice.id)
        if len(self._kept) > MAX_CACHED_PRACTICES:
            self._kept.popitem(last=False)

    def agent(self, agent_id: str) -> Agent | None:
        """The agent's key record."""
        if not agent_id.startswith("agt_"):
            return None
        items = self._database.query(Table.PRACTICES, Path("practice_id") == agent_id, consistent=True)
        return Agent(**decode_item(items[0]["agent"]["M"])) if items else None

    def record_section(
        self, practice_id: str, kind: SectionKind, section_id: str, version: int, section: Entity
    ) -> EventOutcome:
        """Keep what the PMS says of a practitioner, chair, service or hours: if it is news, or aside."""
        key = Key.of(Table.PRACTICES, practice_id=practice_id, item_id=f"{kind}#{section_id}")
        item = encode_entity(section) | encode_item({**dict(key.attributes), "version": version})
        newer = Path("item_id").does_not_exist() | (Path("version") < version)
        try:
            self._database.write([PutItem(Table.PRACTICES, item, newer)])
        except ConditionFailed as failure:
            standing = decode_item(failure.standing[0])
            if standing["version"] > version or type(section).model_validate(standing) == section:
                return EventOutcome.IGNORED
            self._put_aside(key, version, section)
            return EventOutcome.CONTRADICTION
        return EventOutcome.APPLIED

    def _put_aside(self, key: Key, version: int, section: Entity) -> None:
        """Keep what contradicts the row beside it, until a newer version replaces the row; none may have by now."""
        aside = Path("contradiction").set(encode(section.model_dump(mode="json", exclude={"hours"})))
        with suppress(ConditionFailed):
            self._database.write([UpdateItem(key, [aside], Path("version") == version)])

    def record_agent_activity(self, agent: Agent, now: datetime, *, heartbeat: bool, events: bool) -> None:
        """The agent has just been heard; this is how fresh the practice's schedule is."""
        key = Key.of(Table.PRACTICES, practice_id=agent.practice_id, item_id=f"{_AGENT}{agent.id}")
        told = {"synced_at": now, "silent_from": now + SILENCE_LIMIT}
        told |= {"last_heartbeat_at": now} if heartbeat else {}
        told |= {"last_event_at": now} if events else {}
        actions = [Path(name).set(encode(moment)) for name, moment in told.items()]
        self._database.write([UpdateItem(key, [*actions, Path("roll").set(encode(_DIRECTORY))])])

    def silent_agents(self, now: datetime, limit: int) -> list[SilentAgent]:
        """Agents that have said nothing for too long, the longest silent first."""
        silent = (Path("roll") == _DIRECTORY) & (Path("silent_from") <= encode(now))
        items = map(decode_item, self._database.query(Table.PRACTICES, silent, index="by_silence", limit=limit))
        return [SilentAgent(**item, agent_id=item["item_id"].removeprefix(_AGENT)) for item in items]

    def update_settings(self, practice_id: str, changes: Mapping[str, object]) -> None:
        """Keep these settings of a practice that is there; whoever sets others at the same moment loses nothing."""
        key = Key.of(Table.PRACTICES, practice_id=practice_id, item_id=_PRACTICE)
        actions = [_setting(name).set(encode(value)) for name, value in changes.items()]
        if actions:
            self._database.write([UpdateItem(key, actions, Path("item_id").exists())])
            self._kept.pop(practice_id, None)

    def save(self, practice: Practice) -> None:
        """Keep the practice's own row; its sections come from the PMS."""
        row = practice.model_dump(exclude={"hours", "practitioners", "chairs", "services"})
        row["pms"] = practice.pms.model_dump(exclude={"synced_at", "agents", "contradictions"})
        item = encode_item({**row, "practice_id": practice.id, "item_id": _PRACTICE, "directory": _DIRECTORY})
        self._database.write([PutItem(Table.PRACTICES, item)])

    def save_agent(self, agent: Agent) -> None:
        """Keep the agent's key record."""
        item = encode_item({"practice_id": agent.id, "item_id": "agent", "agent": agent.model_dump()})
        self._database.write([PutItem(Table.PRACTICES, item)])


def practices_after(database: Database, practice_id: str, limit: int) -> list[tuple[str, str]]:
    """Ids and time zones of the practices that follow in the directory of all of them."""
    later = (Path("directory") == _DIRECTORY) & (Path("practice_id") > (practice_id or " "))
    items = database.query(Table.PRACTICES, later, index="by_directory", limit=limit)
    return [(decode(item["practice_id"]), decode(item["timezone"])) for item in items]


def _setting(name: str) -> Path:
    return Path("pms")[name] if name in Pms.model_fields else Path([name])


def _assemble(rows: list[dict[str, Any]]) -> Practice | None:
    """A practice from its rows; None without the row of the practice itself."""
    sections: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        kind, _, section_id = str(row["item_id"]).partition("#")
        sections.setdefault(kind, {})[section_id] = row
    if _PRACTICE not in sections:
        return None
    row = sections[_PRACTICE][""]
    hours = sections.get("hours", {})
    agents = [{**one, "agent_id": key, "heard_at": one["synced_at"]} for key, one in sections.get("agent", {}).items()]

    def named(kind: str) -> list[dict[str, Any]]:
        return [{**section, "hours": hours.get(section_id)} for section_id, section in sections.get(kind, {}).items()]

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
            kind, _, section_id = str(row["item_id"]).partition("#")
            yield {"kind": kind, "id": section_id, "version": row["version"], "told": row["contradiction"]}
