"""Request headers as RFC 9110 defines them: If-Match, Accept, Content-Encoding, and quoted strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.entrypoints.http_headers import (
    allowed_revisions,
    has_content_coding,
    preferred_media_type,
    unquoted,
)

JSON, CSV = "application/json", "text/csv"

# ---------------------------------------------------------------- If-Match


@pytest.mark.parametrize(
    ("if_match", "revisions"),
    [
        ('"4"', {4}),
        ("4", {4}),
        (' "4" ', {4}),
        ('"1", "2"', {1, 2}),
        ('"7","1"', {1, 7}),
        ('"1",, "2",', {1, 2}),
        ('"another", "4"', {4}),
        ('"a,b", "4"', {4}),
        ('W/"1", "4"', {4}),
        ('W/"4"', set()),
        ('w/"4"', set()),
        ('"04"', set()),
        ('"0"', set()),
        ('"-1"', set()),
        ('"1e3"', set()),
        ('"٤"', set()),
        ('"*"', set()),
        ('"4', set()),
        ('""', set()),
        (",", set()),
        ("9" * 5000, set()),
    ],
)
def test_if_match_allows_the_revisions_of_its_strong_tags(if_match: str, revisions: set[int]) -> None:
    assert allowed_revisions(if_match) == revisions


@pytest.mark.parametrize("if_match", ["*", " * "])
def test_if_match_with_an_asterisk_allows_any_revision(if_match: str) -> None:
    assert all(revision in allowed_revisions(if_match) for revision in (1, 4, 10**9))


# ---------------------------------------------------------------- Accept


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv; charset=utf-8", CSV),
        ('text/csv;header="present,x" ; Q=0.9, application/json;q=0.8', CSV),
        ("text/csv, application/json", JSON),
        ("application/json, text/csv;q=0.1", JSON),
        ("text/csv, application/json;q=0.9", CSV),
        ("text/csv;q=0, application/json", JSON),
        ("text/csv;q=0.000, */*", JSON),
        ("application/json;q=0, */*;q=0.1", CSV),
        ("application/*;q=0.2, text/csv;q=0.3", CSV),
        ("text/csv, */*", CSV),
        ("text/csv, */*;q=0.5", CSV),
        ("text/html, */*;q=0.8", JSON),
        ("text/*;q=0.3, text/csv;q=0.7, application/json;q=0.5", CSV),
        ("text/*, text/csv;q=0.1, application/json;q=0.5", JSON),
        ("text/csv;charset=utf-8;q=0.1, text/csv, application/json;q=0.5", JSON),
        ("text/csvx", JSON),
        ("x-text/csv", JSON),
        ("application/problem+json", JSON),
    ],
)
def test_the_preferred_media_type_has_the_highest_quality(accept: str | None, media_type: str) -> None:
    assert preferred_media_type(accept, (JSON, CSV)) == media_type


@pytest.mark.parametrize("accept", ["text/csv;q=0", "image/png", "*/*;q=0", "application/json;q=0"])
def test_an_accept_that_excludes_everything_gets_the_first_media_type(accept: str) -> None:
    assert preferred_media_type(accept, (JSON, CSV)) == JSON


@pytest.mark.parametrize(
    "broken", ["text/csv;q=2", "text/csv;q=-1", "text/csv;q=high", "text/csv;q=", "csv", "*/csv", "/", ";q=1"]
)
def test_a_media_range_that_cannot_be_read_is_left_out(broken: str) -> None:
    assert preferred_media_type(broken, (JSON, CSV)) == JSON
    assert preferred_media_type(f"{broken}, text/csv;q=0.1", (JSON, CSV)) == CSV


@given(st.text(alphabet='*/,;=q01."\\ csvtext', max_size=60))
def test_no_accept_header_crashes(accept: str) -> None:
    assert preferred_media_type(accept, (JSON, CSV)) in (JSON, CSV)


# ---------------------------------------------------------------- Content-Encoding and quoted strings


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "BR", "identity, gzip", "aws-chunked"])
def test_a_coding_other_than_identity_is_a_content_coding(coding: str) -> None:
    assert has_content_coding(coding)


@pytest.mark.parametrize("coding", ["", "identity", " Identity ", "identity,identity", ","])
def test_identity_is_no_content_coding(coding: str) -> None:
    assert not has_content_coding(coding)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('"k"', "k"),
        ("k", "k"),
        ('"a\\"b"', 'a"b'),
        ('"a\\\\b"', "a\\b"),
        ('"k', '"k'),
        ('"a"b"', '"a"b"'),
        ('"a\\b"', '"a\\b"'),
    ],
)
def test_only_a_well_formed_quoted_string_loses_its_quotes(value: str, text: str) -> None:
    assert unquoted(value) == text
