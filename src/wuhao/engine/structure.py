"""What of a scheme's structure a replay does not know: named, and refused."""

from __future__ import annotations

from wuhao.engine.findings import EngineError, listed
from wuhao.engine.model import Scheme


def refuse_structure(scheme: Scheme) -> None:
    """Raise EngineError for units, made groups and own items."""
    made = [group.made_by or group.code for group in scheme.groups if group.by or group.made_by]
    own = {code: None for group in scheme.groups for code in group.items}
    found = [
        ("有评价单元规则", [rule.code for rule in scheme.units.rules] if scheme.units else []),
        ("按属性分组", list(dict.fromkeys(made))),
        ("有组内另定的指标", list(own)),
    ]
    strange = [f"{what}（{listed(codes)}）" for what, codes in found if codes]
    if strange:
        raise EngineError(f"方案{'、'.join(strange)}，这里还不会复算。")
