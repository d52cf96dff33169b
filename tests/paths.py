"""Places that tests read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CITY = ROOT / "cities" / "zhuzhou"
SHARED_DATA = ROOT.parent / "shared" / "data"
EXAMPLES = ROOT / "examples"
