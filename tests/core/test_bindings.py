"""Bindings: a name unbound or bound twice stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from wuhao.core import bindings


@pytest.fixture
def clean(monkeypatch):
    monkeypatch.setattr(bindings, "_declared", {})
    monkeypatch.setattr(bindings, "_bound", {})


def act() -> str:
    return "done"


def test_a_bound_name_is_found(clean):
    bindings.declare("effect", ["act"])
    bindings.bind("effect", "act", act)
    assert bindings.get("effect", "act")() == "done"
    assert bindings.problems() == []


def test_a_name_declared_but_not_bound_is_a_problem(clean):
    bindings.declare("effect", ["act"])
    assert bindings.problems() == ["effect act is declared but not bound."]


def test_a_name_bound_but_not_declared_is_a_problem(clean):
    bindings.bind("effect", "act", act)
    assert bindings.problems() == ["effect act is bound but not declared."]


def test_binding_a_name_twice_is_refused(clean):
    bindings.bind("effect", "act", act)
    with pytest.raises(ImproperlyConfigured, match="bound twice"):
        bindings.bind("effect", "act", lambda: "other")


def test_asking_for_an_unbound_name_is_an_error(clean):
    with pytest.raises(ImproperlyConfigured, match="Nothing is bound"):
        bindings.get("effect", "act")
