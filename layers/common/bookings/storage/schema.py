"""Every table with its keys and indexes, declared once.

tests/template/test_schema.py checks them against template.yaml and docs/data-model.md.

No other module of the storage spells a key attribute or an index name. docs/data-model.md says what each is for.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MAX_SORT_KEY_BYTES = 1024
MAX_PARTITION_KEY_BYTES = 2048
"""DynamoDB's limits. An id of a PMS has up to 128 characters of four bytes, percent-encoded twelve."""


class Table(StrEnum):
    """The tables, by the environment variable that holds the table's name."""

    PRACTICES = "PRACTICES_TABLE"
    REQUESTS = "REQUESTS_TABLE"
    HISTORY = "HISTORY_TABLE"
    APPOINTMENTS = "APPOINTMENTS_TABLE"
    DAY_SHEETS = "DAY_SHEETS_TABLE"
    TALLIES = "TALLIES_TABLE"
    OUTBOX = "OUTBOX_TABLE"
    PMS_WRITES = "PMS_WRITES_TABLE"
    DELIVERIES = "DELIVERIES_TABLE"
    REPORTS = "REPORTS_TABLE"
    MISFITS = "MISFITS_TABLE"
    FINDINGS = "FINDINGS_TABLE"


class Key(NamedTuple):
    """The primary key of one item: its table, and its key attributes in order."""

    table: Table
    attributes: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True)
class KeySchema:
    """A partition key and a sort key: those of a table, or of the index of that name."""

    table: Table
    partition: str
    sort: str = ""
    index: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the key attributes."""
        return (self.partition, self.sort) if self.sort else (self.partition,)

    @property
    def unique(self) -> str:
        """The key attribute that tells whether an item exists: the last one."""
        return self.names[-1]

    def key(self, *values: str | int) -> Key:
        """The key of the item with these values; ValueError if there are more or fewer than key attributes."""
        return Key(self.table, tuple(zip(self.names, values, strict=True)))


PRACTICES = KeySchema(Table.PRACTICES, "practice_id", "item_id")
PRACTICES_BY_DIRECTORY = KeySchema(Table.PRACTICES, "directory", "practice_id", "by_directory")
AGENTS_BY_SILENCE = KeySchema(Table.PRACTICES, "roll", "silent_from", "by_silence")

REQUESTS = KeySchema(Table.REQUESTS, "practice_id", "request_id")
REQUESTS_BY_START = KeySchema(Table.REQUESTS, "status_key", "start_key", "by_start")
REQUESTS_BY_RECEIPT = KeySchema(Table.REQUESTS, "status_key", "request_id", "by_received")
REQUESTS_BY_ATTENTION = KeySchema(Table.REQUESTS, "attention_key", "start_key", "by_attention")
REQUESTS_BY_WATCH = KeySchema(Table.REQUESTS, "watch_key", "request_id", "by_watch")
REQUESTS_BY_PATIENT = KeySchema(Table.REQUESTS, "patient_key", "request_id", "by_patient")
REQUESTS_BY_EXPIRY = KeySchema(Table.REQUESTS, "queue", "begins_at", "by_begin")
REQUESTS_BY_ANSWER_DUE = KeySchema(Table.REQUESTS, "queue", "answer_due", "by_answer")
REQUESTS_BY_EVIDENCE_DUE = KeySchema(Table.REQUESTS, "queue", "evidence_due", "by_evidence")
REQUESTS_BY_RECHECK_DUE = KeySchema(Table.REQUESTS, "queue", "look_due", "by_look")

HISTORY = KeySchema(Table.HISTORY, "request_id", "revision")

APPOINTMENTS = KeySchema(Table.APPOINTMENTS, "practice_id", "appointment_id")
APPOINTMENTS_BY_EMAIL = KeySchema(Table.APPOINTMENTS, "email_key", "start_key", "by_email")
APPOINTMENTS_BY_PHONE = KeySchema(Table.APPOINTMENTS, "phone_key", "start_key", "by_phone")
APPOINTMENTS_BY_BIRTH_DATE = KeySchema(Table.APPOINTMENTS, "birth_key", "start_key", "by_birth")
APPOINTMENTS_BY_NAME = KeySchema(Table.APPOINTMENTS, "name_key", "start_key", "by_name")
APPOINTMENTS_BY_DAY = KeySchema(Table.APPOINTMENTS, "practice_id", "occupied_from", "by_day")

MATCH_KEYS = (APPOINTMENTS_BY_EMAIL, APPOINTMENTS_BY_PHONE, APPOINTMENTS_BY_BIRTH_DATE, APPOINTMENTS_BY_NAME)
"""The indexes that find a patient's appointments."""

DAY_SHEETS = KeySchema(Table.DAY_SHEETS, "practice_id", "sheet_id")

TALLIES = KeySchema(Table.TALLIES, "practice_id", "cohort")

OUTBOX = KeySchema(Table.OUTBOX, "outbox_id")
OUTBOX_BY_DUE = KeySchema(Table.OUTBOX, "queue", "due_at", "by_due")

PMS_WRITES = KeySchema(Table.PMS_WRITES, "practice_id", "write_id")
PMS_WRITES_BY_DUE = KeySchema(Table.PMS_WRITES, "queue", "queue_key", "by_due")
PMS_WRITES_BY_TIMEOUT = KeySchema(Table.PMS_WRITES, "open", "give_up_at", "by_give_up")

DELIVERIES = KeySchema(Table.DELIVERIES, "delivery_id")

REPORTS = KeySchema(Table.REPORTS, "practice_id", "report_id")

MISFITS = KeySchema(Table.MISFITS, "practice_id", "misfit_id")

FINDINGS = KeySchema(Table.FINDINGS, "practice_id", "finding_id")

SCHEMA = (
    PRACTICES, PRACTICES_BY_DIRECTORY, AGENTS_BY_SILENCE,
    REQUESTS, REQUESTS_BY_START, REQUESTS_BY_RECEIPT, REQUESTS_BY_ATTENTION, REQUESTS_BY_WATCH, REQUESTS_BY_PATIENT,
    REQUESTS_BY_EXPIRY, REQUESTS_BY_ANSWER_DUE, REQUESTS_BY_EVIDENCE_DUE, REQUESTS_BY_RECHECK_DUE,
    HISTORY,
    APPOINTMENTS, APPOINTMENTS_BY_EMAIL, APPOINTMENTS_BY_PHONE, APPOINTMENTS_BY_BIRTH_DATE, APPOINTMENTS_BY_NAME,
    APPOINTMENTS_BY_DAY,
    DAY_SHEETS, TALLIES, OUTBOX, OUTBOX_BY_DUE, PMS_WRITES, PMS_WRITES_BY_DUE, PMS_WRITES_BY_TIMEOUT, DELIVERIES,
    REPORTS, MISFITS, FINDINGS,
)  # fmt: skip
"""All of them."""
