"""What an evaluation gives, and the folder in which it is kept."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wuhao.engine.digest import table_digest
from wuhao.engine.facts import Facts, read_snapshot, write_facts
from wuhao.engine.findings import EngineError
from wuhao.engine.model import Scheme
from wuhao.engine.scheme import load_scheme
from wuhao.engine.workbook import write_workbook

FORMAT = 1


@dataclass(frozen=True)
class Line:
    """The border of a grade in a group: the standing of the last one in (None: nobody is)."""

    group: str
    grade: str
    standing: int | None


@dataclass(frozen=True)
class Outcome:
    """Results in key order, borders, benchmarks, the three digests, notes for people."""

    scheme: Scheme
    facts: Facts
    results: pa.Table
    lines: list[Line]
    benchmarks: dict[str, dict[str, int | None]]
    scheme_digest: str
    facts_digest: str
    result_digest: str
    backend: str
    notes: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)

    def row(self, subject: str) -> dict[str, Any] | None:
        """Return the result of one subject, or None."""
        return _row(self.results, subject)

    def facts_row(self, subject: str) -> dict[str, Any] | None:
        """Return the facts of one subject, or None."""
        return _row(self.facts.table, subject)

    def record(self) -> dict[str, Any]:
        """Return what run.json says: digests, borders, benchmarks; nothing of time or place."""
        return {
            "format": FORMAT,
            "scheme": self.scheme.code,
            "label": self.scheme.label,
            "class": "F" if self.scheme.is_float() else "E",
            "subjects": self.results.num_rows,
            "digits": self.scheme.digits,
            "scheme_digest": self.scheme_digest,
            "facts_digest": self.facts_digest,
            "result_digest": self.result_digest,
            "backend": self.backend,
            "benchmarks": self.benchmarks,
            "lines": [asdict(line) for line in self.lines],
            "notes": self.notes,
        }

    def save(self, folder: Path | str) -> None:
        """Write results.parquet, results.xlsx, run.json, facts.parquet and scheme.yaml.

        Everything is written beside the folder first and moved in at the end.
        """
        folder = Path(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".wuhao-") as made:
            self._write(Path(made))
            folder.mkdir(exist_ok=True)
            for path in sorted(Path(made).iterdir()):
                os.replace(path, folder / path.name)

    def _write(self, folder: Path) -> None:
        pq.write_table(self.results, folder / "results.parquet", compression="zstd")
        write_facts(folder / "facts.parquet", self.facts)
        shutil.copyfile(self.scheme.path, folder / "scheme.yaml")
        record = json.dumps(self.record(), ensure_ascii=False, indent=2)
        (folder / "run.json").write_text(record + "\n", encoding="utf-8")
        write_workbook(folder / "results.xlsx", self.scheme, self.results, self.record())

    @staticmethod
    def load(folder: Path | str) -> Outcome:
        """Read a folder that `save` wrote. Raises EngineError when it is not whole or changed."""
        folder = Path(folder)
        try:
            record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            results = pq.read_table(folder / "results.parquet")
            facts = read_snapshot(folder / "facts.parquet")
        except (OSError, ValueError, pa.ArrowInvalid) as error:
            raise EngineError(f"“{folder}”不是完整的评价结果目录：{error}") from error
        scheme = load_scheme(folder / "scheme.yaml")
        if facts is None:
            raise EngineError(f"“{folder / 'facts.parquet'}”不是数据快照。")
        found = (scheme.digest, table_digest(facts.table), table_digest(results))
        kept = tuple(record[f"{name}_digest"] for name in ("scheme", "facts", "result"))
        if found != kept:
            raise EngineError(f"“{folder}”的内容与 run.json 的摘要不符，结果可能被改动过。")
        lines = [Line(**line) for line in record["lines"]]
        return Outcome(
            scheme, facts, results, lines, record["benchmarks"], *kept,
            record["backend"], record["notes"],
        )  # fmt: skip


def _row(table: pa.Table, subject: str) -> dict[str, Any] | None:
    at = table.column("subject").index(subject).as_py()
    return None if at < 0 else dict(table.slice(at, 1).to_pylist()[0])
