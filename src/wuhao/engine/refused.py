"""The treatment `refuse`: an evaluation does not begin while an item lacks its value."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.findings import FactsError, Finding, listed
from wuhao.engine.model import LACKS, Scheme
from wuhao.engine.wording import NOTES

SHOWN = 5


def refuse(scheme: Scheme, subjects: pa.ChunkedArray, items: pa.Table) -> None:
    """Raise FactsError when an item that may not lack its value does; `items` has the lacks."""
    findings = []
    for item in scheme.indicators.values():
        for at in item.lacks("refuse"):
            found = subjects.filter(pc.equal(items.column(f"{item.code}__lack"), at))
            if len(found):
                shown = listed(found.slice(0, SHOWN).to_pylist())
                rest = " 等" if len(found) > SHOWN else ""
                sentence = (
                    f"{NOTES[LACKS[at - 1]]}的有 {len(found)} 户（{shown}{rest}），"
                    f"方案规定“{item.label}”不得缺值；请补齐后再评价。"
                )
                findings.append(Finding("数据", 0, item.code, sentence))
    if findings:
        raise FactsError(findings)
