"""What becomes of something that the PMS tells."""

from enum import StrEnum


class Heard(StrEnum):
    """Whether it was news. One version may not have two contents: the first stands, the other is kept aside."""

    NEWS = "news"
    KNOWN = "known"
    CONTRADICTION = "contradiction"
