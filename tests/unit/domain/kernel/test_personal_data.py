"""Personal data as people type it and as a PMS stores it."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.personal_data import (
    check_birth_date,
    clean_line,
    or_unknown,
    parse_birth_date,
    parse_email,
    parse_name,
    parse_phone,
    parse_pms_birth_date,
    to_ascii_email,
)

ZERO_WIDTH_SPACE, ZWNJ, ZWJ = "\u200b", "\u200c", "\u200d"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("Zoe\u0308", "Zoë", id="a composed letter"),
        pytest.param("Ann\u0000", "Ann", id="a NUL"),
        pytest.param("Ann\u0007\u009f", "Ann", id="other control characters"),
        pytest.param("Ann\nMarie\t Sue", "Ann Marie Sue", id="line break and tab"),
        pytest.param("Ann\u2028Marie\u00a0Sue\u3000Lee", "Ann Marie Sue Lee", id="spaces of every kind"),
        pytest.param("\u202eeiraM\u202c", "eiraM", id="bidi override"),
        pytest.param("\u200fشیرین\u200e", "شیرین", id="bidi marks"),
        pytest.param(f"{ZERO_WIDTH_SPACE}Mar\u00adie\ufeff", "Marie", id="zero width and soft hyphen"),
        pytest.param("Ma\u3164rie\u2800", "Marie", id="Hangul filler and Braille blank"),
        pytest.param("Marie\ufe0f", "Marie", id="a variation selector behind a Latin letter"),
        pytest.param("Ma\ud83drie\uffff", "Marie", id="half a surrogate pair and a noncharacter"),
        pytest.param(f"A{ZWJ}nn{ZWNJ}e", "Anne", id="joiners between Latin letters"),
    ],
)
def test_a_name_loses_what_nobody_can_see(typed: str, kept: str) -> None:
    assert parse_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "वैष्णवी", "தமிழ்", "สมชาย", "ശ്രീജ", "Nguyễn", "محمّد", "מֹשֶׁה", "O’Brien", "Kaʻahumanu", "が", "김", "X Æ A-12", "-",
        pytest.param("ශ්\u200dරී", id="Sinhala, with a joiner behind the virama"),
        pytest.param("র\u200d্যাচেল", id="Bengali, with a joiner before the virama"),
        pytest.param("علی\u200cرضا", id="Persian, with a non-joiner"),
        pytest.param("葛\U000e0100西", id="Japanese, with the variant of a character"),
    ],
)  # fmt: skip
def test_a_name_keeps_every_sign_of_its_script(name: str) -> None:
    assert parse_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "typed", ["", " ", ZERO_WIDTH_SPACE, "\u202e\u202c", "\u3164", "\u2800", ZWJ, "\u0301", "\u0000"]
)
def test_a_name_that_nobody_can_see_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="can be seen"):
        parse_name(typed)


def test_a_name_has_at_most_100_characters() -> None:
    assert parse_name("a" * 100 + ZERO_WIDTH_SPACE) == "a" * 100
    with pytest.raises(ValueError, match="at most 100"):
        parse_name("a" * 101)


@given(st.text())
def test_cleaning_a_text_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_a_clean_text_is_one_line_without_control_characters(text: str) -> None:
    categories = {unicodedata.category(char) for char in clean_line(text)}
    assert not categories & {"Cc", "Cs", "Zl", "Zp"}


# ---------------------------------------------------------------- e-mail addresses


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jane.Doe+dentist@Example.COM", "Jane.Doe+dentist@Example.COM"),
        (" o'brien@mail.example.co.uk ", "o'brien@mail.example.co.uk"),
        (f"{ZERO_WIDTH_SPACE}jane@example.com", "jane@example.com"),
        (f"jane@example.com{ZERO_WIDTH_SPACE}\u00a0", "jane@example.com"),
        ("\u202ajane@example.com\u202c\ufeff", "jane@example.com"),
        ("zoe@FASS.example", "zoe@FASS.example"),
        ("zoe@faß.example", "zoe@faß.example"),
        ("zoe@EXÄMPLE.ca", "zoe@exämple.ca"),
        ("zoe@xn--exmple-cua.ca", "zoe@xn--exmple-cua.ca"),
        ("zoe@ｅｘａｍｐｌｅ。com", "zoe@example.com"),
        (f"ali@نامه{ZWNJ}ای.com", f"ali@نامه{ZWNJ}ای.com"),
    ],
)
def test_an_address_is_kept_as_it_was_typed(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept


@pytest.mark.parametrize(
    ("kept", "written_to"),
    [
        ("Jane@Example.com", "Jane@Example.com"),
        pytest.param("zoe@faß.example", "zoe@xn--fa-hia.example", id="not fass.example, as in IDNA 2003"),
        ("zoe@exämple.ca", "zoe@xn--exmple-cua.ca"),
        ("zoe@βόλος.com", "zoe@xn--nxasmm1c.com"),
    ],
)
def test_an_email_goes_to_the_domain_that_was_typed(kept: str, written_to: str) -> None:
    assert to_ascii_email(kept) == written_to


@pytest.mark.parametrize(
    "typed",
    [
        "", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "jane doe@example.com",
        "zoë@example.com", "mailto:jane@example.com", "jane..x@example.com", ".jane@example.com", "jane.@example.com",
        "jane(home)@example.com", "jane@example.com (home)", '"jane"@example.com', "Jane <jane@example.com>",
        "jane@example.com,joe@example.com", "jane@example.com; joe@example.com",
        "jane@example.com\r\nBcc: joe@example.com",
        "jane@exam\u0000ple.com", "jane@example..com", "jane@example.com.", "jane@-example.com", "jane@exa_mple.com",
        "jane@192.168.0.1", "jane@[192.168.0.1]", "jane@xn--zzzzzz99.com", "jane@💩.example", "jane@exa_mple.ä",
        "jane\u00ad@example.com", "jane@exam\u200bple.com", "ja\u2060ne@example.com", "jane@exam\u00adple.com",
        "jane@ex℀.com", "j" * 65 + "@example.com", "jane@" + "a" * 64 + ".com", "jane@" + "ä" * 60 + ".com",
        "jane@" + "abcdefgh." * 28 + "com", "ｊａｎｅ@example.com", "n/a", "none",
    ],
)  # fmt: skip
def test_an_address_that_can_never_be_written_to_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must "):
        parse_email(typed)


@given(st.emails())
def test_an_ordinary_address_is_not_refused(address: str) -> None:
    local_part = address.rpartition("@")[0]
    if len(local_part) <= 64:
        assert to_ascii_email(address).rpartition("@")[0] == local_part


@given(st.text() | st.text().map(lambda text: f"jane@{text}.example") | st.text().map(lambda text: f"{text}@e.example"))
def test_no_text_crashes_the_parsing_of_an_address(text: str) -> None:
    ascii_address = or_unknown(lambda typed: to_ascii_email(parse_email(typed)))(text)
    assert ascii_address is None or ascii_address.isascii()


# ---------------------------------------------------------------- birth dates


@pytest.mark.parametrize("typed", ["", " ", "0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01"])
def test_an_empty_or_placeholder_birth_date_is_unknown(typed: str) -> None:
    assert parse_birth_date(typed) is None


@pytest.mark.parametrize(
    "typed", ["0000-00-00", "1899-12-31", "02/04/1990", "1990-02-30", "19900402", "١٩٩٠-04-02", "unknown"]
)
def test_what_is_no_birth_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="must be a date"):
        parse_birth_date(typed)


def test_a_birth_date_is_not_in_the_future() -> None:
    today = date(2026, 7, 1)
    assert check_birth_date(today, today) == today
    assert check_birth_date(None, today) is None
    with pytest.raises(ValueError, match="future"):
        check_birth_date(date(2026, 7, 2), today)


@pytest.mark.parametrize(
    "stored", ["1990-04-02T00:00:00", "1990-04-02 00:00:00.000", "1990-04-02T00:00:00Z", " 1990-04-02 "]
)
def test_a_pms_may_store_a_birth_date_with_midnight(stored: str) -> None:
    assert parse_pms_birth_date(stored) == date(1990, 4, 2)


def test_a_placeholder_with_midnight_is_unknown() -> None:
    assert parse_pms_birth_date("0001-01-01T00:00:00") is None


# ---------------------------------------------------------------- values of a PMS


@pytest.mark.parametrize("value", [None, "", "\u200b", ["Jane"], {"text": "Jane"}, 1.5, True])
def test_what_a_pms_sends_and_nobody_can_use_is_unknown(value: object) -> None:
    assert or_unknown(parse_name)(value) is None


def test_a_number_in_place_of_a_text_is_read_as_text() -> None:
    assert or_unknown(lambda text: parse_phone(text, "CA"))(6045550123) == ("+16045550123", None)
