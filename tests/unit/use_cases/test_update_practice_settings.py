"""A manager's settings: what is named changes, what is left out stays."""

from typing import Any

import pytest

from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.practice.practice import Practice
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.use_cases.update_practice_settings import update_practice_settings
from tests.support.builders import a_pms, a_practice
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository


def configured(practice: Practice, **settings: Any) -> Practice:
    practices = InMemoryPracticeRepository()
    practices.save(practice)
    return update_practice_settings(practices, practice.id, PracticeSettings(**settings))


def test_a_practice_confirms_when_it_decides_and_links_by_hand_unless_it_says_otherwise() -> None:
    practice = a_practice()
    assert (practice.confirm_when, practice.auto_link) == ("decided", False)


def test_what_is_left_out_stays() -> None:
    practice = a_practice(language="fr", phone="+16045550100", pms=a_pms(freshness_limit_minutes=30))
    after = configured(practice, confirm_when="written")
    assert (after.confirm_when, after.language, after.phone) == ("written", "fr", "+16045550100")
    assert after.pms.freshness_limit_minutes == 30


def test_null_clears() -> None:
    after = configured(a_practice(phone="+16045550100"), phone=None)
    assert after.phone is None


def test_a_phone_is_kept_in_e164() -> None:
    assert configured(a_practice(), phone="(604) 555-0142").phone == "+16045550142"


def test_a_phone_without_its_area_code_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        configured(a_practice(), phone="555-0142")
    assert refused.value.facts["errors"][0]["field"] == "phone"


def test_a_practice_that_is_not_there_has_no_settings() -> None:
    with pytest.raises(NotFound):
        update_practice_settings(InMemoryPracticeRepository(), "prac_none", PracticeSettings(language="fr"))
