"""Cursors of paged lists: opaque to callers."""

import base64
import re
from typing import TYPE_CHECKING

from bookings.domain.kernel import errors

if TYPE_CHECKING:
    pass


def encode_cursor(order: str, cursor: str) -> str:
    """A position in a list as opaque text."""
    return base64.urlsafe_b64encode(f"{order}:{cursor}".encode()).decode().rstrip("=")


def decode_cursor(order: str, cursor: str) -> str:
    """The position in a cursor of ours; raises Malformed for anything else, and for one from another order."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        raise errors.Malformed("The cursor is none of ours.") from None
    prefix, _, cursor = text.partition(":")
    if prefix != order or not re.fullmatch(r"[\x20-\x7e]{1,256}", cursor) or "req_" not in cursor:
        raise errors.Malformed("The cursor is none of ours.")
    return cursor
