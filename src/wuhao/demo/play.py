"""Plays the demo city's year through the services that people use, from workbook to letter.

Every step looks first whether it has been done, so that an interrupted play goes on where it
ended and comes out with the same digests.
"""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from wuhao.core import audit, city
from wuhao.core.errors import DomainError
from wuhao.core.models import User
from wuhao.core.services import appoint, load_offices
from wuhao.core.viewer import Viewer, viewer_of
from wuhao.demo.population import generate
from wuhao.demo.workbooks import (
    write_collected_workbook,
    write_faulty_workbook,
    write_waiting_workbook,
    write_workbooks,
)
from wuhao.documents.services import path_of
from wuhao.evaluation import services as evaluation
from wuhao.intake import services as intake
from wuhao.intake.models import Batch, Collection
from wuhao.registers.services import reference
from wuhao.reports.letters import draft_letter
from wuhao.runs.models import Run

# What a play writes into the house's folder.
WRITTEN = ("db.sqlite3*", "demo", "files", "lake", "letters", "audit")
BUREAU_USER = "bureau"
RESOLUTION = "演示：局办公会研究同意，按默认参数公布"


def play(scale: int = 1) -> Iterator[str]:
    """Play the year; yields a line for every step done or found done."""
    demo = city.read("demo.yaml")
    yield from _people(demo)
    files = _workbooks(demo, scale)
    yield f"六个部门的工作簿在 {files[0].parent}（演示数据）。"
    yield from _faulty(demo, files[0].parent)
    for code, path in zip(demo["files"], files, strict=True):
        yield _hand_in(code, path, int(demo["period"]))
    yield _leave_waiting(demo["waiting"], files[0].parent)
    if "collection" in demo:
        yield _collect(demo["collection"], files[0].parent, int(demo["period"]))
    yield from _evaluate(int(demo["evaluation_year"]))
    yield _letter()
    audit.seal()


def clear() -> None:
    """Begin anew: remove what a play writes, and nothing else.

    Raises DomainError when the database lies elsewhere: it would stay behind.
    """
    var = Path(settings.WUHAO_VAR)
    if not Path(settings.DATABASES["default"]["NAME"]).is_relative_to(var):
        raise DomainError("演示库不在演示的目录里，不敢清空；请另设 WUHAO_DATABASE_URL 再试。")
    for name in WRITTEN:
        for path in var.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _people(demo: dict[str, Any]) -> Iterator[str]:
    load_offices()
    reference.load_parks()
    reference.load_indicators()
    users = city.read("city.yaml")["users"]
    for entry in users:
        own = demo["cast"][entry["own"]]["uscc"] if entry.get("own") else ""
        appoint(
            entry["username"],
            entry["name"],
            entry["office"],
            entry["role"],
            own_key=own,
            password=demo["password"],
        )
    yield f"机构、园区、指标与 {len(users)} 个演示岗位已登记。"


def _workbooks(demo: dict[str, Any], scale: int) -> list[Path]:
    folder = Path(settings.WUHAO_VAR) / "demo"
    files = [folder / name for name in demo["files"].values()]
    others = [folder / demo["faulty_file"], folder / demo["waiting"]["file"]]
    collected = demo.get("collection", {}).get("file")
    others += [folder / collected] if collected else []
    if all(path.exists() for path in [*files, *others]):
        return files
    folder.mkdir(parents=True, exist_ok=True)
    population = generate(city.path_of("."), Decimal(scale))
    write_faulty_workbook(population, folder)
    write_waiting_workbook(population, folder)
    if collected:
        write_collected_workbook(population, folder / collected)
    return write_workbooks(population, folder, int(demo["data_year"]))


def _viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


def _faulty(demo: dict[str, Any], folder: Path) -> Iterator[str]:
    """Once the directory stands, the tax bureau's first file shows what findings look like."""
    directory = folder / demo["files"]["T0"]
    yield _hand_in("T0", directory, int(demo["period"]))
    path = folder / demo["faulty_file"]
    received = intake.receive_path(path, "T1", int(demo["period"]), _viewer("tax"))
    yield f"{received.batch.no} {path.name}：查出 {received.batch.errors} 处错误，未提交。"


def _hand_in(code: str, path: Path, period: int) -> str:
    officer, bureau = _viewer(intake.template(code).owner), _viewer(BUREAU_USER)
    batch = intake.receive_path(path, code, period, officer).batch
    if batch.status == Batch.Status.DRAFT:
        intake.submit(batch, officer)
    if batch.status == Batch.Status.SUBMITTED:
        intake.accept(batch, bureau)
    return f"{batch.no} {path.name}：{batch.rows} 行，{batch.get_status_display()}。"


def _leave_waiting(waiting: dict[str, Any], folder: Path) -> str:
    """A batch handed in and not accepted: the bureau decides, so a later play leaves it alone."""
    code, path = waiting["template"], folder / waiting["file"]
    officer = _viewer(intake.template(code).owner)
    batch = intake.receive_path(path, code, int(waiting["period"]), officer).batch
    if batch.status == Batch.Status.DRAFT:
        intake.submit(batch, officer)
    return f"{batch.no} {path.name}：{batch.rows} 行，{batch.get_status_display()}。"


def _collect(wanted: dict[str, Any], folder: Path, period: int) -> str:
    """Last year's table sent out to the parks, which have not answered yet; sent once."""
    bureau, path = _viewer(BUREAU_USER), folder / wanted["file"]
    found = Collection.objects.filter(layout__name=path.name).first()
    if found is None:
        found = intake.propose_collection(path.name, path.read_bytes(), bureau)
    if found.status == Collection.Status.DRAFT:
        offices = tuple(wanted["offices"])
        days = int(wanted["working_days"])
        terms = intake.Terms(wanted["title"], wanted["purpose"], period, offices, days)
        intake.open_collection(found, terms, bureau)
    return f"{found.code} {wanted['title']}：已发给 {len(wanted['offices'])} 个园区，等填报。"


def _evaluate(year: int) -> Iterator[str]:
    bureau = _viewer(BUREAU_USER)
    run = evaluation.compute_draft(year, bureau)
    if run.status == Run.Status.DRAFT:
        run = evaluation.publish(run.no, bureau, RESOLUTION)
    yield f"{run.no} {run.get_status_display()}，结果摘要 {run.result_digest[:16]}…"


def _letter() -> str:
    """The first letter: drafted once; its file is copied to where a person looks for it."""
    out = Path(settings.WUHAO_VAR) / "letters" / "演示复函.docx"
    if not out.exists():
        version = draft_letter(_viewer(BUREAU_USER))
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path_of(version), out)
    return f"第一封复函草稿：{out}"
