"""What an index gives, and the folder in which it is kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from wuhao.engine.digest import table_digest
from wuhao.engine.facts import Facts, write_facts
from wuhao.engine.index.model import Index
from wuhao.engine.index.workbook import write_workbook
from wuhao.engine.outcome import FORMAT, write_results, write_whole
from wuhao.engine.workbook import ROW_LIMIT


@dataclass(frozen=True)
class IndexOutcome:
    """Results in key order, weights sealed in quanta, what is to be said of them."""

    index: Index
    facts: Facts
    results: pa.Table
    weights: Mapping[str, int]
    notes: list[str] = field(default_factory=list)

    @cached_property
    def facts_digest(self) -> str:
        """The sha256 of the facts that the index reads."""
        return table_digest(self.facts.table)

    @cached_property
    def result_digest(self) -> str:
        """The sha256 of the results."""
        return table_digest(self.results)

    def record(self) -> dict[str, Any]:
        """Return what run.json says: digests, weights, steps; nothing of time or place."""
        return {
            "format": FORMAT,
            "index": self.index.code,
            "label": self.index.label,
            "class": "F",
            "subjects": self.results.num_rows,
            "digits": self.index.digits,
            "steps": [f"{step.key}: {step.method}" for step in self.index.steps],
            "weights": self.weights,
            "index_digest": self.index.digest,
            "facts_digest": self.facts_digest,
            "result_digest": self.result_digest,
            "notes": self.notes,
        }

    def save(self, folder: Path | str) -> None:
        """Write results.parquet, results.xlsx, run.json, facts.parquet and index.yaml, or nothing.

        More rows than a sheet holds get no results.xlsx.
        """
        write_whole(Path(folder), self._write)

    def _write(self, folder: Path) -> None:
        write_results(folder / "results.parquet", self.results)
        write_facts(folder / "facts.parquet", self.facts)
        shutil.copyfile(self.index.path, folder / "index.yaml")
        record = self.record()
        text = json.dumps(record, ensure_ascii=False, indent=2)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")
        if self.results.num_rows <= ROW_LIMIT:
            write_workbook(folder / "results.xlsx", self.index, self.results, record)
