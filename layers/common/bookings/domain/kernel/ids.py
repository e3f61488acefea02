"""New ids: a timestamp first, so that they sort by age, then random digits, so that they are unique."""

import secrets
from datetime import datetime


def new_id(prefix: str, now: datetime) -> str:
    """A new id: prefix, milliseconds since 1970 as 12 hex digits, and 16 random hex digits (`req_0198c1b2f3a4…`)."""
    return f"{prefix}_{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"
