"""A viewer reaches what a post held today reaches, and nothing else."""

from datetime import date

import pytest

from tests.cast import office, person
from wuhao.core import day, services
from wuhao.core.errors import OutOfScope
from wuhao.core.models import Post, User
from wuhao.core.scope import NOTHING, grant_of
from wuhao.core.viewer import PUBLIC, viewer_at, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    office("park-1", park_code="P1")
    services.appoint("clerk", "甲", "park-1", "park_staff", since=date(2022, 3, 1))
    Post.objects.update(valid_to=date(2022, 6, 1))
    return User.objects.get(username="clerk")


@pytest.mark.parametrize(
    ("on", "role"),
    [
        (date(2022, 2, 28), "public"),
        (date(2022, 3, 1), "park_staff"),
        (date(2022, 5, 31), "park_staff"),
        (date(2022, 6, 1), "public"),
    ],
)
def test_a_post_holds_from_its_first_day_until_before_its_last(clerk, on, role):
    assert viewer_of(clerk, on).role == role


def test_the_park_comes_from_the_office(clerk):
    assert viewer_of(clerk, date(2022, 4, 1)).parks == ("P1",)


def test_a_disabled_person_is_a_visitor(clerk):
    clerk.is_active = False
    assert viewer_of(clerk, date(2022, 4, 1)) == PUBLIC


def test_a_job_of_an_ended_post_is_stopped(clerk):
    post = Post.objects.get()
    with day.on(date(2022, 5, 31)):
        assert viewer_at(post.pk).role == "park_staff"
    with day.on(date(2022, 6, 1)), pytest.raises(OutOfScope):
        viewer_at(post.pk)


def test_an_unknown_role_is_granted_nothing():
    assert grant_of("nobody") == NOTHING


def test_an_export_without_a_purpose_is_refused():
    officer = person("officer", "bureau_admin", "iit")
    with pytest.raises(Exception, match="用途"):
        services.log_export(officer, "enterprise", "  ", rows=1, digest="0" * 64)
    assert services.log_export(officer, "enterprise", "核对", rows=1, digest="0" * 64).pk
