"""Who changed something, when, and in which call."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stamp:
    """Who changes something, when, and the correlation id that runs from their call to the patient's inbox.

    `by_name` is what colleagues call somebody of the practice: for staff to read, never for logs or patients.
    """

    by: str
    at: datetime
    correlation_id: str
    by_name: str | None = None
