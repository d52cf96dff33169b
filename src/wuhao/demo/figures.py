"""One enterprise's figures of a year, drawn so that they hang together.

What plausibility rests on: land is lognormal (middle 26 亩 above scale, 8 亩 below); value added
per mu scatters lognormally (sigma 0.68) around the middle value of the cluster; output, revenue,
staff, energy, emissions and tax follow from value added by the cluster's ratios with their own
scatter, so that a dense enterprise is as a rule also productive. The middle values were set so that
the city's means come near those that prefectures publish for above-scale industry (tax 12 to 20
万元/亩, value added 60 to 140 万元/亩, R&D 2 to 4 % of revenue). Drawn with floats, kept as exact
decimals at the precision in which offices report: tax in 分, statistics in 千元, land in 0.01 ㎡.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp
from random import Random

from wuhao.demo.shapes import ABOVE, Amount

_LAND = {ABOVE: (26.0, 0.8, 4.0, 900.0), "below": (8.0, 0.6, 1.5, 60.0)}
_KWH_PER_TCE = 2000  # six tenths of the energy is electricity, at 0.3 kgce equivalent per kWh
_LAND_DUTY_PER_MU = 0.4  # land-use tax of about 6 元/㎡, in 万元
_MIXES = {"cod_kg": 0.36, "nh3n_kg": 0.05, "so2_kg": 0.2, "nox_kg": 0.39}


@dataclass(frozen=True)
class Size:
    """What the other figures follow from: land in mu, money in 万元."""

    mu: float
    value_added: float
    output: float
    revenue: float
    profit: float


def yuan(wan: float) -> Decimal:
    """万元 to yuan, kept to the 分."""
    return Decimal(round(wan * 1_000_000)) / 100


def thousand(wan: float) -> Decimal:
    """万元 to yuan, kept to the 千元 in which statistics report."""
    return Decimal(round(wan * 10)) * 1000


def draw_size(rng: Random, middle: Mapping[str, float], scale: str) -> Size:
    """Draw land, value added, output, revenue and profit of an enterprise of a size class."""
    median, sigma, least, most = _LAND[scale]
    land = min(max(median * exp(rng.gauss(0, sigma)), least), most)
    vigour = rng.gauss(0, 0.68)
    per_mu = middle["va_mu"] * exp(vigour - 0.35) * (1 if scale == ABOVE else 0.4)
    share = min(middle["va_rate"] * exp(rng.gauss(0, 0.12)), 0.8)
    output = _within_scale(rng, per_mu * land / share, scale)
    revenue = output * exp(rng.gauss(-0.02, 0.04))
    profit = revenue * rng.gauss(0.055 + 0.025 * vigour, 0.03)
    return Size(land, output * share, output, revenue, profit)


def _within_scale(rng: Random, output: float, scale: str) -> float:
    """Keep output on the right side of the 2,000 万元 that divide above from below scale."""
    if scale == ABOVE:
        return output if output >= 2350 else rng.uniform(2350, 3600)
    return output if output <= 1750 else rng.uniform(700, 1750)


def statistics(rng: Random, middle: Mapping[str, float], size: Size) -> dict[str, Amount]:
    """Figures of the statistical report; above-scale enterprises alone hand it in."""
    staff = size.value_added / (middle["staff"] * exp(rng.gauss(0, 0.42)))
    research = size.revenue * middle["rd"] / 100 * exp(rng.gauss(-0.1, 0.7))
    return {
        "output_yuan": thousand(size.output),
        "value_added_yuan": thousand(size.value_added),
        "revenue_yuan": thousand(size.revenue),
        "profit_yuan": thousand(size.profit),
        "staff_person": Decimal(max(6, round(staff))),
        "rd_yuan": thousand(research),
    }


def taxes(rng: Random, middle: Mapping[str, float], size: Size) -> dict[str, Amount]:
    """Tax paid with its two main parts; no transfer and no refund, both confirmed zero."""
    turnover = size.value_added * middle["tax"]
    vat = yuan(turnover * 0.62 * exp(rng.gauss(0, 0.42)))
    income = yuan(max(0.0, size.profit) * 0.16 * rng.uniform(0.6, 1.1))
    others = turnover * 0.38 * exp(rng.gauss(0, 0.25)) + size.mu * _LAND_DUTY_PER_MU
    return {
        "tax_paid_yuan": vat + income + yuan(others),
        "vat_yuan": vat,
        "cit_yuan": income,
        "export_exempt_yuan": Decimal(0),
        "tax_refund_yuan": Decimal(0),
    }


def energy(rng: Random, middle: Mapping[str, float], size: Size, scale: str) -> dict[str, Amount]:
    """Energy in kgce (above scale alone) and electricity in kWh."""
    tce = size.value_added / (middle["va_tce"] * exp(rng.gauss(0, 0.65)))
    kwh = Decimal(round(tce * _KWH_PER_TCE * exp(rng.gauss(0, 0.2))))
    figures: dict[str, Amount] = {"power_kwh": kwh}
    if scale == ABOVE:
        figures["energy_kgce"] = Decimal(max(1, round(tce * 100))) * 10
    return figures


def emissions(rng: Random, middle: Mapping[str, float], size: Size) -> dict[str, Amount]:
    """Four pollutants in kg, to the hundred grams in which the office reports."""
    tons = size.value_added / (middle["va_emission"] * exp(rng.gauss(0, 0.7)))
    shares = {code: part * exp(rng.gauss(0, 0.5)) for code, part in _MIXES.items()}
    return {
        code: Decimal(max(1, round(tons * share * 10_000))) / 10 for code, share in shares.items()
    }
