"""Benchmarks: what the system costs and how accurate matching is. They print ratios, because machines differ."""

import sys
from pathlib import Path

# `bookings` is not an installed package: Lambda functions import it from their layer, this package from its source.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "common"))
