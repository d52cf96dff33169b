"""A large workbook read, checked and compared with the batch before: Wuhao beside pandas.

Each way runs in a process of its own. pandas reads with the same calamine and does by columns what
can be done so: numbers, missing and repeated codes, the condition, the comparison. It knows no
credit codes, units, states, cells, last year, or sentences.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.intake_data import FIGURES, template_text, write_workbook

SIZES = (100_000,)
Cell = dict[str, float]
LAST_FACTS = 4
"""Facts of the year before that are compared: tax, revenue, land, energy."""


def run(rows: int, rounds: int, only: list[str] | None = None) -> list[str]:
    """Make the workbooks, let every way take its turn, and return the section of the page."""
    names = [name for name in WAYS if not only or name in only]
    with tempfile.TemporaryDirectory() as folder:
        _prepared(Path(folder), rows)
        found = {name: [_apart(name, folder) for _ in range(rounds)] for name in names}
        limits = [_apart(name, folder) for name in LIMITS]
    return report(found, dict(zip(LIMITS, limits, strict=True)), rows, rounds)


def _prepared(folder: Path, rows: int) -> None:
    """This year's workbook, last year's, and last year's rows as a batch keeps them."""
    import pyarrow.parquet as pq

    (folder / "B1.yaml").write_text(template_text(), encoding="utf-8")
    for name, seed in (("before", 0), ("now", 1)):
        write_workbook(folder / f"{name}.xlsx", rows, seed)
    pq.write_table(_read(folder, "before.xlsx")[1], folder / "before.parquet", compression="zstd")
    _phantoms(folder / "phantoms.xlsx")
    _bomb(folder / "bomb.xlsx")


def _apart(name: str, folder: str) -> Cell:
    command = [sys.executable, "-m", "benchmarks.intake", name, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: Cell = json.loads(done.stdout.splitlines()[-1])
    return answer


def contest(name: str, folder: Path) -> Cell:
    """Run one way in this process."""
    started = time.perf_counter()
    told = (WAYS | LIMITS)[name](folder)
    return {"seconds": time.perf_counter() - started, "peak": _peak(), **told}


def _peak() -> float:
    """The most memory this process has held, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _read(folder: Path, name: str):  # type: ignore[no-untyped-def]
    from wuhao.intake.checks import Context, check
    from wuhao.intake.reader.workbook import read_workbook
    from wuhao.intake.rows import rows_table
    from wuhao.intake.templates import load_text

    template = load_text(template_text(), "B1", folder)
    before = folder / "before.parquet"
    workbook = read_workbook(folder / name, known=template.known_headings())
    reading = check(template, workbook, _known(before) if before.exists() else Context())
    return template, rows_table(template, reading), reading


def _known(before: Path):  # type: ignore[no-untyped-def]
    """Names of the directory, and last year's figures of some facts."""
    import pyarrow.parquet as pq

    from wuhao.intake.checks import Context

    facts = [f"f{n}" for n in range(LAST_FACTS)]
    rows = pq.read_table(before, columns=["uscc", "name", *facts])
    keys = rows["uscc"].to_pylist()
    last = {fact: dict(zip(keys, rows[fact].to_pylist(), strict=True)) for fact in facts}
    return Context(dict(zip(keys, rows["name"].to_pylist(), strict=True)), last)


def wuhao(folder: Path) -> Cell:
    """Read, check and compare, as handing a file in does."""
    from wuhao.intake.difference import ColumnsOnDisk, Difference

    template, rows, reading = _read(folder, "now.xlsx")
    counts = Difference(template, rows, ColumnsOnDisk(folder / "before.parquet")).counts
    return {"rows": rows.num_rows, "changed": counts["changed"], "warnings": reading.warnings}


def pandas(folder: Path) -> Cell:
    """Read with calamine, check by columns, compare by a merge."""
    import pandas as pd

    now = pd.read_excel(folder / "now.xlsx", engine="calamine", header=1)
    code = now.columns[0]
    figures = [f"指标{n}" for n in range(FIGURES)]
    numbers = now[figures].apply(pd.to_numeric, errors="coerce") * 1000
    bad = int(now[code].isna().sum() + now[code].duplicated().sum() + (numbers < 0).sum().sum())
    beyond = numbers["指标1"] > numbers["指标0"] + numbers["指标2"] + numbers["指标3"]
    before = pd.read_parquet(folder / "before.parquet", columns=["uscc", *_facts()])
    merged = numbers.assign(uscc=now[code]).merge(before, on="uscc", how="outer", indicator=True)
    both = merged[merged["_merge"] == "both"]
    differs = pd.concat(
        [(both[f"指标{n}"] * 100 - both[f"f{n}"]).abs() > 0.5 for n in range(FIGURES)], axis=1
    ).any(axis=1)
    return {"rows": len(now), "changed": int(differs.sum()), "warnings": bad + int(beyond.sum())}


def _facts() -> list[str]:
    return [f"f{n}" for n in range(FIGURES)]


def phantoms(folder: Path) -> Cell:
    """A sheet of ten rows below which a million empty ones have been given a border."""
    from wuhao.intake.reader.workbook import read_workbook

    [sheet] = read_workbook(folder / "phantoms.xlsx").sheets
    return {"rows": len(sheet.tables[0].data_rows)}


def bomb(folder: Path) -> Cell:
    """A workbook of some kilobytes that would unpack to gigabytes."""
    from wuhao.intake.reader.model import UnreadableFile
    from wuhao.intake.reader.workbook import read_workbook

    try:
        read_workbook(folder / "bomb.xlsx")
    except UnreadableFile:
        return {"rows": 0}
    raise AssertionError("the bomb was read")


def _phantoms(path: Path) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>'
    rows = [
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{_firm(n)}</t></is></c>'
        f'<c r="B{n}"{" t=" + chr(34) + "inlineStr" + chr(34) if n == 1 else ""}>'
        f"{'<is><t>数量</t></is>' if n == 1 else f'<v>{n}</v>'}</c></row>"
        for n in range(1, 12)
    ]
    empty = (
        f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(12, 1_048_577)
    )
    _package(path, head + "".join(rows) + "".join(empty) + "</sheetData></worksheet>")


def _firm(number: int) -> str:
    return "名称" if number == 1 else f"甲{number}"


def _bomb(path: Path) -> None:
    _package(path, "<worksheet>" + " " * (1 << 30))


def _package(path: Path, sheet: str) -> None:
    """A workbook of one sheet, written by hand."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("表")
    book.close()
    with zipfile.ZipFile(stream) as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for info in plain.infolist():
            content = plain.read(info.filename)
            made.writestr(info.filename, sheet if info.filename.endswith("sheet1.xml") else content)


WAYS: dict[str, Callable[[Path], Cell]] = {"wuhao": wuhao, "pandas": pandas}
LIMITS: dict[str, Callable[[Path], Cell]] = {"phantom rows": phantoms, "zip bomb": bomb}


def report(
    found: dict[str, list[Cell]], limits: dict[str, Cell], rows: int, rounds: int
) -> list[str]:
    """The lines of the table."""
    lines = [
        f"## A workbook of {rows:,} rows and 30 columns, read, checked and compared",
        "",
        f"Medians of rounds: {rounds}. The batch before has the same firms; 3 % of the figures "
        f"differ. Names of the directory and last year's figures of {LAST_FACTS} facts are known.",
        "",
        "| way | seconds | peak memory, MiB | rows | rows that changed |",
        "|---|---|---|---|---|",
    ]
    for name, cells in found.items():
        middle = {key: statistics.median(cell[key] for cell in cells) for key in cells[0]}
        lines.append(
            f"| {name} | {middle['seconds']:.1f} | {middle['peak']:.0f} | {middle['rows']:,.0f} "
            f"| {middle['changed']:,.0f} |"
        )
    lines += ["", "| limit | seconds | peak memory, MiB |", "|---|---|---|"]
    said = {
        "phantom rows": "1,048,565 styled empty rows below ten of data, read",
        "zip bomb": "a workbook that unpacks to 1 GiB, refused",
    }
    for name, cell in limits.items():
        lines.append(f"| {said[name]} | {cell['seconds']:.2f} | {cell['peak']:.0f} |")
    return [*lines, ""]


if __name__ == "__main__":
    print(json.dumps(contest(sys.argv[1], Path(sys.argv[2]))))
