"""Runs the whole system of template.yaml on this machine: no cloud account, no Docker."""

import sys
from pathlib import Path

# The layer's package is installed nowhere: functions find it in their layer, we find it at its source.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "common"))
