"""Cursors of pages."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.errors import (
    Malformed,
)
from bookings.entrypoints.cursor import decode_cursor, encode_cursor

POSITIONS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=100).map(lambda t: f"{t}#req_1")


@given(POSITIONS)
def test_an_encoded_cursor_decodes_to_itself(cursor: str) -> None:
    assert decode_cursor("start", encode_cursor("start", cursor)) == cursor


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(Malformed):
        decode_cursor("received", encode_cursor("start", "2026-07-15T15:00#req_1"))


@pytest.mark.parametrize("cursor", ["", "zzz", "***", "é", "start:req_1", encode_cursor("start", "no request")])
def test_an_invalid_cursor_is_malformed(cursor: str) -> None:
    with pytest.raises(Malformed):
        decode_cursor("start", cursor)


@given(
    st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(b"start:" + raw).decode())
)
def test_no_cursor_crashes_the_decoder(cursor: str) -> None:
    try:
        cursor = decode_cursor("start", cursor)
    except Malformed:
        return
    assert "req_" in cursor
