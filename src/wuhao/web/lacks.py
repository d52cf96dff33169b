"""缺数 on pages: which department's figures a run, a row or a record still lacks."""

from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.register import Page
from wuhao.evaluation.gaps import Gap, RunGap, gaps_of_subjects, lacking_in_year
from wuhao.evaluation.selectors import sees_results
from wuhao.web.city import words_of
from wuhao.web.display import grouped, label_of
from wuhao.web.listing import ListPage
from wuhao.web.request import Request
from wuhao.web.shapes import Link, Row


def note(no: str, one: RunGap) -> Link:
    """A gap of a run in a sentence, and the page that lists its enterprises."""
    words = _("缺 %(office)s 的“%(title)s”：%(n)s 家的相应指标按未报计。")
    said = words % {
        "office": words_of(one.gap.office).label,
        "title": label_of(one.gap.title, one.gap.title_en),
        "n": grouped(one.subjects),
    }
    if one.come_since:
        said += _("这张表已经到了，重新计算就会计入。")
    return Link(reverse("web:gap", args=[no, one.gap.template]), _("逐家看"), said=said)


def publish_warning(found: Iterable[RunGap]) -> str:
    """What stands beside the button that publishes a draft with gaps; empty without any."""
    offices = said_offices(one.gap for one in found)
    if not offices:
        return ""
    words = _("这份草稿还缺 %(offices)s 的数。公布不受限制，但这些企业的相应指标按未报计。")
    return words % {"offices": offices}


def said_offices(found: Iterable[Gap]) -> str:
    """The offices of gaps, each once, in the page's language."""
    return "、".join(dict.fromkeys(words_of(gap.office).label for gap in found))


def mark(found: Iterable[Gap]) -> str:
    """The words that mark an enterprise: whose figures it lacks; empty where it lacks none."""
    offices = said_offices(found)
    return _("缺 %(offices)s 的数") % {"offices": offices} if offices else ""


def mark_rows(request: Request, no: str, page: ListPage, found: Page) -> None:
    """Mark below their names the rows of a page of results that lack a department's figures."""
    if not sees_results(request.viewer):
        return
    lacking = gaps_of_subjects(request.viewer, no, [row["uscc"] for row in found.rows])
    page.rows = [
        _marked(row, mark(lacking[plain["uscc"]]))
        for row, plain in zip(page.rows, found.rows, strict=True)
    ]


def _marked(row: Row, said: str) -> Row:
    if not said:
        return row
    return Row([replace(c, sub=said) if c.main else c for c in row.cells], row.url)


def of_one(request: Request, no: str, key: str) -> str:
    """Whose figures an enterprise lacked in a run, for its explanation."""
    return mark(gaps_of_subjects(request.viewer, no, [key])[key])


def in_year(request: Request, key: str, period: int) -> list[str]:
    """The tags of an enterprise's record: whose figures of a year have not come."""
    said = mark(lacking_in_year(request.viewer, key, period))
    return [said] if said else []
