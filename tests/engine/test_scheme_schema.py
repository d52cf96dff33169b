"""The JSON Schema for editors is true: shipped schemes fit it, and at every place of a scheme it
knows the very keys that the reader accepts."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.engine.build import one_item
from tests.engine.build import scheme as made_scheme
from tests.engine.population import CONTENT
from tests.engine.test_points import LINES, PLATFORMS
from tests.paths import CITY, EXAMPLES
from wuhao.config.commands.engine import scheme as command
from wuhao.engine.draft import BASIS
from wuhao.engine.findings import SchemeError
from wuhao.engine.scheme_schema import scheme_schema
from wuhao.engine.vocabulary import ABSENT, BENCHMARKS, GRADINGS, SCORES

SCHEMA = scheme_schema()
SHIPPED = [
    path
    for folder in (CITY / "schemes", EXAMPLES)
    for path in sorted(folder.rglob("*.yaml"))
    if not path.name.endswith(".cases.yaml")
]
VALIDATOR = Draft202012Validator(SCHEMA)
Node = dict[str, Any]
Place = tuple[str | int, ...]


class Loader(yaml.SafeLoader):
    """YAML as editors read it: a day is a text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, found) for tag, found in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def faults(value: Any) -> list[str]:
    """What an editor underlines."""
    return [error.message for error in VALIDATOR.iter_errors(value)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scheme_fits(path: Path) -> None:
    content = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    assert faults(content) == []


@pytest.mark.parametrize("content", [CONTENT, one_item(points=LINES), one_item()])
def test_schemes_of_tests_fit(content: Node) -> None:
    assert faults(content) == []


def test_a_scheme_of_every_block_fits_and_is_read(tmp_path: Path) -> None:
    assert faults(whole()) == []
    assert made_scheme(tmp_path, whole()).exempts()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("label2",), "x"),
        (("digits", "score"), 13),
        (("digits", "score"), None),
        (("facts", "tax_yuan", "missing"), "none"),
        (("facts", "tax_yuan", "quantum"), "small"),
        (("indicators", "tax", "score", "cap"), None),
        (("indicators", "tax", "score", "kind"), "ratios"),
        (("indicators", "tax", "absent"), "full_marks"),
        (("groups", "all", "weights", "tax"), {"weight": 1}),
        (("grades", "share"), 20),
        (("effective", "from"), "2022"),
        (("adjustments",), {"id": "veto"}),
    ],
)
def test_a_fault_is_seen(place: tuple[str, ...], value: object) -> None:
    content = copy.deepcopy(one_item())
    inside = content
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    assert faults(content)


# ---- the keys that the reader accepts --------------------------------------------------------


def whole() -> Node:
    """A scheme without a fault that uses every block."""
    content = copy.deepcopy(CONTENT)
    factor = {"id": "sector", "kind": "factor", "by": "sector", "table": {"C33": "1.2"}}
    content["points"] = [
        {**PLATFORMS, "events": "capped"},
        {**PLATFORMS, "id": "more", "events": "lifted"},
        {**factor, "status": "default"},
    ]
    content["point_limits"] = [
        {"id": "both", "lines": ["platforms", "more"], "at_most": 9, "status": "default"}
    ]
    content["evaluation_unit"] = {
        "missing": "known_only",
        "facts": {"tax_yuan": "max"},
        "rules": [
            {"id": "tenants", "kind": "tenants", "owner": "sector", "status": "default"},
            {"id": "site", "kind": "together", "by": ["sector"], "status": "default"},
        ],
    }
    content["groups"]["below"]["by"] = {
        "attribute": "sector",
        "first": 3,
        "own": {"C33": {"label": "金属", "status": "default"}},
    }
    content["groups"]["above"]["items"] = {
        "tax_per_mu": {"absent": {"missing": "zero"}, "status": "default"}
    }
    content["scope"]["exclude"][0] |= {"class": "exempt", "counts_as": "B", "years": 3}
    own = {key: rule for key, rule in content["grades"].items() if key != "order"}
    content["groups"]["above"]["grades"] = own
    return {**content, "input": {"other_columns": "ignore"}, "rank_on": {"digits": 2}}


def rich() -> Node:
    """A scheme that names every word, without the parameters that they need."""
    content = whole()
    base = content["indicators"].pop("tax_per_mu")
    content["indicators"] = {
        f"b_{n}": {**base, "benchmark": {"kind": n}, "absent": {"missing": "zero"}}
        for n in BENCHMARKS
    }
    content["indicators"] |= {f"s_{n}": {**base, "score": {"kind": n}} for n in SCORES}
    below = content["groups"]["below"]
    gradings = {n: {**below, "grades": {"kind": n, "status": "default"}} for n in GRADINGS}
    content["groups"] |= {f"g_{n}": group for n, group in gradings.items()}
    level = {"weight": 100, "aggregate": "power", "exponent": 2, "weights": {"b_fixed": 1}}
    content["groups"]["above"]["weights"] = {"level": level}
    return content


LAST = (("effective",), ("subject",), ("input",), ("rank_on",))


def mappings(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict) and place != ("doc",):
        yield place
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in pairs:
        if isinstance(inner, dict | list):
            yield from mappings(inner, (*place, name))


def inside(value: Any, place: Place) -> Any:
    for name in place:
        value = value[name]
    return value


def objects(schema: Node, value: Any) -> Iterator[Node]:
    """The mappings among the alternatives of a schema that a value with its kind can be."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "object":
        const = schema["properties"].get("kind", {}).get("const", value.get("kind"))
        if const == value.get("kind"):
            yield schema
        return
    for one in schema.get("anyOf", []):
        yield from objects(one, value)


def at(content: Node, place: Place) -> Node:
    """The schema of the mapping at a place."""
    schema, value = SCHEMA, content
    for name in place:
        value = value[name]  # type: ignore[index]
        inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
        schema = schema["items"] if isinstance(name, int) else inner
        if isinstance(value, dict):
            [schema] = objects(schema, value)
    return schema


def accepted(folder: Path, content: Node, place: Place) -> set[str] | None:
    """What the reader says that it accepts where it finds a key of no meaning."""
    changed = copy.deepcopy(content)
    inside(changed, place)["zzz"] = {}
    with pytest.raises(SchemeError) as refused:
        made_scheme(folder, changed)
    said = [
        re.search("不认识“zzz”；接受 (.*?)(，是|。)", f.sentence) for f in refused.value.findings
    ]
    words = [found.group(1) for found in said if found]
    return set(words[0].split("、")) if words else None


def test_every_mapping_has_the_keys_that_the_reader_accepts(tmp_path: Path) -> None:
    seen = {}
    for place in mappings(rich()):
        # These are read last, when nothing else is at fault.
        content = whole() if place[:1] in LAST or "items" in place else rich()
        known, schema = accepted(tmp_path, content, place), at(content, place)
        if known is None:  # keys of any name
            assert isinstance(schema["additionalProperties"], dict), place
        else:
            assert set(schema["properties"]) == known, place
            seen[place] = known
    assert len(seen) > 40


def test_the_words_and_their_parameters_are_those_of_the_vocabulary() -> None:
    def stated(schema: Node) -> dict[str, tuple[set[str], set[str]]]:
        return {
            one["properties"]["kind"]["const"]: (set(one["properties"]), set(one["required"]))
            for one in schema["anyOf"]
        }

    item = SCHEMA["properties"]["indicators"]["additionalProperties"]["properties"]
    places = [(item["benchmark"], BENCHMARKS, BASIS), (item["score"], SCORES, ())]
    places.append((SCHEMA["properties"]["grades"], GRADINGS, ("order", *BASIS)))
    for schema, words, extra in places:
        assert stated(schema) == {
            name: ({"kind", *word.params, *extra}, {"kind", *word.needed})
            for name, word in words.items()
        }
    assert item["absent"]["anyOf"][0]["enum"] == list(ABSENT)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_command_prints_it() -> None:
    printed = CliRunner().invoke(command, ["schema"])
    assert printed.exit_code == 0
    assert json.loads(printed.output) == SCHEMA
