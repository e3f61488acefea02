"""Runs the whole system of template.yaml on this machine, without a cloud account or Docker."""

import sys
import zoneinfo
from pathlib import Path

# `bookings` is not an installed package: Lambda functions import it from their layer, this package from its source.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "common"))

# As in bookings.bootstrap: the pinned tzdata package knows this year's rules, the system's files may not.
zoneinfo.reset_tzpath(to=())
