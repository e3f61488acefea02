"""Paths of the repository's folders."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILDS = ROOT / ".aws-sam"
WEB = ROOT / "web"
