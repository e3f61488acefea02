"""What becomes of something that the PMS tells."""

from enum import StrEnum


class EventOutcome(StrEnum):
    """Whether it was news. One version may not have two contents: the first stands, the other is kept aside."""

    APPLIED = "news"
    IGNORED = "known"
    CONTRADICTION = "contradiction"
