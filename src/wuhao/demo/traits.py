"""Cases that a scheme must be able to judge, dealt out over the made-up enterprises.

Losses and utilities come out of the drawing itself. Dealt here: new enterprises, construction
within the contract period, suspended works, exporters, refunds (some larger than what was paid),
negative value added, confirmed zero and unreported R&D, unreported energy, profit and transfer,
pollutants that do not apply or were partly not reported, and the environmental credit grades.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from wuhao.demo.shapes import ABOVE, BELOW, Amount, Blank, Enterprise

POLLUTANTS = ("cod_kg", "nh3n_kg", "so2_kg", "nox_kg")
_FEN = Decimal("0.01")
Change = Callable[[Random, Enterprise, int], Enterprise]  # the int is the year of the figures


@dataclass(frozen=True)
class Trait:
    """A case and how many of a thousand enterprises of a size class carry it.

    Traits of one `kind` exclude each other: no enterprise carries two of them.
    """

    kind: str
    scale: str
    per_mille: int
    change: Change


def with_facts(enterprise: Enterprise, **facts: Amount) -> Enterprise:
    """The same enterprise with some figures replaced."""
    return replace(enterprise, facts={**enterprise.facts, **facts})


def _amount(enterprise: Enterprise, code: str) -> Decimal:
    value = enterprise.facts[code]
    if isinstance(value, Blank):
        raise ValueError(f"{enterprise.name} has no figure of {code} to change")
    return value


def _new(rng: Random, enterprise: Enterprise, year: int) -> Enterprise:
    began = date(year - 1, 8, 1) + timedelta(days=rng.randrange(430))
    founded = began - timedelta(days=rng.randrange(300, 700))
    return replace(enterprise, established_on=founded, in_production_on=began)


def _constructing(rng: Random, enterprise: Enterprise, year: int) -> Enterprise:
    founded = date(year - 1, 1, 10) + timedelta(days=rng.randrange(500))
    paid = Decimal(rng.randrange(2_000_000, 20_000_000)) / 100
    changed = with_facts(
        enterprise,
        tax_paid_yuan=paid,
        vat_yuan=Decimal(0),
        cit_yuan=Decimal(0),
        power_kwh=Decimal(rng.randrange(8_000, 60_000)),
    )
    return replace(
        changed,
        established_on=founded,
        in_production_on=Blank.NOT_APPLICABLE,
        construction_state="under_construction",
    )


def _suspended(rng: Random, enterprise: Enterprise, _year: int) -> Enterprise:
    nothing = dict.fromkeys(
        ("output_yuan", "value_added_yuan", "staff_person", "rd_yuan", "vat_yuan", "cit_yuan"),
        Decimal(0),
    )
    changed = with_facts(
        enterprise,
        **nothing,
        revenue_yuan=Decimal(0),
        energy_kgce=Decimal(0),
        profit_yuan=Decimal(-1000 * rng.randrange(300, 2000)),
        tax_paid_yuan=Decimal(rng.randrange(3_000_000, 9_000_000)) / 100,
    )
    return replace(changed, construction_state="suspended")


def _exporter(rng: Random, enterprise: Enterprise, _year: int) -> Enterprise:
    vat, paid = _amount(enterprise, "vat_yuan"), _amount(enterprise, "tax_paid_yuan")
    moved = (vat * rng.randrange(20, 70) / 100).quantize(_FEN)
    return with_facts(
        enterprise, vat_yuan=vat - moved, tax_paid_yuan=paid - moved, export_exempt_yuan=moved
    )


def _refunded(low: int, high: int) -> Change:
    def change(rng: Random, enterprise: Enterprise, _year: int) -> Enterprise:
        paid = _amount(enterprise, "tax_paid_yuan")
        refund = (paid * rng.randrange(low, high) / 100).quantize(_FEN)
        return with_facts(enterprise, tax_refund_yuan=refund)

    return change


def _set(value: Amount, *codes: str) -> Change:
    return lambda _rng, enterprise, _year: with_facts(enterprise, **dict.fromkeys(codes, value))


def _shrinking(rng: Random, enterprise: Enterprise, _year: int) -> Enterprise:
    loss = Decimal(-1000 * rng.randrange(200, 3000))
    return with_facts(enterprise, value_added_yuan=loss, profit_yuan=loss * 2)


def _credit(grade: str) -> Change:
    return lambda _rng, enterprise, _year: replace(enterprise, env_credit=grade)


TRAITS = (
    Trait("life", ABOVE, 45, _new),
    Trait("life", ABOVE, 2, _suspended),
    Trait("life", BELOW, 60, _new),
    Trait("life", BELOW, 25, _constructing),
    Trait("tax", ABOVE, 110, _exporter),
    Trait("tax", ABOVE, 60, _refunded(2, 20)),
    Trait("tax", ABOVE, 6, _refunded(115, 190)),
    Trait("tax", ABOVE, 3, _set(Blank.MISSING, "export_exempt_yuan")),
    Trait("tax", BELOW, 20, _refunded(2, 30)),
    Trait("tax", BELOW, 5, _refunded(115, 190)),
    Trait("research", ABOVE, 120, _set(Decimal(0), "rd_yuan")),
    Trait("research", ABOVE, 8, _set(Blank.MISSING, "rd_yuan")),
    Trait("report", ABOVE, 2, _shrinking),
    Trait("report", ABOVE, 6, _set(Blank.MISSING, "profit_yuan")),
    Trait("report", ABOVE, 5, _set(Blank.MISSING, "energy_kgce")),
    Trait("emission", ABOVE, 210, _set(Blank.NOT_APPLICABLE, *POLLUTANTS)),
    Trait("emission", ABOVE, 12, _set(Blank.MISSING, "so2_kg", "nox_kg")),
    Trait("emission", BELOW, 420, _set(Blank.NOT_APPLICABLE, *POLLUTANTS)),
    Trait("credit", ABOVE, 4, _credit("bad")),
    Trait("credit", ABOVE, 35, _credit("risk")),
    Trait("credit", ABOVE, 140, _credit("honest")),
    Trait("credit", BELOW, 5, _credit("bad")),
    Trait("credit", BELOW, 30, _credit("risk")),
)


def deal(seed: int, year: int, enterprises: list[Enterprise], spared: set[str]) -> list[Enterprise]:
    """Deal every trait to its share of the enterprises; at least one enterprise carries each.

    `spared` are the credit codes of the cast, whose figures stay as they are written.
    """
    dealt = {enterprise.uscc: enterprise for enterprise in enterprises}
    taken: dict[str, set[str]] = {}
    for place, trait in enumerate(TRAITS):
        rng = Random(f"{seed}/trait/{place}")
        used = taken.setdefault(trait.kind, set(spared))
        carriers = _carriers(rng, trait, dealt, used)
        dealt |= {uscc: trait.change(rng, dealt[uscc], year) for uscc in carriers}
        used.update(carriers)
    return list(dealt.values())


def _carriers(rng: Random, trait: Trait, dealt: dict[str, Enterprise], used: set[str]) -> list[str]:
    peers = [enterprise for enterprise in dealt.values() if enterprise.scale == trait.scale]
    pool = [e.uscc for e in peers if e.uscc not in used and (trait.kind == "life" or _works(e))]
    wanted = max(1, round(trait.per_mille * len(peers) / 1000))
    return rng.sample(pool, min(wanted, len(pool)))


def _works(enterprise: Enterprise) -> bool:
    """Whether it produces: works that stand still or are being built get no further case."""
    return enterprise.construction_state == "in_production"
