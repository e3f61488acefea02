"""The saved state of the emulator is replaced by a complete one, or stays."""

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from local.emulator_state import EmulatorState
from local.state_folder import StateFolder
from local.terminal_output import CommandError

SERVICES = ("apigateway_v1", "cloudformation", "cognito", "dynamodb", "iam", "lambda", "s3", "sqs")
DiskUsage = namedtuple("DiskUsage", ["total", "used", "free"])  # noqa: PYI024  # that of shutil has no public name


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    """The folder after one clean stop."""
    folder = StateFolder(tmp_path)
    run(folder, "first")
    return folder


def run(folder: StateFolder, content: str, unsaved: tuple[str, ...] = (), log: str = "") -> None:
    """A run whose emulator saves this content when it is stopped, apart from the `unsaved` services."""
    state = EmulatorState(folder)
    state.prepare(4566)
    before = state.modified()
    for number, name in enumerate(name for name in SERVICES if name not in unsaved):
        path = folder.emulator_folder / f"{name}.json"
        path.write_text(json.dumps({"run": content}))
        later = before.get(name, number) + 1_000_000
        os.utime(path, ns=(later, later))
    folder.emulator_log.write_text(log)
    state.keep(before)


def contents(folder: Path) -> set[str]:
    return {json.loads(path.read_text())["run"] for path in folder.glob("*.json")}


def saved(folder: StateFolder) -> set[str]:
    return contents(folder.saved_emulator_folder)


def test_a_complete_state_replaces_the_saved_one(folder: StateFolder) -> None:
    run(folder, "second")
    assert saved(folder) == {"second"}
    assert not folder.emulator_folder.exists()


@pytest.mark.parametrize("name", SERVICES)
def test_where_a_service_was_not_saved_the_saved_state_stays(folder: StateFolder, name: str) -> None:
    with pytest.raises(CommandError, match=f"the state was not saved: the emulator could not save {name}"):
        run(folder, "second", unsaved=(name,))
    assert saved(folder) == {"first"}


def test_what_the_emulator_only_logs_keeps_the_saved_state_too(folder: StateFolder) -> None:
    with pytest.raises(CommandError, match="could not save ses_v2"):
        run(folder, "second", log="Persistence: failed to save ses_v2: 'x' is not JSON serializable")
    assert saved(folder) == {"first"}


def test_a_full_disk_is_named(folder: StateFolder) -> None:
    with pytest.raises(CommandError, match="not saved: the disk is full"):
        run(folder, "second", log="Persistence: failed to save dynamodb: [Errno 28] No space left on device")
    assert saved(folder) == {"first"}


def test_a_disk_too_full_for_the_log_is_named(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: DiskUsage(10**9, 10**9, 4096))
    with pytest.raises(CommandError, match="not saved: the disk is full"):
        run(folder, "second", unsaved=SERVICES)
    assert saved(folder) == {"first"}


def test_the_next_run_starts_from_the_saved_state(folder: StateFolder) -> None:
    with pytest.raises(CommandError):
        run(folder, "second", unsaved=("sqs",))
    EmulatorState(folder).prepare(4566)
    assert contents(folder.emulator_folder) == {"first"}


def test_a_run_that_ends_between_the_two_renames_loses_nothing(folder: StateFolder) -> None:
    folder.saved_emulator_folder.rename(folder.replaced_emulator_folder)
    EmulatorState(folder).prepare(4566)
    assert saved(folder) == {"first"}


def test_the_state_of_an_older_version_is_used(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.emulator_folder.mkdir()
    (folder.emulator_folder / "dynamodb.json").write_text('{"run": "old"}')
    EmulatorState(folder).prepare(4566)
    assert contents(folder.emulator_folder) == {"old"}
