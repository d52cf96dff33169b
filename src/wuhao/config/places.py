"""Where things lie: the project, the city's folder, and the folder for what the house writes."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CITY = Path(os.environ.get("WUHAO_CITY", ROOT / "cities" / "zhuzhou"))
# In a folder of the demo this file holds the day on which the demo lives.
DEMO_MARK = "demo-day"
VAR = Path(os.environ.get("WUHAO_VAR", ROOT / "var"))
