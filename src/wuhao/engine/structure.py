"""What of a scheme's structure a replay does not know: named, and refused."""

from __future__ import annotations

from wuhao.engine.findings import EngineError, listed
from wuhao.engine.model import Scheme


def refuse_structure(scheme: Scheme) -> None:
    """Raise EngineError for units."""
    rules = [rule.code for rule in scheme.units.rules] if scheme.units else []
    if rules:
        raise EngineError(f"方案有评价单元规则（{listed(rules)}），这里还不会复算。")
