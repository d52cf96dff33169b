"""A light with its words for a day that something is due."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = 2


def due_light(days: int, *, answered: bool) -> tuple[str, str]:
    """Light and words for working days left (negative: past), or kept once answered."""
    if answered:
        if days >= 0:
            return "ok", _("按时")
        return "bad", ngettext("迟 %(n)s 个工作日", "迟 %(n)s 个工作日", -days) % {"n": -days}
    if days < 0:
        words = ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", -days)
        return "bad", words % {"n": -days}
    if days == 0:
        return "warn", _("今天到期")
    words = ngettext("剩 %(n)s 个工作日", "剩 %(n)s 个工作日", days) % {"n": days}
    return ("warn" if days <= SOON else "ok"), words
