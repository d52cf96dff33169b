"""How a batch moves: submitted by its office, accepted or returned by the bureau, withdrawn."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core.errors import DomainError
from wuhao.core.move import Transition
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch, Collection

PROVIDERS = ("dept_provider", "park_admin", "park_staff")
BUREAU = ("bureau_admin", "bureau_staff")


def _is_sound(batch: Batch, by: Viewer) -> None:
    if batch.errors:
        raise DomainError(
            _("这一批还有 %(n)s 处错误，不能提交。请按清单改正文件后重新上传。")
            % {"n": batch.errors}
        )
    if not batch.rows:
        raise DomainError(_("这一批一行数据也没有，不能提交。请核对文件后重新上传。"))


def _is_own(batch: Batch, by: Viewer) -> None:
    if by.role in PROVIDERS and by.office != batch.office.code:
        raise DomainError(_("这一批不是您的机构报送的，请由报送机构办理。"))


def may_correct(batch: Batch, by: Viewer) -> None:
    """Refuse to have a batch corrected that is no draft, or not this viewer's to correct."""
    if by.role not in (*PROVIDERS, *BUREAU):
        raise DomainError(_("您的岗位不报送数据，请由部门数据员报送。"))
    _is_own(batch, by)
    if batch.status != Batch.Status.DRAFT:
        raise DomainError(_("这一批已经不是草稿，不能再改；有错请另报一批更正。"))


def _may_submit(batch: Batch, by: Viewer) -> None:
    _is_own(batch, by)
    _is_sound(batch, by)


SUBMIT = Transition(
    "submit",
    gettext_lazy("提交批次"),
    (Batch.Status.DRAFT,),
    Batch.Status.SUBMITTED,
    (*PROVIDERS, *BUREAU),
    _may_submit,
)
ACCEPT = Transition(
    "accept",
    gettext_lazy("受理批次"),
    (Batch.Status.SUBMITTED,),
    Batch.Status.ACCEPTED,
    BUREAU,
    _is_sound,
)
RETURN = Transition(
    "return",
    gettext_lazy("退回批次"),
    (Batch.Status.SUBMITTED,),
    Batch.Status.RETURNED,
    BUREAU,
)
WITHDRAW = Transition(
    "withdraw",
    gettext_lazy("撤回批次"),
    (Batch.Status.DRAFT, Batch.Status.SUBMITTED, Batch.Status.RETURNED),
    Batch.Status.WITHDRAWN,
    (*PROVIDERS, *BUREAU),
    _is_own,
)


OPEN = Transition(
    "open",
    gettext_lazy("发出收表"),
    (Collection.Status.DRAFT,),
    Collection.Status.OPEN,
    BUREAU,
)
CLOSE = Transition(
    "close",
    gettext_lazy("结束收表"),
    (Collection.Status.OPEN,),
    Collection.Status.CLOSED,
    BUREAU,
)
