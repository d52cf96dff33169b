"""A small city, its people, and effects of its own in place of the registers'."""

from types import SimpleNamespace

import pytest

from tests.cast import office, person
from tests.intake.books import CITY
from wuhao.core import bindings


@pytest.fixture
def registers(monkeypatch):
    """Effects that write down what they were handed, and what the checks are told."""
    told = SimpleNamespace(calls=[], known=None, last={}, others={}, peers={}, fail=None)

    def effect(batch, rows, ledger, by):
        told.calls.append((batch.no, rows, ledger.no))
        if told.fail:
            raise told.fail
        return rows.num_rows

    bound = dict(bindings._bound)
    bound |= {("intake.effect", name): effect for name in ("enterprises", "observations")}
    bound["intake.context", "known"] = lambda by, facts, period: (told.known, told.last)
    bound["intake.context", "beside"] = lambda by, facts, period: (told.others, told.peers)
    monkeypatch.setattr(bindings, "_bound", bound)
    return told


@pytest.fixture
def house(db, settings, registers):
    """The small city with an officer of two offices, the bureau, a park and an enterprise."""
    settings.WUHAO_CITY = CITY
    for code in ("tax", "mkt"):
        office(code)
    return SimpleNamespace(
        tax=person("tax", "dept_provider", "tax"),
        market=person("mkt", "dept_provider", "mkt"),
        bureau=person("bureau", "bureau_admin", "iit"),
        park=person("park", "park_staff", "park-p1"),
        lead=person("lead", "city_lead", "city"),
    )
