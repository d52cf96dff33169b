"""A command acts as the person named, as the house where nobody is, and for nobody else."""

import pytest
from click.testing import CliRunner

from tests.cast import person
from wuhao.config.cli import Refusal
from wuhao.config.commands import intake, letter, scheme_life
from wuhao.config.commands.acting import acting_as
from wuhao.core.models import User
from wuhao.core.viewer import MACHINE

pytestmark = pytest.mark.django_db


def test_the_person_named_acts_with_its_own_scope_and_the_house_where_none_is() -> None:
    person("park", "park_admin", "p1")
    assert acting_as("park") not in (MACHINE, acting_as(""))
    assert acting_as("") == MACHINE


@pytest.mark.parametrize("gone", [False, True])
def test_who_is_not_there_or_has_left_does_nothing(gone: bool) -> None:
    if gone:
        person("left", "park_admin", "p1")
        User.objects.filter(username="left").update(is_active=False)
    with pytest.raises(Refusal, match="没有名为“left”的在任用户，请核对 --as。"):
        acting_as("left")


def test_every_command_refuses_it_in_the_same_sentence(tmp_path) -> None:
    book = tmp_path / "a.csv"
    book.write_text("a\n", encoding="utf-8")
    asked = [
        (intake.intake, ["load", str(book), "--as", "left", "--template", "T1", "--period", "1"]),
        (letter.figures, ["--as", "left"]),
        (scheme_life.list_versions, ["--as", "left"]),
    ]
    for command, words in asked:
        done = CliRunner().invoke(command, words)
        assert (done.exit_code, done.output) == (2, "没有名为“left”的在任用户，请核对 --as。\n")
