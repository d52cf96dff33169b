"""Reads the city's folder: everything that differs from city to city, as data."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings


def read(name: str) -> dict[str, Any]:
    """The content of one YAML file of the city's folder, as `parks.yaml`; cached by path."""
    return _read(settings.WUHAO_CITY / name)


@cache
def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def path_of(name: str) -> Path:
    """Where a file or folder of the city lies."""
    return Path(settings.WUHAO_CITY) / name
