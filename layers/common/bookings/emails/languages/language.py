"""What the e-mails need of a language: its sentences, and its formats of dates and times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bookings.domain.requests.request import RejectionReason


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language. `{name}`, `{practice}` and `{phone}` are placeholders."""

    greeting: str
    greeting_by_name: str
    confirmed: str
    confirmed_subject: str
    other_time: str
    moved: str
    moved_subject: str
    replaces_time: str
    welcome: str
    calendar_add: str
    calendar_update: str
    calendar_remove: str
    change: str
    change_by_phone: str
    rejected: str
    rejected_subject: str
    requested: str
    reasons: Mapping[RejectionReason, str]
    reason: str
    questions: str
    questions_by_phone: str
    cancelled: str
    cancelled_subject: str
    void: str
    wrong_appointment: str
    wrong_appointment_subject: str
    not_yours: str
    looked_at: str
    otherwise_stands: str
    wrong_when: str
    calendar_remove_entry: str
    reopened: str
    reopened_subject: str
    open_again: str
    back_in_touch: str
    sorry: str
    when: str
    void_when: str
    length: str
    practitioner: str
    where: str
    phone: str
    unread: str
    event: str
    colon: str


class Language(Protocol):
    """A language of the e-mails. All times are local times of the practice, with their zone."""

    code: str
    sentences: Sentences

    def date(self, moment: datetime) -> str:
        """The day, with its weekday."""

    def time(self, moment: datetime) -> str:
        """The time of day."""

    def moment(self, moment: datetime) -> str:
        """Day, time and zone in one line."""

    def zone(self, moment: datetime) -> str:
        """The time zone, and its offset from UTC at that moment."""

    def length(self, minutes: int) -> str:
        """A duration in hours and minutes."""


def offset(moment: datetime) -> str:
    """The offset from UTC, such as UTC−7 or UTC−3:30."""
    seconds = int((moment.utcoffset() or moment - moment).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'−' if seconds < 0 else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def city(moment: datetime) -> str:
    """The city in the IANA name of the time zone: Vancouver for America/Vancouver."""
    name = moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else "UTC"
    return name.rpartition("/")[2].replace("_", " ").replace("St Johns", "St. John’s")
