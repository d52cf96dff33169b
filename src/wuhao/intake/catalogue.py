"""The templates that can be handed in: those of the city's folder, and those of collections."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from wuhao.core import city
from wuhao.core.errors import DomainError
from wuhao.intake.models import Collection
from wuhao.intake.templates import Template, load_template, load_text


def template(code: str) -> Template:
    """The template of a code. Raises DomainError where there is none."""
    if code.isascii() and code.isalnum():
        path = city.path_of(f"templates/{code}.yaml")
        if path.exists():
            return load_template(path)
        collection = Collection.objects.filter(code=code).first()
        if collection is not None:
            asked = collection.asks.values_list("office__code", flat=True)
            found = load_text(collection.text, code, Path(settings.WUHAO_CITY))
            return replace(found, also_from=tuple(asked))
    raise DomainError(_("没有模板“%(code)s”，请从模板清单里选。") % {"code": code})
