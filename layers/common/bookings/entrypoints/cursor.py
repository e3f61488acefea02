"""Cursors of paged lists, opaque to callers."""

import base64
import re

from bookings.domain.kernel import errors

_INVALID = "The cursor is invalid. Use `next_cursor` from the previous page."


def encode_cursor(order: str, cursor: str) -> str:
    """The cursor of a list in this order as opaque text."""
    return base64.urlsafe_b64encode(f"{order}:{cursor}".encode()).decode().rstrip("=")


def decode_cursor(order: str, cursor: str) -> str:
    """The cursor in opaque text of `encode_cursor`; raises Malformed for other text, and for another order."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        raise errors.Malformed(_INVALID) from None
    prefix, _, cursor = text.partition(":")
    if prefix != order or not re.fullmatch(r"[\x20-\x7e]{1,256}", cursor) or "req_" not in cursor:
        raise errors.Malformed(_INVALID)
    return cursor
