"""The folder in which one local stack keeps its state between runs."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.repository_paths import ROOT


@dataclass(frozen=True)
class State:
    """The folder that one local stack keeps between its runs."""

    folder: Path

    @classmethod
    def chosen(cls) -> "State":
        """`.local/` in the repository, unless CHAIRLINK_STATE names another folder."""
        return cls(Path(os.environ.get("CHAIRLINK_STATE") or ROOT / ".local").resolve())

    @property
    def emulator(self) -> Path:
        """What the emulator saves on a clean stop."""
        return self.folder / "emulator"

    @property
    def address(self) -> Path:
        """Where the emulator answers while it runs: another port every time."""
        return self.folder / "emulator.url"

    @property
    def scratch(self) -> Path:
        """Unpacked functions; emptied at every start."""
        return self.folder / "scratch"

    @property
    def log(self) -> Path:
        """What the emulator and the functions print."""
        return self.folder / "emulator.log"

    @property
    def demo(self) -> Path:
        """The secrets that this stack drew for its agents and its staff."""
        return self.folder / "demo.json"

    @property
    def emails(self) -> Path:
        """Every captured e-mail, one JSON line each, newest last."""
        return self.folder / "emails.jsonl"

    def pms(self, practice_id: str) -> Path:
        """What stands in that practice's simulated PMS."""
        return self.folder / f"pms-{practice_id}.sqlite"

    @property
    def lock(self) -> Path:
        """Held while a stack uses this folder."""
        return self.folder / "lock"
