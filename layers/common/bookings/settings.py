"""What a function is told by its environment, typed and read once at cold start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Table(StrEnum):
    """The tables of DESIGN §7, under the names of the environment variables that say what they are called."""

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


@dataclass(frozen=True)
class Settings:
    """A function's settings; it is told only of the tables that its role may touch."""

    tables: Mapping[Table, str]
    practice_cache_seconds: float
    mail_sender: str
    mail_configuration_set: str
    reports_bucket: str
    report_queue: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in these environment variables; ValueError for a number that is none."""
        return cls(
            tables={table: environment[table] for table in Table if table in environment},
            practice_cache_seconds=float(environment.get("PRACTICE_CACHE_SECONDS", "60")),
            mail_sender=environment.get("MAIL_SENDER", ""),
            mail_configuration_set=environment.get("MAIL_CONFIGURATION_SET", ""),
            reports_bucket=environment.get("REPORTS_BUCKET", ""),
            report_queue=environment.get("REPORT_QUEUE", ""),
        )


@cache
def settings() -> Settings:
    """This process's settings."""
    return Settings.of(os.environ)
