"""The record page of any register: its facts in groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.register import Field, Register
from wuhao.web.shapes import Fact, FactGroup, Link
from wuhao.web.values import heading, is_number, shown


def record_page(
    register: Register, fields: Sequence[Field], row: Mapping[str, Any]
) -> dict[str, Any]:
    """The head and the plain facts of a record; a register's own page adds to it."""
    name = row.get("name") or row[register.identity]
    plain = [f for f in fields if not is_number(f) and f.code not in ("name", "grade")]
    facts = [Fact(heading(f), shown(f, row)) for f in plain if not _is_code_of_name(f, fields)]
    return {
        "title": name,
        "key": row[register.identity],
        "crumbs": [
            Link(reverse("web:list", args=[register.code]), str(register.label)),
            Link("", _("档案")),
        ],
        "groups": [FactGroup(_("基本情况"), facts)],
        "tabs": [],
        "acts": [],
        "boxes": [],
        "tables": [],
        "line": [],
        "tags": [],
    }


def _is_code_of_name(column: Field, fields: Sequence[Field]) -> bool:
    """Whether a choice by code only repeats a named column, as park and park_name do."""
    return any(other.code == f"{column.code}_name" for other in fields)
