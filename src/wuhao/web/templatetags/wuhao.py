"""The one place where a value meets the page: state, unit, exact base value and source mark."""

from typing import Any

from django import template

from wuhao.web.display import Shown

register = template.Library()


@register.inclusion_tag("web/parts/value.html")
def value(shown: Shown, unit: bool = False) -> dict[str, Any]:
    """Print a value so that 未报, a confirmed zero and 不适用 differ; with its unit if asked."""
    return {"value": shown, "with_unit": unit}
