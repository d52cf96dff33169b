"""Who hands a template in: its owner, other offices that it names, and parks where it says so."""

from django.db.models import Q, QuerySet

from wuhao.core.models import Office
from wuhao.core.viewer import Viewer
from wuhao.intake.templates import Template


def hands_in(viewer: Viewer, template: Template) -> bool:
    """Whether a template is one of those that the viewer's office reports."""
    if viewer.parks and template.parks:
        return True
    return bool(viewer.office) and viewer.office in (template.owner, *template.also_from)


def reporting_offices(template: Template) -> QuerySet[Office]:
    """The offices that a template may come from."""
    named = Q(code__in=[template.owner, *template.also_from])
    return Office.objects.filter(named | Q(kind="park") if template.parks else named)
