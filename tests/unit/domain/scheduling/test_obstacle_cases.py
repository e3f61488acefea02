"""The shared cases of tests/cases/obstacles.json; web/tests runs the console's own rules against the same file."""

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any, get_args

import pytest

from bookings.domain.kernel.wall_time import from_rfc9557
from bookings.domain.practice.practice import Practice
from bookings.domain.scheduling.conflicts import Obstacle, ObstacleCode, assess_fit, best_placement, find_obstacles
from bookings.domain.scheduling.day_sheet import Busy, DaySheet, Resource, ResourceKind, SheetKey, Sheets, sheet_keys
from bookings.domain.scheduling.slot import Slot
from deploy.repository_paths import ROOT

FILE: Mapping[str, Any] = json.loads((ROOT / "tests" / "cases" / "obstacles.json").read_text())
CASES: list[dict[str, Any]] = FILE["cases"]
PLACEMENTS: list[dict[str, Any]] = FILE["placements"]


def _description(case: Mapping[str, Any]) -> str:
    return str(case["description"])


def _practice(case: Mapping[str, Any]) -> Practice:
    fields = deepcopy({**FILE["practice"], **case.get("practice", {})})
    zone = fields["timezone"]
    for owner in (fields, *fields["chairs"], *fields["practitioners"]):
        if owner["hours"]:
            closures = [{end: f"{at}[{zone}]" for end, at in one.items()} for one in owner["hours"]["closures"]]
            owner["hours"] = {**owner["hours"], "closures": closures}
    return Practice.model_validate(fields)


def _slot(case: Mapping[str, Any], zone: str) -> Slot:
    return Slot.model_validate({**case["slot"], "start": f"{case['slot']['start']}[{zone}]"})


def _sheets(case: Mapping[str, Any], zone: str) -> Sheets:
    sheets = {}
    for name, appointments in case.get("sheets", {}).items():
        day, kind, resource_id = name.split()
        key = SheetKey(date.fromisoformat(day), Resource(kind, resource_id))
        busy = {
            one: Busy(start=from_rfc9557(f"{at['start']}[{zone}]"), duration_minutes=at["duration_minutes"])
            for one, at in appointments.items()
        }
        sheets[key] = DaySheet(key, 1, busy)
    return sheets


def _facts(case: Mapping[str, Any]) -> tuple[Practice, Slot, Sheets, datetime]:
    practice = _practice(case)
    now = datetime.fromisoformat(case.get("now", FILE["now"]))
    return practice, _slot(case, practice.timezone), _sheets(case, practice.timezone), now


def _in_short(obstacle: Obstacle) -> str:
    return " ".join(filter(None, (obstacle.code, obstacle.appointment_id or obstacle.resource_id)))


@pytest.mark.parametrize("case", CASES, ids=_description)
def test_the_obstacles_of_a_shared_case_are_found(case: dict[str, Any]) -> None:
    assert [_in_short(obstacle) for obstacle in find_obstacles(*_facts(case))] == case["obstacles"]


@pytest.mark.parametrize("case", PLACEMENTS, ids=_description)
def test_a_slot_goes_to_the_chair_of_the_shared_case(case: dict[str, Any]) -> None:
    facts = _facts(case)
    assert (best_placement(*facts).slot.chair_id, assess_fit(*facts).verdict) == (case["chair_id"], case["verdict"])


@pytest.mark.parametrize("case", [*CASES, *PLACEMENTS], ids=_description)
def test_the_sheets_of_a_shared_case_are_those_that_its_appointments_stand_on(case: dict[str, Any]) -> None:
    for key, sheet in _facts(case)[2].items():
        for busy in sheet.busy.values():
            on = {f"{key.resource.kind}_id": key.resource.id}
            assert key in sheet_keys(busy.slot.model_copy(update=on))


def test_the_shared_cases_need_every_code_and_have_descriptions_of_their_own() -> None:
    descriptions = [_description(case) for case in [*CASES, *PLACEMENTS]]
    assert len(set(descriptions)) == len(descriptions)
    codes = {text.split()[0] for case in CASES for text in case["obstacles"]}
    assert codes == set(ObstacleCode)
    assert {name.split()[1] for case in CASES for name in case.get("sheets", {})} == set(get_args(ResourceKind))


@pytest.mark.parametrize("case", [*CASES, *PLACEMENTS], ids=_description)
def test_the_offsets_of_a_shared_case_are_those_of_the_practices_zone(case: dict[str, Any]) -> None:
    _, slot, sheets, _ = _facts(case)
    busy_times = [busy.start for sheet in sheets.values() for busy in sheet.busy.values()]
    for start in (slot.start, *busy_times):
        assert f'"{start.isoformat(timespec="minutes")}"' in json.dumps(case)
