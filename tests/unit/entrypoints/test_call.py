"""HTTP calls: bodies, queries, paths, callers, revisions and idempotency keys."""

import base64
import json
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from bookings.domain.decisions.commands import Acceptance
from bookings.domain.kernel.base import Command
from bookings.domain.kernel.errors import (
    ContentCoded,
    Forbidden,
    IdempotencyKeyRequired,
    Invalid,
    Malformed,
    NotFound,
    RevisionRequired,
    RevisionStale,
    TooLarge,
    Unauthenticated,
)
from bookings.domain.kernel.fields import Day, Minutes
from bookings.entrypoints.call import MAX_BODY, Call, load_json
from bookings.entrypoints.staff_claims import Role
from tests.support.builders import COLLEAGUE, NOW, an_http_event

PATH = {"practice_id": "prac_1", "request_id": "req_1"}
NOTIFY = '{"notify": true}'


def a_call(**fields: Any) -> Call:
    return Call(an_http_event(**{"path": PATH, **fields}), NOW)


# ---------------------------------------------------------------- bodies


def test_a_body_is_validated_strictly() -> None:
    assert a_call(body=NOTIFY).body(Acceptance) == Acceptance(notify=True)
    with pytest.raises(Invalid) as refused:
        a_call(body='{"notify": true, "surprise": 1}').body(Acceptance)
    assert refused.value.facts["errors"][0]["field"] == "surprise"


def test_a_base64_body_is_decoded() -> None:
    packed = base64.b64encode(NOTIFY.encode()).decode()
    assert a_call(body=packed, is_base64=True).body(Acceptance).notify


@pytest.mark.parametrize("packed", ["not base64!", "eyJ", "é"])
def test_a_body_that_is_not_valid_base64_is_malformed(packed: str) -> None:
    with pytest.raises(Malformed):
        a_call(body=packed, is_base64=True).raw_body()


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "{",
        "notify=true",
        '{"notify": true} {}',
        '{"notify": true, "notify": false}',
        '{"notify": true, "override": {"reason": "a", "reason": "b"}}',
        '{"notify": NaN}',
        '{"notify": -Infinity}',
        '{"duration_minutes": ' + "9" * 5000 + "}",
        "[" * 5000,
        "\ufeff{}",
    ],
)
def test_a_body_that_is_not_json_with_unique_keys_is_malformed(body: str | None) -> None:
    with pytest.raises(Malformed):
        a_call(body=body).body(Acceptance)


@pytest.mark.parametrize("raw", [b'{"notify": true, "chair_id": "\xff"}', '{"notify": true}'.encode("utf-16")])
def test_a_body_that_is_not_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises((Malformed, Invalid)):
        a_call(body=base64.b64encode(raw).decode(), is_base64=True).body(Acceptance)


def test_an_unpaired_surrogate_is_refused() -> None:
    with pytest.raises(Malformed):
        a_call(body='{"notify": true, "chair_id": "\\ud800"}').body(Acceptance)
    with pytest.raises(Malformed):
        a_call(body='{"notify": true, "chair_id": "\ud800"}').body(Acceptance)


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert len(a_call(body="x" * MAX_BODY).raw_body()) == MAX_BODY
    with pytest.raises(TooLarge) as refused:
        a_call(body="é" * (MAX_BODY // 2) + "x").raw_body()
    assert refused.value.facts["limit"] == MAX_BODY


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "identity, gzip", "deflate, identity", "x-unknown"])
def test_a_body_with_a_content_coding_is_refused(coding: str) -> None:
    with pytest.raises(ContentCoded):
        a_call(headers={"Content-Encoding": coding}, body=NOTIFY).body(Acceptance)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Encoding": "identity"},
        {"content-encoding": "Identity"},
        {"Content-Encoding": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "?"},
        {},
    ],
)
def test_a_body_is_read_as_json_whatever_its_content_type(headers: dict[str, str]) -> None:
    assert a_call(headers=headers, body=NOTIFY).body(Acceptance).notify


@given(st.binary(max_size=60))
def test_no_body_crashes_the_parser(raw: bytes) -> None:
    with suppress(Malformed, Invalid):
        a_call(body=base64.b64encode(raw).decode(), is_base64=True).body(Acceptance)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_json_with_unique_keys_is_read_unchanged(value: object) -> None:
    assert load_json(json.dumps(value).encode()) == value


# ---------------------------------------------------------------- query


class Query(Command):
    first_day: Day = Field(alias="from")
    limit: int = Field(default=25, ge=1, le=100)
    duration_minutes: Minutes | None = None


def test_query_parameters_are_validated_strictly() -> None:
    query = a_call(query={"from": "2026-07-15", "limit": "5", "duration_minutes": "60"}).query(Query)
    assert (query.first_day, query.limit, query.duration_minutes) == (date(2026, 7, 15), 5, 60)
    assert a_call(query={"from": "2026-07-15"}).query(Query).limit == 25


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (None, "from"),
        ({"from": "2026-07-15", "limit": "many"}, "limit"),
        ({"from": "2026-07-15", "limit": "0"}, "limit"),
        ({"from": "2026-07-15", "page": "2"}, "page"),
        ({"from": "2026-07-15", "duration_minutes": "1"}, "duration_minutes"),
        ({"from": "2026-07-15", "duration_minutes": "60 min"}, "duration_minutes"),
        ({"from": "0"}, "from"),
        ({"from": "20260715"}, "from"),
        ({"from": "9999-12-31"}, "from"),
    ],
)
def test_a_wrong_query_parameter_is_refused_by_its_public_name(query: dict[str, str] | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_call(query=query).query(Query)
    assert [error["field"] for error in refused.value.facts["errors"]] == [field]


def test_a_query_parameter_that_occurs_twice_is_refused_by_its_name() -> None:
    several = {
        "multiValueQueryStringParameters": {"from": ["2026-07-15", "2026-07-15"], "limit": ["5"], "page": ["1", ""]}
    }
    with pytest.raises(Invalid) as refused:
        a_call(query={"from": "2026-07-15", "limit": "5"}, repeated=several).query(Query)
    assert [error["field"] for error in refused.value.facts["errors"]] == ["from", "page"]


# ---------------------------------------------------------------- headers


def test_a_header_that_occurs_twice_has_both_values() -> None:
    several = {"multiValueHeaders": {"if-match": ['"1"', '"4"'], "Host": ["api.example"]}}
    call = a_call(headers={"if-match": '"4"'}, repeated=several)
    assert (call.header("If-Match"), call.header("host")) == ('"1", "4"', "api.example")


# ---------------------------------------------------------------- paths


def test_an_id_that_is_too_long_is_not_found() -> None:
    with pytest.raises(NotFound) as refused:
        a_call(path={"practice_id": "prac_1", "request_id": "r" * 257}).path("request_id")
    assert refused.value.slug == "request-not-found"
    with pytest.raises(NotFound) as refused:
        a_call(path={"manage_token": "t" * 257}).path("manage_token")
    assert refused.value.slug == "request-not-found"


# ---------------------------------------------------------------- callers and roles


@pytest.mark.parametrize(
    "groups",
    [
        ["prac_1:front_desk"],
        ["prac_2:manager", "prac_1:front_desk"],
        "prac_1:front_desk",
        "prac_2:manager,prac_1:front_desk",
        "[prac_2:manager prac_1:front_desk]",
        "[prac_1:front_desk]",
        "[prac_2:manager, prac_1:front_desk]",
    ],
)
def test_groups_are_read_in_every_form_of_the_claim(groups: str | list[str]) -> None:
    """A list, the string that AWS makes of it for a REST API, and that of the emulator."""
    assert a_call(groups=groups).staff() == "prac_1"
    with pytest.raises(Forbidden):
        a_call(groups=groups).staff(Role.MANAGER)


@pytest.mark.parametrize(
    "groups",
    [
        None, "", [], "[]", 7, "prac_2:manager", "prac_1", "prac_1:", "prac_1:patient", ":front_desk",
        "xprac_1:manager",
        "prac_1:manager:x", "prac_11:manager", ["prac_2:manager", 7],
        "prac_2:manager prac_1:manager", " prac_1:manager", "[prac_1:manager", "prac_1:manager]", "[[prac_1:manager]]",
        "[prac_2:manager][prac_1:manager]", '["prac_1:manager"]', "prac_1:manager\n", "[prac_2:x\tprac_1:manager]",
        "[prac_2:x, y prac_1:manager]", "prac_1:MANAGER", "Prac_1:manager", "prac_1 :manager", "prac_2:prac_1:manager",
        ["prac_1:manager,x"], ["[prac_1:manager]"], ["x prac_1:manager"], {"prac_1:manager": 1},
    ],
)  # fmt: skip
def test_staff_of_another_practice_get_practice_not_found(groups: Any) -> None:
    with pytest.raises(NotFound) as refused:
        a_call(groups=groups).staff()
    assert refused.value.slug == "practice-not-found"


def test_a_manager_may_do_what_the_front_desk_may() -> None:
    assert a_call(groups="prac_1:manager").staff() == "prac_1"
    assert a_call(groups="prac_1:manager").staff(Role.MANAGER) == "prac_1"


@pytest.mark.parametrize("token_use", ["access", "ID", ""])
def test_a_token_that_is_no_id_token_is_refused(token_use: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        a_call(groups="prac_1:manager", token_use=token_use).staff()
    assert refused.value.scheme == "Bearer"


def test_a_call_without_an_authorizer_has_no_access() -> None:
    event = an_http_event(path=PATH)
    del event["requestContext"]["authorizer"]
    with pytest.raises(NotFound):
        Call(event, NOW).staff()


def test_a_command_context_has_practice_request_revision_and_caller() -> None:
    call = a_call(groups="prac_1:front_desk", headers={"if-match": '"4"'}, body=NOTIFY)
    context = call.command_context()
    assert (context.practice_id, context.request_id, context.revisions) == ("prac_1", "req_1", {4})
    assert (context.stamp.by, context.stamp.at, context.stamp.correlation_id) == ("staff:u1", NOW, call.correlation_id)
    assert context.stamp.by_name == COLLEAGUE
    assert context.idempotency_key is None


def test_a_stamp_has_a_whole_second_and_the_milliseconds_since() -> None:
    call = Call(an_http_event(path=PATH), NOW + timedelta(microseconds=123_999))
    stamp = call.stamp("patient")
    assert (call.now, stamp.at, stamp.milliseconds) == (NOW, NOW, 123)


def test_access_is_checked_before_the_revision() -> None:
    with pytest.raises(NotFound):
        a_call(groups="prac_2:manager").command_context()


# ---------------------------------------------------------------- If-Match


def test_if_match_names_the_revisions_that_the_caller_allows() -> None:
    assert a_call(headers={"If-Match": '"4", "5"'}).allowed_revisions() == {4, 5}


@pytest.mark.parametrize("tag", ['W/"4"', '"four"', ",", '"4'])
def test_an_if_match_that_allows_no_revision_is_stale(tag: str) -> None:
    with pytest.raises(RevisionStale):
        a_call(headers={"If-Match": tag}).allowed_revisions()


@pytest.mark.parametrize("headers", [{}, {"If-Match": ""}, {"If-Match": " "}])
def test_without_if_match_a_decision_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(RevisionRequired):
        a_call(headers=headers).allowed_revisions()


# ---------------------------------------------------------------- Idempotency-Key


def idempotency_record_of(**fields: Any) -> tuple[str, str]:
    idempotency_key = a_call(**{"headers": {"Idempotency-Key": "k"}, "body": NOTIFY, **fields}).idempotency_key(
        "staff:u1"
    )
    assert idempotency_key
    return idempotency_key.idempotency_record_id, idempotency_key.payload_digest


def test_the_same_call_with_the_same_key_has_the_same_record() -> None:
    assert idempotency_record_of() == idempotency_record_of(headers={"idempotency-key": "k"})
    days = {"from": "2026-07-01", "to": "2026-07-31"}
    assert idempotency_record_of(query=days) == idempotency_record_of(query=dict(reversed(days.items())))


@pytest.mark.parametrize(("key", "same"), [("k", '"k"'), ('a"b', '"a\\"b"'), ("a\\b", '"a\\\\b"'), ("k", ' "k" ')])
def test_a_quoted_idempotency_key_is_the_same_as_without_quotes(key: str, same: str) -> None:
    """The draft of the header defines it as a string of structured fields (RFC 9651 §3.3.3)."""
    first, second = ({"Idempotency-Key": one} for one in (key, same))
    assert idempotency_record_of(headers=first) == idempotency_record_of(headers=second)


def test_an_idempotency_key_belongs_to_one_operation() -> None:
    other = {"practice_id": "prac_2", "request_id": "req_1"}
    assert idempotency_record_of()[0] != idempotency_record_of(path=other)[0]
    assert idempotency_record_of()[0] != idempotency_record_of(headers={"Idempotency-Key": "K"})[0]


@pytest.mark.parametrize(
    "other",
    [
        {"body": '{"notify": false}'},
        {"headers": {"Idempotency-Key": "k", "If-Match": '"2"'}},
        {"query": {"from": "2026-07-01"}},
    ],
)
def test_another_payload_revision_or_query_has_another_digest(other: dict[str, Any]) -> None:
    assert idempotency_record_of(**other)[0] == idempotency_record_of()[0]
    assert idempotency_record_of(**other)[1] != idempotency_record_of()[1]


@pytest.mark.parametrize(
    "key", ["", '""', "two words", '"two words"', "k" * 256, f'"{"k" * 256}"', "schlüssel", "tab\t"]
)
def test_an_invalid_idempotency_key_is_malformed(key: str) -> None:
    with pytest.raises(Malformed):
        a_call(headers={"Idempotency-Key": key}).idempotency_key("patient")


def test_a_submission_needs_an_idempotency_key() -> None:
    assert a_call().idempotency_key("patient") is None
    with pytest.raises(IdempotencyKeyRequired):
        a_call().required_idempotency_key("patient")
