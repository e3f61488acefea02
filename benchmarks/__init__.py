"""What it costs and how well it does; prints ratios, since machines differ."""

import sys
from pathlib import Path

# As in `local`: the layer's package is installed nowhere.
sys.path.append(str(Path(__file__).resolve().parent.parent / "layers" / "common"))
