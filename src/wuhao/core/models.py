"""Shapes of the ground floor: offices, people, posts, ledger numbers, audit, jobs, exports."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuhao.core import day


class Office(models.Model):
    """An office (机构) that hands in, judges or is judged. A row, never an identifier."""

    code = models.SlugField(_("机构代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    short = models.CharField(_("简称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    kind = models.CharField(_("类别"), max_length=20)
    mark = models.CharField(_("来源标"), max_length=2, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("上级机构")
    )
    park_code = models.CharField(_("所辖园区"), max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person who logs in. What they may see and do comes from their posts alone."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("启用"), default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (岗位): a role that a person holds in an office from a day until before another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    office = models.ForeignKey(Office, models.PROTECT, verbose_name=_("机构"))
    role = models.CharField(_("角色"), max_length=30)
    own_key = models.CharField(_("本企业信用代码"), max_length=18, blank=True)
    valid_from = models.DateField(_("任职起"))
    valid_to = models.DateField(_("任职止（不含）"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.office} · {self.role}"


class LedgerEntry(models.Model):
    """One number per accepted batch or correction: it says when the house knew something."""

    no = models.BigAutoField(_("账号"), primary_key=True)
    at = models.DateTimeField(_("入账时刻"), default=day.now)
    cause = models.CharField(_("缘由"), max_length=120)
    by = models.ForeignKey(Post, models.PROTECT, null=True, verbose_name=_("经办岗位"))

    def __str__(self) -> str:
        return f"{self.no} {self.cause}"


class AuditEntry(models.Model):
    """Who did what to which subject, before and after. Appended only; sealed by a job."""

    at = models.DateTimeField(_("时刻"))
    by = models.ForeignKey(Post, models.PROTECT, null=True, verbose_name=_("岗位"))
    action = models.CharField(_("动作"), max_length=60)
    subject = models.CharField(_("对象"), max_length=160, db_index=True)
    before = models.JSONField(_("之前"), default=dict, blank=True)
    after = models.JSONField(_("之后"), default=dict, blank=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class AuditLink(models.Model):
    """A link of the audit chain: the place of one settled entry behind all before it."""

    place = models.BigIntegerField(_("位次"), primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, db_constraint=False)
    digest = models.CharField(_("链摘要"), max_length=64)

    def __str__(self) -> str:
        return f"{self.place} {self.digest[:12]}"


class Job(models.Model):
    """Long work that a machine does (后台任务), with progress, cancel, result and heartbeat."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("未成")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(_("任务"), max_length=60)
    key = models.CharField(_("唯一键"), max_length=120, unique=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, verbose_name=_("岗位"))
    args = models.JSONField(_("参数"), default=dict)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    message = models.CharField(_("正在做什么"), max_length=400, blank=True)
    result = models.JSONField(_("结果"), default=dict)
    cancel_asked = models.BooleanField(_("要求取消"), default=False)
    created_at = models.DateTimeField(_("登记"), default=day.now)
    beat_at = models.DateTimeField(_("心跳"), null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class ExportLog(models.Model):
    """What left the house: who took which rows, when, and for what purpose."""

    at = models.DateTimeField(_("时刻"), default=day.now)
    post = models.ForeignKey(Post, models.PROTECT, verbose_name=_("岗位"))
    register = models.CharField(_("台账"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=200)
    rows = models.PositiveIntegerField(_("行数"))
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="an_export_has_a_purpose", condition=~Q(purpose=""))
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.rows}"
