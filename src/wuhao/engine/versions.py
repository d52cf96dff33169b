"""Two versions of a scheme in words: every key that is written otherwise, as a sentence.

What is compared is the content of the files, so nothing of a scheme can be left out: a part that
has no words of its own is told by its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wuhao.engine.digest import scheme_digest
from wuhao.engine.exact import parse_decimal
from wuhao.engine.findings import EngineError
from wuhao.engine.marks import Sink, compose
from wuhao.engine.model import Scheme
from wuhao.engine.scheme_words import ENTITIES, KEYS, VALUES

Path = tuple[str, ...]
ABSENT = object()
"""What a key holds where it is not written."""
ORDERED = ("groups", "indicators")
"""Mappings whose order has a meaning: the first group that takes a subject, the first reason."""
TO = "grade"
"""The word of `to` where it is a grade, not a day."""
SAME = "只有写法不同，规则没有变化。"


def differences(old: Scheme, new: Scheme) -> list[str]:
    """Return what changes from one scheme to another.

    Raises EngineError where a file was changed after it was read.
    """
    contents = [_content(scheme) for scheme in (old, new)]
    found = in_words(*contents)
    return [SAME] if not found and old.digest != new.digest else found


def in_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what changes from one plain content to another, in the order of the first."""
    return list(_Words(old, new).told((), old, new))


def _content(scheme: Scheme) -> dict[str, Any]:
    top = compose(scheme.path, Sink(scheme.path.name))
    content = top.plain() if top is not None else {}
    if scheme_digest(content) != scheme.digest:
        raise EngineError(f"方案文件“{scheme.path}”在读入后被改动过，请重新读入再比较。")
    return dict(content)


@dataclass(frozen=True)
class _Words:
    """Walks through two contents side by side."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]

    def told(self, path: Path, old: Any, new: Any) -> Iterator[str]:
        """Tell every difference at or below a place."""
        old, new = self._opened(path, old, new)
        if _same(old, new):
            return
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for key in _keys(old, new):
                yield from self.told((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
            if path in _SECTIONS and path[-1] in (*ORDERED, *_LISTS):
                yield from self._order(path, list(old), list(new))
        else:
            yield self._sentence(path, old, new)

    @staticmethod
    def _opened(path: Path, old: Any, new: Any) -> tuple[Any, Any]:
        """Take a list of rules as a mapping by id, and an absent section as an empty one."""
        if path[-1:] and path[-1] in _LISTS:
            old, new = _by_id(old), _by_id(new)
        if path and (path in _SECTIONS or path in (("scope",), ("evaluation_unit",))):
            old, new = ({} if side is ABSENT else side for side in (old, new))
        return old, new

    def _order(self, path: Path, old: list[str], new: list[str]) -> Iterator[str]:
        kept = [key for key in old if key in new]
        now = [key for key in new if key in old]
        if kept != now:
            before, after = ("、".join(self._name(path, key) for key in k) for k in (kept, now))
            yield f"{ENTITIES[path[-1]]}的顺序 {before} → {after}"

    # ---- one sentence ------------------------------------------------------------------------

    def _sentence(self, path: Path, old: Any, new: Any) -> str:
        place = self._place(path)
        before, after = (self._text(path, side) for side in (old, new))
        if path[:-1] in _SECTIONS and (old is ABSENT or new is ABSENT):
            return f"新增{place}：{after}" if old is ABSENT else f"取消{place}：{before}"
        inside = "的内容" if path[:-1] in _SECTIONS else ""
        return f"{place}{inside} {before} → {after}"

    def _place(self, path: Path) -> str:
        """Return the words for a place."""
        for at in range(len(path), 0, -1):
            section, rest = path[:at], path[at:]
            if section in _SECTIONS and rest:
                return self._entity(section, rest)
        if path[:1] == ("grades",) and len(path) > 2:
            return f"{path[2]} 档{_word(path[1])}"
        return "的".join(_word(key) for key in path)

    def _entity(self, section: Path, rest: Path) -> str:
        name = self._name(section, rest[0])
        if section == ("groups",) and rest[1:2] == ("weights",) and len(rest) > 2:
            return self._weight(name, [key for key in rest[2:] if key != "weights"])
        if section == ("groups",) and rest[1:2] == ("grades",) and len(rest) > 3:
            return f"{name}：{rest[3]} 档{_word(rest[2])}"
        entity = f"{ENTITIES[section[-1]]}“{name}”"
        keys = [TO if (section, key) == (("adjustments",), "to") else key for key in rest[1:]]
        return f"{entity}的{'的'.join(_word(key) for key in keys)}" if keys else entity

    def _weight(self, group: str, keys: list[str]) -> str:
        """Return the words for a weight, or for another key of a level between."""
        own = keys[-1] if keys[-1] in ("weight", "label", "aggregate") and len(keys) > 1 else None
        part = keys[-2] if own else keys[-1]
        return f"{group}：{self._name(('indicators',), part)}{_word(own or 'weight')}"

    def _name(self, section: Path, key: str) -> str:
        """Return the label that one of the two versions gives."""
        for content in (self.old, self.new):
            found: Any = content
            for step in section:
                found = found.get(step, {}) if isinstance(found, Mapping) else {}
            found = _by_id(found) if section[-1] in _LISTS else found
            entity = found.get(key) if isinstance(found, Mapping) else None
            if isinstance(entity, Mapping) and entity.get("label"):
                return str(entity["label"])
        return key

    def _text(self, path: Path, value: Any) -> str:
        if value is ABSENT:
            return "不写"
        if value is None:
            return "空"
        if isinstance(value, Mapping):
            pairs = (f"{_word(k)} {self._text((*path, k), v)}" for k, v in value.items())
            return "，".join(pairs) or "空"
        if isinstance(value, list):
            return "、".join(self._text(path, inner) for inner in value) or "空"
        unit = "%" if "grades" in path and "share" in path else ""
        words = (VALUES.get((key, value)) for key in path[-2:])
        return f"{next((word for word in words if word), value)}{unit}"


_LISTS = ("exclude", "points", "point_limits", "adjustments", "rules")
_SECTIONS: set[Path] = {
    ("facts",), ("attributes",), ("quantities",), ("scope", "exclude"), ("indicators",),
    ("groups",), ("points",), ("point_limits",),
    ("adjustments",), ("evaluation_unit", "rules"),
}  # fmt: skip


def _word(key: str) -> str:
    return KEYS.get(key, key)


def _keys(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _by_id(rules: Any) -> Any:
    """Return a list of rules as a mapping by their id; anything else as it is."""
    if not isinstance(rules, list) or not all(isinstance(rule, Mapping) for rule in rules):
        return rules
    return {str(rule.get("id", at)): rule for at, rule in enumerate(rules, start=1)}


def _same(old: Any, new: Any) -> bool:
    """Return whether two values are the same; 30 and 30.0 are."""
    if isinstance(old, str) and isinstance(new, str):
        numbers = parse_decimal(old), parse_decimal(new)
        return old == new or (None not in numbers and numbers[0] == numbers[1])
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return list(old) == list(new) and all(_same(old[key], new[key]) for key in old)
    return bool(old == new)
