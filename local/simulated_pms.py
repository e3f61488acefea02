"""A small practice-management software to try an agent on: a schedule of its own, ids of its own, words of its own.

It says "provider" and "operatory", as many of them do, and takes no two appointments in one operatory. Every change
gets the next number of a counter, which is what an agent asks for changes by.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_FIRST_ID = 1001
_LAYOUT = """
    CREATE TABLE IF NOT EXISTS appointments
    (id INTEGER PRIMARY KEY, change INTEGER NOT NULL, token TEXT UNIQUE, content TEXT NOT NULL)
"""


class Refused(Exception):
    """The PMS will not do it, and says why in words for people."""


@dataclass(frozen=True)
class PmsAppointment:
    """An appointment as this PMS has it; `start` is on the practice's clock."""

    patient: dict[str, Any]
    start: str
    minutes: int
    provider: str | None = None
    operatory: str | None = None
    procedure: str | None = None
    status: str = "booked"

    def overlaps(self, other: "PmsAppointment") -> bool:
        """Whether both need one operatory at one time."""
        one, two = datetime.fromisoformat(self.start), datetime.fromisoformat(other.start)
        is_at_once = one < two + timedelta(minutes=other.minutes) and two < one + timedelta(minutes=self.minutes)
        return is_at_once and self.operatory is not None and self.operatory == other.operatory


@dataclass(frozen=True)
class Row:
    """An appointment under its id, with the number of its last change and the token that it was created under."""

    id: str
    change: int
    token: str | None
    appointment: PmsAppointment


class Pms:
    """The PMS of one practice, in a file."""

    def __init__(self, place: Path, *, can_create: bool) -> None:
        self.can_create = can_create
        self._place = place
        with closing(self._open()) as schedule, schedule:
            schedule.execute(_LAYOUT)

    def create(self, appointment: PmsAppointment, token: str | None = None) -> str:
        """Enter an appointment; its id. Under one token there is only ever one: the database sees to that.

        Raises Refused if the operatory is taken, or if programs may not create anything here.
        """
        if token and not self.can_create:
            raise Refused("This PMS takes no appointments from other programs")
        with closing(self._open()) as schedule, schedule:
            schedule.execute("BEGIN IMMEDIATE")
            if token and (found := _one(schedule, "token = ?", token)):
                return found.id
            self._check_operatory(schedule, appointment)
            last = schedule.execute("SELECT MAX(id) FROM appointments").fetchone()[0]
            new_id = _FIRST_ID if last is None else last + 1
            schedule.execute(
                "INSERT INTO appointments VALUES (?, ?, ?, ?)",
                (new_id, _next_change(schedule), token, json.dumps(asdict(appointment))),
            )
        return str(new_id)

    def change(self, appointment_id: str, **changes: Any) -> None:
        """Change an appointment; KeyError if there is none of that id, Refused if the operatory is taken."""
        with closing(self._open()) as schedule, schedule:
            schedule.execute("BEGIN IMMEDIATE")
            found = _one(schedule, "id = ?", appointment_id)
            if found is None:
                raise KeyError(appointment_id)
            changed = replace(found.appointment, **changes)
            self._check_operatory(schedule, changed, besides=appointment_id)
            schedule.execute(
                "UPDATE appointments SET change = ?, content = ? WHERE id = ?",
                (_next_change(schedule), json.dumps(asdict(changed)), appointment_id),
            )

    def find(self, *, appointment_id: str | None = None, token: str | None = None) -> Row | None:
        """The appointment of that id, or the one that was created under that token."""
        with closing(self._open()) as schedule:
            by_id = _one(schedule, "id = ?", appointment_id) if appointment_id else None
            return by_id or (_one(schedule, "token = ?", token) if token else None)

    def changes(self, after: int = 0) -> list[Row]:
        """Every appointment that has changed after that change, each as it is now, oldest change first."""
        with closing(self._open()) as schedule:
            return _rows(schedule, "change > ? ORDER BY change", after)

    def _check_operatory(
        self, schedule: sqlite3.Connection, wanted: PmsAppointment, besides: str | None = None
    ) -> None:
        if wanted.status == "cancelled":
            return
        for row in _rows(schedule, "id IS NOT ?", besides):
            if row.appointment.status != "cancelled" and row.appointment.overlaps(wanted):
                raise Refused(f"{wanted.operatory} is taken at {row.appointment.start[11:16]} on that day")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._place, timeout=10, isolation_level=None)


def _one(schedule: sqlite3.Connection, condition: str, value: str) -> Row | None:
    return next(iter(_rows(schedule, condition, value)), None)


def _rows(schedule: sqlite3.Connection, condition: str, value: str | int | None) -> list[Row]:
    rows = schedule.execute(
        f"SELECT id, change, token, content FROM appointments WHERE {condition}",  # noqa: S608  # the conditions are above
        (value,),
    )
    return [Row(str(one), change, token, PmsAppointment(**json.loads(content))) for one, change, token, content in rows]


def _next_change(schedule: sqlite3.Connection) -> int:
    return int(schedule.execute("SELECT COALESCE(MAX(change), 0) + 1 FROM appointments").fetchone()[0])
