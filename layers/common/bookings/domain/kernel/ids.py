"""New ids: a timestamp first, so that they sort by age, then random digits, so that they are unique."""

import re
import secrets
from datetime import datetime


def new_id(prefix: str, now: datetime) -> str:
    """A new id: prefix, milliseconds since 1970 as 12 hex digits, and 16 random hex digits (`req_0198c1b2f3a4…`)."""
    return f"{prefix}_{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"


def check_chosen_id(chosen: str) -> str:
    """The id that people chose for a new practice or agent; ValueError if it has more than letters, digits, _ and -.

    It stands in paths, in the groups of staff and in manage tokens, where other characters separate.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", chosen):
        raise ValueError("an id of a practice or an agent has 1 to 128 letters, digits, _ and - only")
    return chosen
