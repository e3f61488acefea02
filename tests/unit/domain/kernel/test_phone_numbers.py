"""Phone numbers as people write them."""

import pytest

from bookings.domain.kernel.phone_numbers import to_e164


@pytest.mark.parametrize(
    "written",
    ["604-555-0123", "(604) 555 0123", "+1 604 555 0123", "1-604-555-0123", "+16045550123", "tel: 604.555.0123"],
)
def test_a_canadian_number_is_read_in_every_notation(written: str) -> None:
    assert to_e164(written, "CA") == "+16045550123"


def test_a_number_without_a_prefix_is_read_in_the_practices_country() -> None:
    assert to_e164("020 7946 0018", "GB") == "+442079460018"
    assert to_e164("01 42 68 53 00", "FR") == "+33142685300"


def test_an_international_prefix_overrides_the_practices_country() -> None:
    assert to_e164("+44 20 7946 0018", "CA") == "+442079460018"


@pytest.mark.parametrize(
    "written", ["", "hello", "12345", "555-0123", "+1 604 555 01234 56789", "+999 123456789", "💥"]
)
def test_text_that_is_not_a_number_is_none(written: str) -> None:
    assert to_e164(written, "CA") is None
