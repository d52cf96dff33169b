"""The JSON Schema of a scheme file, for editors: keys, words and parameters as they are read.

An editor that knows JSON Schema then lists the keys and words while one writes. It says what a
file may look like; `wuhao scheme check` also says whether it makes sense (units, sums, names).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wuhao.engine.draft import BASIS, read_attribute, read_fact
from wuhao.engine.model import LACKS
from wuhao.engine.probe import FLAG, NUMBER, TEXT, Schema, accepted_by, obj
from wuhao.engine.unit_rules import JOINS, MISSING, OWN_KEYS
from wuhao.engine.units import unit_names
from wuhao.engine.vocabulary import (
    ABSENT,
    ADJUSTMENTS,
    AGGREGATES,
    BENCHMARKS,
    DOC_STATUSES,
    EXEMPTIONS,
    GRADINGS,
    POINTS,
    SCORES,
    STATUSES,
)
from wuhao.engine.word import Word

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY: Schema = {"type": ["string", "null"], "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
CODE: Schema = {"type": "string", "pattern": r"^[a-z_][a-z0-9_]*$"}
COUNT: Schema = {"type": "integer", "minimum": 1}
EXPRESSION: Schema = {"type": ["string", "number"]}
BASED: dict[str, Schema] = {"article": TEXT, "status": {"enum": list(STATUSES)}}
DOC: Schema = {
    "type": "object",
    "properties": {"status": {"enum": [*DOC_STATUSES, None]}},
}
HAS_BASIS: Schema = {"anyOf": [{"required": [name]} for name in BASIS]}


def scheme_schema() -> Schema:
    """Return the JSON Schema of a scheme."""
    needed = ["scheme", "label", "doc", "effective", "subject", "digits", "facts", "groups"]
    top = obj(_top(), [*needed, "indicators"])
    defs = {"unit": {"type": "string", "examples": unit_names()}, "weights": _weights()}
    return {"$schema": DIALECT, "title": "wuhao scheme 评价方案", **top, "$defs": defs}


def _top() -> dict[str, Schema]:
    digits = {"type": "integer", "minimum": 0, "maximum": 12}
    four = ("value", "benchmark", "ratio", "score")
    return {
        "scheme": TEXT,
        "label": TEXT,
        "doc": DOC,
        "effective": obj({"from": DAY, "to": DAY}, ["from"]),
        "subject": obj({"column": TEXT, "label": TEXT}, ["column"]),
        "input": obj({"other_columns": {"enum": ["refuse", "ignore"]}}),
        "digits": obj(dict.fromkeys(four, digits), four),
        "rank_on": obj({"digits": digits}, ["digits"]),
        "facts": obj({}, more=_fact()),
        "attributes": obj({}, more=_attribute()),
        "quantities": obj({}, more=EXPRESSION),
        "evaluation_unit": _units(),
        "scope": obj({"exclude": _listed(_exclusion())}),
        "benchmark": _kinds(BENCHMARKS, BASED),
        "item": obj({"score": _kinds(SCORES), "absent": _absent(), **BASED}),
        "indicators": obj({}, more=_indicator()),
        "groups": obj({}, more=_group()),
        "points": _listed(_points()),
        "point_limits": _listed(_point_limit()),
        "adjustments": _listed(_adjustment()),
        "tie_break": _listed(TEXT),
        "grades": _kinds(GRADINGS, {"order": _listed(TEXT), **BASED}),
    }


def _listed(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _kinds(words: Mapping[str, Word], extra: Mapping[str, Schema] | None = None) -> Schema:
    """A word with its parameters: one alternative for each word."""
    return {"anyOf": [_kind(name, word, extra or {}) for name, word in words.items()]}


def _kind(name: str, word: Word, extra: Mapping[str, Schema]) -> Schema:
    params = {key: accepted_by(read) for key, read in word.params.items()}
    return obj({"kind": {"const": name}, **params, **extra}, ["kind", *word.needed])


def _fact() -> Schema:
    found = accepted_by(lambda mark: read_fact("any", mark))
    return _texts(found, {"unit": {"$ref": "#/$defs/unit"}})


def _attribute() -> Schema:
    return _texts(accepted_by(lambda mark: read_attribute("any", mark)), {})


def _texts(found: Schema, more: Mapping[str, Schema]) -> Schema:
    """Of what a mark reads by itself nothing is noted: these are texts."""
    properties = {name: inner or TEXT for name, inner in found["properties"].items()}
    return {**found, "properties": {**properties, **more}}


def _rule(properties: Mapping[str, Schema], needed: Sequence[str]) -> Schema:
    return {**obj({**properties, **BASED}, needed), **HAS_BASIS}


def _exclusion() -> Schema:
    properties: dict[str, Schema] = {
        "id": TEXT,
        "label": TEXT,
        "when": EXPRESSION,
        "class": {"enum": list(EXEMPTIONS)},
        "counts_as": TEXT,
        "years": {"type": "integer", "minimum": 1, "maximum": 99},
    }
    return _rule(properties, ["id", "when"])


def _absent() -> Schema:
    treatment = {"enum": list(ABSENT)}
    return {"anyOf": [treatment, obj(dict.fromkeys(LACKS, treatment))]}


def _indicator() -> Schema:
    properties: dict[str, Schema] = {
        "label": TEXT,
        "numerator": EXPRESSION,
        "denominator": EXPRESSION,
        "unit": TEXT,
        **_judged(),
    }
    return _rule(properties, ["unit"])


def _group() -> Schema:
    own = obj({**_group_body(), **BASED})
    by: dict[str, Schema] = {
        "attribute": TEXT,
        "first": COUNT,
        "wider": _listed(COUNT),
        "min_size": COUNT,
        "fallback": TEXT,
        "own": obj({}, more=own),
    }
    properties = {**_group_body(), "when": EXPRESSION, "by": obj(by, ["attribute"])}
    return _rule(properties, ["weights"])


def _group_body() -> dict[str, Schema]:
    """What a group says, and what one of the groups that are made may say of its own."""
    return {
        "label": TEXT,
        "aggregate": {"enum": list(AGGREGATES)},
        "exponent": NUMBER,
        "weights": {"$ref": "#/$defs/weights"},
        "grades": _kinds(GRADINGS, BASED),
        "items": obj({}, more=_own_item()),
    }


def _own_item() -> Schema:
    """How a group judges an item in a way of its own."""
    properties = {**_judged(), **BASED}
    return {**obj(properties), **HAS_BASIS}


def _judged() -> dict[str, Schema]:
    return {"benchmark": _kinds(BENCHMARKS, BASED), "score": _kinds(SCORES), "absent": _absent()}


def _weights() -> Schema:
    """Codes of items with their weights, or levels that have weights inside."""
    level: dict[str, Schema] = {
        "weight": NUMBER,
        "label": TEXT,
        "aggregate": {"enum": list(AGGREGATES[1:])},
        "exponent": NUMBER,
        "weights": {"$ref": "#/$defs/weights"},
    }
    inner = obj(level, ["weight", "aggregate", "weights"])
    return obj({}, more={"anyOf": [NUMBER, inner]})


def _points() -> Schema:
    """A line of points: its keys are not the same for a factor."""
    events = {"each": NUMBER, "events": EXPRESSION, "at_most": NUMBER}
    factor = {"times": NUMBER, "by": TEXT, "table": obj({}, more=NUMBER), "otherwise": NUMBER}
    common = {"id": CODE, "label": TEXT, "when": EXPRESSION, "floor": NUMBER}
    lines = []
    for kind in POINTS:
        own, needed = (factor, []) if kind == "factor" else (events, ["each"])
        lines.append(_rule({"kind": {"const": kind}, **common, **own}, ["id", "kind", *needed]))
    return {"anyOf": lines}


def _point_limit() -> Schema:
    properties = {"id": CODE, "label": TEXT, "lines": _listed(TEXT), "at_most": NUMBER}
    return _rule(properties, ["id", "lines", "at_most"])


def _units() -> Schema:
    """Who is evaluated with whom."""
    missing: Schema = {"enum": list(MISSING)}
    common = {"id": CODE, "label": TEXT, "unless": EXPRESSION, "separately": FLAG}
    own = {"owner": TEXT, "by": _listed(TEXT), "head": EXPRESSION}
    rules = []
    for kind, names in OWN_KEYS.items():
        inner = {"kind": {"const": kind}, **common, **{name: own[name] for name in names}}
        rules.append(_rule(inner, ["id", "kind", names[0]]))
    properties: dict[str, Schema] = {
        "missing": {"anyOf": [missing, obj({"default": missing}, ["default"], more=missing)]},
        "facts": obj({}, more={"enum": list(JOINS)}),
        "rules": _listed({"anyOf": rules}),
    }
    return obj(properties, ["missing", "rules"])


def _adjustment() -> Schema:
    properties: dict[str, Schema] = {
        "id": CODE,
        "kind": {"enum": list(ADJUSTMENTS)},
        "label": TEXT,
        "when": EXPRESSION,
        "to": TEXT,
        "up": COUNT,
        "uses_quota": FLAG,
    }
    return _rule(properties, ["id", "kind", "when"])
