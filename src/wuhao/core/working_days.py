"""The city's calendar of working days, from `calendars/YEAR.yaml`."""

from wuhao.core import city
from wuhao.core.calendar import Calendar, calendar_of


def calendar() -> Calendar:
    """The calendar of every year whose order the city has entered."""
    folder = city.path_of("calendars")
    years = sorted(folder.glob("[0-9][0-9][0-9][0-9].yaml"))
    return calendar_of({int(path.stem): city.read(f"calendars/{path.name}") for path in years})
