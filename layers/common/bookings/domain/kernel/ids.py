"""Names for new things: time first, so that they sort by age, then enough chance that none comes twice."""

import secrets
from datetime import datetime


def new_id(prefix: str, now: datetime) -> str:
    """A fresh id such as `req_0198c1b2f3a4` + 16 random hex digits; milliseconds since 1970 lead."""
    return f"{prefix}_{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"
