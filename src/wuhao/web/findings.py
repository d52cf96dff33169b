"""What was found in a batch as lines of its page: alike ones in one, each cell named once."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.web.shapes import Finding, Link

CSS = {"error": "stop", "warning": "ask", "note": "note"}
CELLS_NAMED = 24
# A sentence begins with its cells (D231、G231：…, D3 表头…); the line's place names them.
PLACE = re.compile(r"^((?:[A-Z]{1,3}[0-9]+、?)+)(?:：| (?=表头))")
# An amount or a count with its unit; never a code, a row's number or what stands in quotes.
AMOUNT = re.compile(
    r"(?<![0-9A-Za-z“.,/:-])(-?)([0-9]{5,})(\.[0-9]+)?(?=(?:千|万|亿)?(?:元|㎡|亩|千瓦时|千克|吨|人))"
)


def word(severity: str) -> str:
    """The word for how grave a finding is."""
    return {"error": _("停"), "warning": _("问"), "note": _("提示")}[severity]


def lines(no: str, found: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """The findings of a batch in their order; those that differ by their cell alone are one."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for one in found:
        key = (one["severity"], one["code"], one["sheet"], sentence_of(one))
        alike.setdefault(key, []).append(one)
    return [_line(no, group) for group in alike.values()]


def sentence_of(one: Mapping[str, Any]) -> str:
    """A finding's sentence without the cells that it begins with, digits in groups."""
    said = str(one["sentence"])
    begins = PLACE.match(said)
    if begins and one["cell"] in begins[1].split("、"):
        said = said[begins.end() :]
    return AMOUNT.sub(_grouped, said)


def _grouped(match: re.Match[str]) -> str:
    minus = "\N{MINUS SIGN}" if match[1] else ""
    return f"{minus}{int(match[2]):,}{match[3] or ''}"


def _line(no: str, group: Sequence[Mapping[str, Any]]) -> Finding:
    first = group[0]
    several = len(group) > 1
    place = first["sheet"] if several or not first["cell"] else f"{first['sheet']}!{first['cell']}"
    return Finding(
        CSS[first["severity"]],
        word(first["severity"]),
        place,
        sentence_of(first),
        said=_count(len(group)) if several else "",
        url=_address(no, first),
        cells=[
            Link(_address(no, one), one["cell"])
            for one in group[:CELLS_NAMED]
            if several and one["cell"]
        ],
    )


def _count(cells: int) -> str:
    words = ngettext("%(n)s 格", "%(n)s 格", cells) % {"n": cells}
    if cells <= CELLS_NAMED:
        return words
    return _("%(cells)s，先列 %(n)s 格") % {"cells": words, "n": CELLS_NAMED}


def _address(no: str, one: Mapping[str, Any]) -> str:
    sheet, cell = one["sheet"], one["cell"]
    return reverse("web:cell", args=[no, sheet, cell]) if sheet and cell else ""
