"""A second, made-up city with its own offices, templates and grades, played for tests.

    厂  park   size  levy  land  staff   levy/亩 : 420/45   score   grade
    甲  溪北   大    300   15    50      2.14, capped 1.5    150     H
    乙  溪北   大    100   15    50      0.714               71.4    M
    丙  溪南   大    20    15    50      0.143               14.3    L
    丁  溪南   小    10    3     5       1 (alone)           100     H
    戊  溪北   小    1     3     2       -                   -       fewer than three people

Levy in 万元, land in 亩.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from wuhao.core import city as city_files
from wuhao.core import day
from wuhao.core.codes import completed_uscc
from wuhao.core.models import User
from wuhao.core.services import appoint, load_offices
from wuhao.core.viewer import Viewer, viewer_of
from wuhao.evaluation import services
from wuhao.intake import services as intake
from wuhao.registers.services import reference
from wuhao.runs.models import Run

DAY = date(2031, 3, 1)
CITY = Path(__file__).parent / "xikou_city"
TABLE = [
    ("甲厂", "溪北园区", "大", 300, 15, 50),
    ("乙厂", "溪北园区", "大", 100, 15, 50),
    ("丙厂", "溪南园区", "大", 20, 15, 50),
    ("丁厂", "溪南园区", "小", 10, 3, 5),
    ("戊厂", "溪北园区", "小", 1, 3, 2),
]
CODES = {row[0]: completed_uscc(f"91990100MAX{place:05d}") for place, row in enumerate(TABLE)}
GRADES = {"甲厂": "H", "乙厂": "M", "丙厂": "L", "丁厂": "H"}


@pytest.fixture
def town(db, settings, tmp_path: Path) -> Iterator[Path]:
    """The town with its two workbooks accepted, on 1 March 2031."""
    settings.WUHAO_CITY = CITY
    with day.on(DAY):
        load_offices()
        reference.load_parks()
        reference.load_indicators()
        for user in city_files.read("city.yaml")["users"]:
            appoint(**user)
        directory = [(CODES[name], name, park, size) for name, park, size, *_ in TABLE]
        hand_in(tmp_path, "DIR", "keeper", ["代码", "厂名", "园", "大小"], directory)
        hand_in_figures(tmp_path)
        yield tmp_path


@pytest.fixture
def draft(town: Path) -> Run:
    return services.compute_draft(2031, viewer("chief"))


@pytest.fixture
def played(draft: Run) -> Run:
    """The town's evaluation, published."""
    return services.publish(draft.no, viewer("chief"), "工务会议")


def viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


def hand_in_figures(folder: Path, **levies: int) -> None:
    """Hand in the figures of the table, some levies changed."""
    rows = [
        (CODES[name], levies.get(name, levy), land, staff)
        for name, _park, _size, levy, land, staff in TABLE
    ]
    hand_in(folder, "FIG", "clerk", ["代码", "税费（万元）", "用地（亩）", "人数"], rows)


def hand_in(folder: Path, template: str, username: str, heads: list[str], rows: list) -> None:
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    path = folder / f"{template}.xlsx"
    book.save(path)
    batch = intake.receive_path(path, template, 203000, viewer(username)).batch
    assert (batch.rows, batch.errors) == (len(rows), 0)
    intake.submit(batch, viewer(username))
    intake.accept(batch, viewer("chief"))
