"""A simulated practice management system (PMS), so that a sync agent has something to work with.

Like many real ones it has its own ids and its own terms: "provider" is a practitioner, "operatory" a chair. It refuses
overlapping appointments in one operatory. Every change gets the next number of a counter; an agent asks for the changes
after a number.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_FIRST_ID = 1001
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS appointments
    (id INTEGER PRIMARY KEY, change INTEGER NOT NULL, token TEXT UNIQUE, content TEXT NOT NULL)
"""


class PmsRefusal(Exception):
    """The PMS refuses an entry. The message is the reason, for people to read."""


@dataclass(frozen=True)
class PmsAppointment:
    """An appointment as this PMS stores it. `start` is ISO 8601 local time of the practice, without an offset."""

    patient: dict[str, Any]
    start: str
    minutes: int
    provider: str | None = None
    operatory: str | None = None
    procedure: str | None = None
    status: str = "booked"

    def overlaps(self, other: "PmsAppointment") -> bool:
        """Whether both need the same operatory at the same time."""
        start, other_start = datetime.fromisoformat(self.start), datetime.fromisoformat(other.start)
        end, other_end = start + timedelta(minutes=self.minutes), other_start + timedelta(minutes=other.minutes)
        return (
            start < other_end and other_start < end and self.operatory is not None and self.operatory == other.operatory
        )


@dataclass(frozen=True)
class AppointmentRow:
    """A stored appointment: its id, the number of its last change, and the token that it was created with, if any."""

    id: str
    change_number: int
    token: str | None
    appointment: PmsAppointment


class SimulatedPms:
    """The PMS of one practice, stored in an SQLite file.

    `can_create` says whether other programs may create appointments.
    """

    def __init__(self, path: Path, *, can_create: bool) -> None:
        self.can_create = can_create
        self._path = path
        with closing(self._open()) as schedule, schedule:
            schedule.execute(_SCHEMA)

    def create(self, appointment: PmsAppointment, token: str | None = None) -> str:
        """Create an appointment and return its id.

        A program passes an idempotency token: a second call with the same token returns the id of the first
        appointment. Raises PmsRefusal if the operatory is taken, or if programs may not create appointments here.
        """
        if token and not self.can_create:
            raise PmsRefusal("This PMS accepts no appointments from other programs")
        with closing(self._open()) as schedule, schedule:
            schedule.execute("BEGIN IMMEDIATE")
            if token and (found := _find_row(schedule, "token = ?", token)):
                return found.id
            self._check_operatory(schedule, appointment)
            last = schedule.execute("SELECT MAX(id) FROM appointments").fetchone()[0]
            new_id = _FIRST_ID if last is None else last + 1
            schedule.execute(
                "INSERT INTO appointments VALUES (?, ?, ?, ?)",
                (new_id, _next_change_number(schedule), token, json.dumps(asdict(appointment))),
            )
        return str(new_id)

    def change(self, appointment_id: str, **changes: Any) -> None:
        """Change fields of an appointment.

        Raises KeyError if no appointment has the id, PmsRefusal if the operatory is taken.
        """
        with closing(self._open()) as schedule, schedule:
            schedule.execute("BEGIN IMMEDIATE")
            found = _find_row(schedule, "id = ?", appointment_id)
            if found is None:
                raise KeyError(appointment_id)
            changed = replace(found.appointment, **changes)
            self._check_operatory(schedule, changed, except_id=appointment_id)
            schedule.execute(
                "UPDATE appointments SET change = ?, content = ? WHERE id = ?",
                (_next_change_number(schedule), json.dumps(asdict(changed)), appointment_id),
            )

    def find(self, *, appointment_id: str | None = None, token: str | None = None) -> AppointmentRow | None:
        """The appointment with that id, or else the one created with that token. None if there is neither."""
        with closing(self._open()) as schedule:
            by_id = _find_row(schedule, "id = ?", appointment_id) if appointment_id else None
            return by_id or (_find_row(schedule, "token = ?", token) if token else None)

    def changes(self, after: int = 0) -> list[AppointmentRow]:
        """All appointments whose last change has a higher number than `after`, ordered by that number."""
        with closing(self._open()) as schedule:
            return _rows(schedule, "change > ? ORDER BY change", after)

    def _check_operatory(
        self, schedule: sqlite3.Connection, wanted: PmsAppointment, except_id: str | None = None
    ) -> None:
        if wanted.status == "cancelled":
            return
        for row in _rows(schedule, "id IS NOT ?", except_id):
            if row.appointment.status != "cancelled" and row.appointment.overlaps(wanted):
                raise PmsRefusal(f"{wanted.operatory} is taken at {row.appointment.start[11:16]} on that day")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10, isolation_level=None)


def _find_row(schedule: sqlite3.Connection, condition: str, value: str) -> AppointmentRow | None:
    return next(iter(_rows(schedule, condition, value)), None)


def _rows(schedule: sqlite3.Connection, condition: str, value: str | int | None) -> list[AppointmentRow]:
    rows = schedule.execute(
        f"SELECT id, change, token, content FROM appointments WHERE {condition}",  # noqa: S608  # conditions are constants of this module
        (value,),
    )
    return [
        AppointmentRow(str(row_id), change_number, token, PmsAppointment(**json.loads(content)))
        for row_id, change_number, token, content in rows
    ]


def _next_change_number(schedule: sqlite3.Connection) -> int:
    return int(schedule.execute("SELECT COALESCE(MAX(change), 0) + 1 FROM appointments").fetchone()[0])
