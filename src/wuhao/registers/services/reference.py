"""Parks and the indicator catalogue, entered from the city's folder."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from wuhao.core import city
from wuhao.core.exact import from_quanta, to_quanta
from wuhao.core.units import MU_M2
from wuhao.registers.models import SLOTS, Indicator, Park, Subject

CENTIARE = Decimal("0.01")


@transaction.atomic
def load_parks() -> int:
    """Enter or update the parks of parks.yaml; the same file twice changes nothing."""
    content = city.read("parks.yaml")
    synthetic = "built_area_mu" in content.get("synthetic", [])
    for entry in content["parks"]:
        subject, _ = Subject.objects.get_or_create(kind=Subject.Kind.PARK, key=entry["code"])
        fields = _park_fields(entry) | {"built_is_synthetic": synthetic}
        Park.objects.update_or_create(subject=subject, defaults=fields)
    return len(content["parks"])


def _park_fields(entry: dict[str, Any]) -> dict[str, Any]:
    area_mu = entry.get("built_area_mu")
    area = None if area_mu is None else to_quanta(int(area_mu) * MU_M2, CENTIARE)
    return {
        "code": entry["code"],
        "name": entry["name"],
        "short": entry.get("short", entry["name"]),
        "name_en": entry.get("name_en", ""),
        "level": entry["level"],
        "built_m2": None if area is None else from_quanta(area, CENTIARE),
    }


@transaction.atomic
def load_indicators() -> int:
    """Enter or update the catalogue of indicators.yaml; a listed one is given a free slot."""
    entries = city.read("indicators.yaml")["indicators"]
    for entry in entries:
        indicator, _ = Indicator.objects.update_or_create(
            code=entry["code"],
            defaults={
                "label": entry["label"],
                "label_en": entry.get("label_en", ""),
                "unit": entry["unit"],
                "quantum": entry["quantum"],
                "owner": entry["owner"],
                "cls": entry["cls"],
            },
        )
        if entry.get("listed") and indicator.slot is None:
            indicator.slot = _free_slot()
            indicator.save(update_fields=["slot"])
    return len(entries)


def _free_slot() -> str:
    taken = set(Indicator.objects.exclude(slot=None).values_list("slot", flat=True))
    return next(slot for slot in SLOTS if slot not in taken)
