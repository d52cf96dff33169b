"""The JSON Schema of a scheme file, for editors: keys, words and parameters as they are read.

An editor that knows JSON Schema then lists the keys and words while one writes. It says what a
file may look like; `wuhao scheme check` also says whether it makes sense (units, sums, names).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wuhao.engine.draft import BASIS, read_attribute, read_fact
from wuhao.engine.model import LACKS
from wuhao.engine.probe import FLAG, NUMBER, TEXT, Schema, accepted_by, obj
from wuhao.engine.units import unit_names
from wuhao.engine.vocabulary import (
    ABSENT,
    ADJUSTMENTS,
    AGGREGATES,
    BENCHMARKS,
    EXEMPTIONS,
    GRADINGS,
    POINTS,
    SCORES,
)
from wuhao.engine.word import Word

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY: Schema = {"type": ["string", "null"], "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
CODE: Schema = {"type": "string", "pattern": r"^[a-z_][a-z0-9_]*$"}
EXPRESSION: Schema = {"type": ["string", "number"]}
BASED: dict[str, Schema] = dict.fromkeys(BASIS, TEXT)
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
        "doc": {"type": "object"},
        "effective": obj({"from": DAY, "to": DAY}, ["from"]),
        "subject": obj({"column": TEXT, "label": TEXT}, ["column"]),
        "input": obj({"other_columns": {"enum": ["refuse", "ignore"]}}),
        "digits": obj(dict.fromkeys(four, digits), four),
        "rank_on": obj({"digits": digits}, ["digits"]),
        "facts": obj({}, more=_fact()),
        "attributes": obj({}, more=_attribute()),
        "quantities": obj({}, more=EXPRESSION),
        "scope": obj({"exclude": _listed(_exclusion())}),
        "benchmark": _kinds(BENCHMARKS, BASED),
        "item": obj({"score": _kinds(SCORES), "absent": _absent(), **BASED}),
        "indicators": obj({}, more=_indicator()),
        "groups": obj({}, more=_group()),
        "points": _listed(_points()),
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
        "benchmark": _kinds(BENCHMARKS),
        "score": _kinds(SCORES),
        "absent": _absent(),
    }
    return _rule(properties, ["unit"])


def _group() -> Schema:
    properties: dict[str, Schema] = {
        "label": TEXT,
        "when": EXPRESSION,
        "aggregate": {"enum": list(AGGREGATES)},
        "exponent": NUMBER,
        "weights": {"$ref": "#/$defs/weights"},
        "grades": _kinds(GRADINGS, BASED),
    }
    return _rule(properties, ["weights"])


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
    properties: dict[str, Schema] = {
        "id": CODE,
        "kind": {"enum": list(POINTS)},
        "label": TEXT,
        "each": NUMBER,
        "events": EXPRESSION,
        "at_most": NUMBER,
        "when": EXPRESSION,
    }
    return _rule(properties, ["id", "kind", "each"])


def _adjustment() -> Schema:
    properties: dict[str, Schema] = {
        "id": CODE,
        "kind": {"enum": list(ADJUSTMENTS)},
        "label": TEXT,
        "when": EXPRESSION,
        "to": TEXT,
        "uses_quota": FLAG,
    }
    return _rule(properties, ["id", "kind", "when", "to"])
