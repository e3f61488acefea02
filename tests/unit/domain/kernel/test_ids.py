"""Ids of new practices and agents."""

import pytest

from bookings.domain.kernel.ids import check_chosen_id


@pytest.mark.parametrize("chosen", ["prac_harbour_dental", "agt-1", "A", "0" * 128])
def test_letters_digits_underscores_and_hyphens_are_allowed(chosen: str) -> None:
    assert check_chosen_id(chosen) == chosen


@pytest.mark.parametrize(
    "chosen", ["", "prac.1", "prac:1", "prac 1", "prac,1", "prac/1", "pråc", "prac_1\n", "0" * 129]
)
def test_what_separates_in_paths_groups_and_tokens_is_not_allowed(chosen: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        check_chosen_id(chosen)
