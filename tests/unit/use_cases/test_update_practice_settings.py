"""A manager changes the practice's settings."""

from contextlib import nullcontext
from typing import Any

import pytest
from pydantic import ValidationError

from bookings.domain.kernel.errors import Invalid, NotFound
from bookings.domain.kernel.validation_errors import field_errors
from bookings.domain.practice.practice import DEFAULT_UNDO_SECONDS, Pms, Practice
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.use_cases.update_practice_settings import update_practice_settings
from tests.support.builders import a_pms, a_practice
from tests.support.in_memory.practice_repository import InMemoryPracticeRepository


def configured(practice: Practice, **settings: Any) -> Practice:
    practices = InMemoryPracticeRepository()
    practices.save(practice)
    return update_practice_settings(practices, practice.id, PracticeSettings(**settings))


def read_setting(practice: Practice, name: str) -> object:
    return getattr(practice.pms if name in Pms.model_fields else practice, name)


def test_defaults_confirm_on_decision_and_link_by_hand() -> None:
    practice = a_practice()
    assert (practice.confirm_when, practice.auto_link) == ("decided", False)


def test_settings_that_are_left_out_stay() -> None:
    practice = a_practice(language="fr", phone="+16045550100", pms=a_pms(freshness_limit_minutes=30))
    after = configured(practice, confirm_when="written")
    assert (after.confirm_when, after.language, after.phone) == ("written", "fr", "+16045550100")
    assert after.pms.freshness_limit_minutes == 30


CHANGED: dict[str, Any] = {
    "phone": "+16045550100", "address": "1 Harbour Street", "confirm_when": "written", "auto_link": True,
    "email_undo_seconds": 60,
    "notify_moves_automatically": True, "decision_target_minutes": 60, "report_recipients": ("boss@harbour.example",),
    "front_desk_recipients": ("desk@harbour.example",),
}  # fmt: skip


@pytest.mark.parametrize("setting", [*CHANGED, "freshness_limit_minutes"])
def test_null_returns_a_setting_to_that_of_a_new_practice(setting: str) -> None:
    new = a_practice(email_undo_seconds=DEFAULT_UNDO_SECONDS)
    changed = a_practice(**CHANGED, pms=a_pms(freshness_limit_minutes=30))
    after = configured(changed, **{setting: None})
    assert read_setting(after, setting) == read_setting(new, setting) != read_setting(changed, setting)


@pytest.mark.parametrize(("seconds", "is_allowed"), [(-1, False), (0, True), (120, True), (121, False), (1.5, False)])
def test_an_undo_window_has_up_to_two_minutes(seconds: float, *, is_allowed: bool) -> None:
    with nullcontext() if is_allowed else pytest.raises(ValidationError):
        PracticeSettings.model_validate({"email_undo_seconds": seconds})


def test_every_setting_but_name_and_language_can_be_cleared() -> None:
    assert {*CHANGED, "freshness_limit_minutes", "name", "language"} == PracticeSettings.model_fields.keys()


@pytest.mark.parametrize("setting", ["name", "language"])
def test_name_and_language_cannot_be_cleared(setting: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PracticeSettings.model_validate({setting: None})
    (error,) = field_errors(refused.value)
    assert error == {"field": setting, "message": "cannot be cleared; leave it out to keep it"}


def test_a_phone_number_is_stored_as_e164() -> None:
    assert configured(a_practice(), phone="(604) 555-0142").phone == "+16045550142"


def test_a_phone_number_with_an_extension_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        configured(a_practice(), phone="604-555-0142 ext. 5")
    (error,) = refused.value.facts["errors"]
    assert (error["field"], error["message"]) == ("phone", "must be a phone number without an extension")


def test_a_name_is_one_line_without_invisible_characters() -> None:
    assert configured(a_practice(), name="Harbour\r\n\u202eDental\u200b").name == "Harbour Dental"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("\u200b", "must have at least one character that can be seen"),
        ("x" * 201, "must have at most 200 characters"),
    ],
)
def test_an_address_can_be_seen_and_has_200_characters_at_most(address: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PracticeSettings.model_validate({"address": address})
    assert field_errors(refused.value) == [{"field": "address", "message": message}]


def test_a_phone_number_without_area_code_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        configured(a_practice(), phone="555-0142")
    assert refused.value.facts["errors"][0]["field"] == "phone"


def test_an_unknown_practice_is_not_found() -> None:
    with pytest.raises(NotFound):
        update_practice_settings(InMemoryPracticeRepository(), "prac_none", PracticeSettings(language="fr"))
