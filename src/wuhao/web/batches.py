"""What a batch's page says is to be done next, by whom, as the batch stands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def next_words(one: Mapping[str, Any], *, theirs: bool) -> list[str]:
    """What to do next: for who handed the batch in (`theirs`), or for who receives it."""
    if one["status"] == "accepted":
        return [_("已经入台账。有错就更正文件，另报一批；原批次不改。")]
    if one["status"] == "submitted":
        return _sent() if theirs else _received()
    if one["status"] == "draft":
        return _draft(one) if theirs else _awaited(one)
    return _over(one) if theirs else [_("这一批到此为止，等报送单位改好之后另报一批。")]


def _sent() -> list[str]:
    return [_("等市局受理。受理之前发现有错，可以撤回，改好再报。")]


def _received() -> list[str]:
    return [
        _("市局核对之后受理；受理时一次入账，要么全入，要么不入。"),
        _("要退回的，写明原因，报送单位会看到。"),
    ]


def _draft(one: Mapping[str, Any]) -> list[str]:
    if one["errors"]:
        return [
            _("“停”的每一处都要改：在页面上逐格改正，或者改原文件重新上传，另成一批。"),
            _("表头或列认错了，点“看怎样读的”改过来。"),
        ]
    if one["warnings"]:
        return [_("“问”的各处请核实；核实无误就提交。")]
    return [_("没有查出要改的，可以提交。")]


def _awaited(one: Mapping[str, Any]) -> list[str]:
    if one["errors"]:
        return [_("由报送单位按清单改正文件、重新上传；市局这里不必办理。")]
    return [_("等报送单位核实之后提交；提交了才能受理。")]


def _over(one: Mapping[str, Any]) -> list[str]:
    if one["status"] == "returned":
        return [_("市局退回了这一批。改好原文件之后重新上传，会另成一批。")]
    return [_("这一批已经撤回，到此为止。要再报，请重新上传，会另成一批。")]


def kind_words() -> dict[str, str]:
    """How rows stand to the batch before, in words."""
    return {
        "new": _("新增"),
        "changed": _("有变化"),
        "unchanged": _("没有变化"),
        "missing": _("上次有、这次没有"),
    }
