"""The folder in which a local stack keeps its state between runs."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.repository_paths import ROOT


@dataclass(frozen=True)
class StateFolder:
    """The paths of all files in the state folder of one local stack."""

    path: Path

    @classmethod
    def from_environment(cls) -> "StateFolder":
        """The folder that CHAIRLINK_STATE names, or `.local/` in the repository."""
        return cls(Path(os.environ.get("CHAIRLINK_STATE") or ROOT / ".local").resolve())

    def make_private(self) -> None:
        """Make the folder, and all that an earlier run left in it, readable by its owner only."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        for path in self.path.rglob("*"):
            with suppress(FileNotFoundError):  # the emulator of a run that was killed may still be ending
                path.chmod(0o700 if path.is_dir() else 0o600)

    @property
    def emulator_folder(self) -> Path:
        """The working copy of the AWS emulator's state, while it runs."""
        return self.path / "emulator"

    @property
    def saved_emulator_folder(self) -> Path:
        """State of the AWS emulator after the last clean stop."""
        return self.path / "emulator.saved"

    @property
    def replaced_emulator_folder(self) -> Path:
        """The state before that, for the moment in which the new one takes its place."""
        return self.path / "emulator.replaced"

    @property
    def emulator_url_file(self) -> Path:
        """Contains the emulator's URL while it runs; its port changes at every start."""
        return self.path / "emulator.url"

    @property
    def scratch_folder(self) -> Path:
        """Temporary files of the emulator, such as unpacked functions. Deleted at every start."""
        return self.path / "scratch"

    @property
    def emulator_log(self) -> Path:
        """Output of the emulator and the functions."""
        return self.path / "emulator.log"

    @property
    def credentials_file(self) -> Path:
        """The generated secrets of the demo practices' agents and staff."""
        return self.path / "demo.json"

    @property
    def emails_file(self) -> Path:
        """Every captured e-mail as one line of JSON, newest last."""
        return self.path / "emails.jsonl"

    def pms_database(self, practice_id: str) -> Path:
        """The SQLite database of the practice's simulated PMS."""
        return self.path / f"pms-{practice_id}.sqlite"

    @property
    def lock_file(self) -> Path:
        """Locked while a stack uses this folder."""
        return self.path / "lock"
