"""The settings of a function: its environment variables, typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bookings.storage.schema import Table

DEFAULT_PRACTICE_CACHE_SECONDS = "60"


class MissingSetting(Exception):
    """A function needs an environment variable that is not set, or empty."""


@dataclass(frozen=True)
class Settings:
    """A function's settings. Each function gets only those that it needs, so a missing one fails when it is read."""

    environment: Mapping[str, str]

    @property
    def tables(self) -> dict[Table, str]:
        """The names of the tables that the function's role may use."""
        return {table: self.environment[table] for table in Table if table in self.environment}

    @property
    def practice_cache_seconds(self) -> float:
        """How long a process keeps a practice; ValueError if it is not a number."""
        return float(self.environment.get("PRACTICE_CACHE_SECONDS", DEFAULT_PRACTICE_CACHE_SECONDS))

    @property
    def email_sender(self) -> str:
        """The address that e-mails come from."""
        return self._required("EMAIL_SENDER")

    @property
    def email_configuration_set(self) -> str:
        """The SES configuration set that publishes delivery events."""
        return self._required("EMAIL_CONFIGURATION_SET")

    @property
    def reports_bucket(self) -> str:
        """The S3 bucket of the reports' files."""
        return self._required("REPORTS_BUCKET")

    @property
    def report_queue(self) -> str:
        """The URL of the SQS queue of reports to build."""
        return self._required("REPORT_QUEUE")

    @property
    def submissions_per_hour(self) -> int:
        """How many requests a practice takes in an hour; ValueError if it is not a number."""
        return int(self._required("SUBMISSIONS_PER_HOUR"))

    @property
    def held_email_queue(self) -> str:
        """The URL of the SQS queue of e-mails that wait for the end of the undo window."""
        return self._required("HELD_EMAIL_QUEUE")

    def _required(self, name: str) -> str:
        value = self.environment.get(name)
        if not value:
            raise MissingSetting(name)
        return value
