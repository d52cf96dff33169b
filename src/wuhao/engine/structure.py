"""What of a scheme's structure a replay does not know: named, and refused."""

from __future__ import annotations

from wuhao.engine.findings import EngineError, listed
from wuhao.engine.model import Scheme


def refuse_structure(scheme: Scheme) -> None:
    """Raise EngineError for units, made groups, own items, factors, limits and steps up."""
    made = [group.made_by or group.code for group in scheme.groups if group.by or group.made_by]
    own = {code: None for group in scheme.groups for code in group.items}
    hanging = [line.code for line in scheme.points if line.hangs_on_total()]
    found = [
        ("有评价单元规则", [rule.code for rule in scheme.units.rules] if scheme.units else []),
        ("按属性分组", list(dict.fromkeys(made))),
        ("有组内另定的指标", list(own)),
        ("有系数或保底的加减分", hanging),
        ("有合计上限的加减分", [limit.code for limit in scheme.point_limits]),
        ("有提升几档的调整", [rule.code for rule in scheme.adjustments if rule.up]),
    ]
    strange = [f"{what}（{listed(codes)}）" for what, codes in found if codes]
    if strange:
        raise EngineError(f"方案{'、'.join(strange)}，这里还不会复算。")
