"""The second city, small enough to be played for every test."""

from tests.cities.xikou import draft, played, town

__all__ = ["draft", "played", "town"]
