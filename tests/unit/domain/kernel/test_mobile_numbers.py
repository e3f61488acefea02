"""Which phone numbers are mobiles."""

import pytest

from bookings.domain.kernel.phone_numbers import is_mobile


@pytest.mark.parametrize("number", ["+61406794161", "+447400123456", "+33612345678"])
def test_a_numbering_plan_with_mobile_ranges_decides(number: str) -> None:
    assert is_mobile(number)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("+16045550123", id="North American: landline or mobile, nobody knows"),
        pytest.param("+442079460123", id="a landline"),
        pytest.param("604-555-0123", id="without a country"),
        pytest.param("", id="none"),
        pytest.param("+999", id="of no country"),
    ],
)
def test_a_number_of_an_undecided_plan_is_not_a_mobile(number: str) -> None:
    assert not is_mobile(number)
