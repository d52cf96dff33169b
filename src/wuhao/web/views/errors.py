"""The pages for what is not there, not allowed, or broken."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wuhao.web.middleware import refusal


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the address is wrong, or the page has moved."""
    return refusal(
        request, 404, _("没有这一页"), [_("地址可能写错了，或者这一页已经搬走。从首页再找一次。")]
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the person's post does not allow it."""
    return refusal(request, 403, _("您不能这样做"), [_("您的岗位没有这项权限。")])


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old or came from another site."""
    return refusal(
        request, 403, _("这张表单过期了"), [_("请回到上一页，刷新之后再提交；填写的内容没有保存。")]
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    return refusal(request, 400, _("请求读不懂"), [_("请从页面上的链接和按钮进入。")])


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of the program; it is not the person's."""
    return refusal(
        request,
        500,
        _("程序出错了"),
        [_("不是您的操作有误，数据没有改动。请稍后再试；仍不行，请把时间和页面地址告诉管理员。")],
    )
