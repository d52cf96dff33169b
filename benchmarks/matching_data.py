"""A register of made-up names and names that people wrote: some meant as its, some of strangers."""

from __future__ import annotations

import random

PLACES = (
    "株洲市",
    "长沙市",
    "湘潭市",
    "衡阳市",
    "岳阳市",
    "常德市",
    "湖南",
    "江苏",
    "浙江",
    "广东",
)
TRADES = (
    "科技", "机械制造", "电子", "新材料", "食品", "建材", "轨道装备", "生物医药", "贸易", "化工",
    "金属制品", "包装", "环保科技", "服饰", "电气设备", "物流", "建筑工程", "能源", "信息技术",
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司")
# The characters of trade names: the 3,755 of GB 2312's first level.
CHARACTERS = [
    bytes([high, low]).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
]
Asked = list[tuple[str, str | None]]


def register_and_names(seed: int, size: int) -> tuple[list[str], Asked]:
    """So many names of a register, and as many that were written: seven of ten mean one of it."""
    made = random.Random(seed)
    names = list(dict.fromkeys(_name(made) for _ in range(size)))
    known = set(names)
    asked: Asked = []
    for at in made.sample(range(len(names)), size * 7 // 10):
        written = _written(made, names[at])
        if written == names[at] or written not in known:
            asked.append((written, str(at)))
    while len(asked) < size:
        stranger = _name(made)
        if stranger not in known:
            asked.append((stranger, None))
    made.shuffle(asked)
    return names, asked


def _name(made: random.Random) -> str:
    word = "".join(made.choices(CHARACTERS, k=made.choice([2, 2, 3, 4])))
    return f"{made.choice(PLACES)}{word}{made.choice(TRADES)}{made.choice(FORMS)}"


def _written(made: random.Random, name: str) -> str:
    """The name as it arrives: as it is, or with a slip of one kind."""
    at = made.randrange(2, len(name) - 4)
    return made.choice(
        [
            name,
            name,
            f" {name[:2]} {name[2:]}",
            name[:at] + made.choice(CHARACTERS) + name[at + 1 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name.replace("有限公司", "公司").replace("有限责任公司", "公司"),
            name[name.find("市") + 1 :] if "市" in name else name[2:],
        ]
    )
