"""The state folder is for its owner only."""

from pathlib import Path
from stat import S_IMODE

import pytest

from local.demo_credentials import DemoCredentials
from local.state_folder import StateFolder


def test_what_an_older_version_left_becomes_private(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path / "state")
    (folder.path / "emulator").mkdir(parents=True)
    for path in (folder.emails_file, folder.path / "emulator" / "dynamodb.json"):
        path.write_text("{}")
        path.chmod(0o644)
    folder.make_private()
    modes = {path.relative_to(tmp_path).as_posix(): S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        "state": 0o700,
        "state/emulator": 0o700,
        "state/emails.jsonl": 0o600,
        "state/emulator/dynamodb.json": 0o600,
    }


def test_credentials_are_private_and_stay_if_they_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "demo.json"
    credentials = DemoCredentials.load_or_generate(path)
    assert S_IMODE(path.stat().st_mode) == 0o600

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OSError, match="No space"):
        credentials.save(path)
    assert DemoCredentials.load_or_generate(path) == credentials
