"""A viewer: the person, the post they act from, and what that post reaches."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wuhao.core import day
from wuhao.core.errors import OutOfScope
from wuhao.core.models import Post, User


@dataclass(frozen=True)
class Viewer:
    """Who looks: user, post, office, parks and own enterprise. `public` reaches published lists."""

    role: str
    user_id: int | None = None
    post_id: int | None = None
    name: str = ""
    office: str = ""
    office_name: str = ""
    parks: tuple[str, ...] = ()
    own_key: str = ""
    reason: str = ""


PUBLIC = Viewer(role="public")
MACHINE = Viewer(role="machine", name="系统")


def viewer_of(user: object, on: date | None = None) -> Viewer:
    """The viewer a logged-in user is today; PUBLIC for a visitor or a person without a post."""
    if not isinstance(user, User) or not user.is_active:
        return PUBLIC
    posts = _posts_on(on or day.today()).filter(user=user)
    post = posts.order_by("-valid_from", "pk").first()
    return _viewer(post) if post else PUBLIC


def viewer_at(post_id: int | None) -> Viewer:
    """Rebuild the viewer of a stored post, as jobs do when they run.

    Raises OutOfScope when the post has ended or the person has been disabled since.
    """
    if post_id is None:
        return MACHINE
    post = _posts_on(day.today()).filter(pk=post_id, user__is_active=True).first()
    if post is None:
        raise OutOfScope("登记这项工作的岗位已经失效，工作不再进行。")
    return _viewer(post)


def _posts_on(on: date) -> QuerySet[Post]:
    held = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return Post.objects.filter(held, valid_from__lte=on).select_related("user", "office")


def _viewer(post: Post) -> Viewer:
    return Viewer(
        role=post.role,
        user_id=post.user_id,
        post_id=post.pk,
        name=post.user.name,
        office=post.office.code,
        office_name=post.office.short,
        parks=(post.office.park_code,) if post.office.park_code else (),
        own_key=post.own_key,
    )
