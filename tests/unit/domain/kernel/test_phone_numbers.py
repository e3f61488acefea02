"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.phone_numbers import PhoneNumber, parse_phone_number


@pytest.mark.parametrize(
    "written",
    [
        "604-555-0123", "(604) 555 0123", "+1 604 555 0123", "1-604-555-0123", "+16045550123", "tel: 604.555.0123",
        "６０４ ５５５ ０１２３", "604 555-0123 ",
    ],
)  # fmt: skip
def test_a_canadian_number_is_read_in_every_notation(written: str) -> None:
    assert parse_phone_number(written, "CA") == ("+16045550123", None)


def test_a_number_without_a_prefix_is_read_in_the_practices_country() -> None:
    assert parse_phone_number("020 7946 0018", "GB") == ("+442079460018", None)
    assert parse_phone_number("01 42 68 53 00", "FR") == ("+33142685300", None)


@pytest.mark.parametrize("written", ["+44 20 7946 0018", "+44 (0)20 7946 0018"])
def test_an_international_prefix_overrides_the_practices_country(written: str) -> None:
    assert parse_phone_number(written, "CA") == ("+442079460018", None)


@pytest.mark.parametrize(
    "written",
    [
        "604-555-0123 ext. 4567", "604 555 0123 x4567", "604.555.0123 extension 4567", "604-555-0123 #4567",
        "tel:+1-604-555-0123;ext=4567", "604-555-0123, poste 4567", "604 555-0123 p. 4567", "(604) 555-0123 local 4567",
        "604-555-0123 Poste: 4567", "604-555-0123 interne 4567",
    ],
)  # fmt: skip
def test_an_extension_is_kept_beside_the_number(written: str) -> None:
    assert parse_phone_number(written, "CA") == PhoneNumber("+16045550123", "4567")


@pytest.mark.parametrize("written", ["+52 1 55 1234 5678", "+5215512345678", "+52 55 1234 5678"])
def test_a_mexican_mobile_is_one_number_with_and_without_the_old_1(written: str) -> None:
    assert parse_phone_number(written, "CA") == ("+525512345678", None)


@pytest.mark.parametrize(
    "written",
    ["", "hello", "12345", "+1 604 555 01234 56789", "+999 123456789", "💥", "604-555-0123 or 604-555-0124", "n/a"],
)
def test_text_that_is_not_a_number_is_none(written: str) -> None:
    assert parse_phone_number(written, "CA") is None


@pytest.mark.parametrize(
    "written",
    [
        "000-000-0000", "999-999-9999", "222-222-2222", "111-1111", "123-456-7890", "604-123-4567", "604-055-0123",
        "+1 194 555 0123", "911-555-0123", "+1 411 555 0123", "+44 0000 000000",
    ],
)  # fmt: skip
def test_a_number_of_the_right_length_that_nobody_can_have_is_none(written: str) -> None:
    assert parse_phone_number(written, "CA") is None


def test_a_number_without_its_area_code_is_local() -> None:
    phone = parse_phone_number("555-0123 x9", "CA")
    assert phone == PhoneNumber("5550123", "9")
    assert phone.is_local


@given(st.text(max_size=60))
def test_no_text_crashes_the_parsing_of_a_number(written: str) -> None:
    phone = parse_phone_number(written, "CA")
    assert phone is None or phone.number.removeprefix("+").isdigit()
