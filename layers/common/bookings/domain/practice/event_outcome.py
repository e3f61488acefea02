"""The outcome of a PMS event: applied, ignored, or a contradiction."""

from enum import StrEnum


class EventOutcome(StrEnum):
    """How an event changed what is stored.

    A contradiction is an event whose version is known with other content. The first content stays in effect; the
    second is stored beside it for staff to check (docs/adr/0025).
    """

    APPLIED = "news"
    IGNORED = "known"
    CONTRADICTION = "contradiction"
