"""`wuhao scheme` keeps the life of a scheme: a second person, a lock, words and a dry run."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.cast import person
from tests.engine.build import one_item
from tests.paths import CITY
from wuhao.config.commands.engine import scheme as commands
from wuhao.core.models import AuditEntry
from wuhao.runs.models import Run, SchemeVersion

S = SchemeVersion.Status
DOC = {"title": "试验", "period": 202200}
NOTE = "局办公会纪要〔2022〕3号"


def run(*words: object) -> Result:
    return CliRunner().invoke(commands, [str(word) for word in words])


def refused(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 2, done.output
    return done.output


def told(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.output


def written(folder: Path, name: str = "a.yaml", **changes) -> Path:
    path = folder / name
    text = yaml.safe_dump(one_item(**{"doc": DOC, **changes}), allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def entered(path: Path) -> str:
    return told("enter", path, "--as", "desk").split()[0]


def in_force(path: Path) -> str:
    start = entered(path)
    told("review", start, "--as", "bureau")
    told("enact", start, "--as", "bureau", "--note", NOTE)
    return start


@pytest.fixture
def people(db, settings, tmp_path):
    settings.WUHAO_VAR = tmp_path / "var"
    person("desk", "bureau_staff", "iit")
    person("bureau", "bureau_admin", "iit")
    person("park", "park_admin", "p1")


def test_a_scheme_goes_from_a_file_into_force(people, tmp_path):
    path = written(tmp_path)
    first = told("enter", path, "--as", "desk")
    start = first.split()[0]
    assert "起草  small  试验（2022-01-01 起，起草 desk）" in first
    assert f"下一步由另一位同事：wuhao scheme review {start} --as" in first
    assert "已复核" in told("review", start, "--as", "bureau", "--note", "已核对")
    last = told("enact", start, "--as", "bureau", "--note", NOTE)
    assert f"{start}  施行  small  试验（2022-01-01 起，起草 desk，复核 bureau）\n" == last
    assert told("list", "--as", "desk") == last
    assert [e.note for e in AuditEntry.objects.order_by("pk")] == ["", "已核对", NOTE]


def test_a_second_person_is_demanded_and_a_reviewed_version_before_one_in_force(people, tmp_path):
    start = entered(written(tmp_path))
    assert "起草人不能复核自己的方案" in refused("review", start, "--as", "desk")
    assert "没有办成" in refused("enact", start, "--as", "bureau", "--note", NOTE)
    told("review", start, "--as", "bureau")
    assert "您的岗位不能办理“施行方案”" in refused("enact", start, "--as", "desk", "--note", NOTE)
    assert "依据的文件或会议" in refused("enact", start, "--as", "bureau", "--note", " ")
    assert SchemeVersion.objects.get().status == S.REVIEWED


def test_a_version_in_force_is_changed_by_no_command(people, tmp_path):
    start = in_force(written(tmp_path))
    before = SchemeVersion.objects.values().get()
    for words in (["withdraw"], ["review"], ["enact", "--note", NOTE]):
        assert "没有办成" in refused(words[0], start, "--as", "bureau", *words[1:])
    assert start in told("enter", written(tmp_path, "same.yaml"), "--as", "bureau")
    assert SchemeVersion.objects.values().get() == before
    other = in_force(written(tmp_path, "b.yaml", label="修订"))
    assert SchemeVersion.objects.get(digest=before["digest"]).text == before["text"]
    assert [line.split()[:2] for line in told("list").splitlines()] == [
        [other, "施行"], [start, "已被取代"],
    ]  # fmt: skip


def test_a_draft_is_taken_back_and_shown_to_the_bureau_alone(people, tmp_path):
    start = entered(written(tmp_path))
    assert "没有可看的方案版本" in told("list", "--as", "park")
    assert start in told("list")
    assert "没有您能看到的方案版本" in refused("review", start, "--as", "park")
    assert "已撤回" in told("withdraw", start, "--as", "desk", "--note", "另起一稿")
    assert "没有办成" in refused("review", start, "--as", "bureau")


def test_two_versions_are_compared_in_words(people, tmp_path):
    new = entered(written(tmp_path, "b.yaml", label="修订方案"))
    assert "还没有施行的版本" in refused("changes", new, "--as", "desk")
    old = in_force(written(tmp_path))
    expected = f"{old} → {new}\n名称 小方案 → 修订方案\n"
    assert told("changes", new, "--as", "desk") == expected
    assert told("changes", new, "--since", old, "--as", "desk") == expected
    assert told("changes", old, "--as", "desk") == f"{old} → {old}\n两个版本相同。\n"


def test_what_cannot_be_entered_or_found_is_told(people, tmp_path):
    bad = written(tmp_path, groups={})
    assert "至少要有一个组" in refused("enter", bad, "--as", "desk")
    assert "不能起草" in refused("enter", written(tmp_path), "--as", "park")
    assert "没有名为“nobody”的在任用户" in refused("enter", bad, "--as", "nobody")
    bad.write_bytes(b"\xff\xfe")
    assert "不是 UTF-8 文本" in refused("enter", bad, "--as", "desk")
    assert SchemeVersion.objects.count() == 0
    assert "没有您能看到的方案版本“abc”" in refused("review", "abc", "--as", "bureau")
    for label in "一二三四五六七八九十百千万亿兆京垓":
        entered(written(tmp_path, label=label))
    first = next(d for d in "0123456789abcdef" if len(_beginning(d)) > 1)
    assert f"个方案版本以“{first}”开头，请多写几位" in refused("review", first, "--as", "bureau")


def _beginning(start: str) -> list[SchemeVersion]:
    return [v for v in SchemeVersion.objects.all() if v.digest.startswith(start)]


@pytest.mark.parametrize("period", [None, 2022])
def test_a_scheme_that_cannot_be_locked_does_not_come_into_force(people, tmp_path, period):
    start = entered(written(tmp_path, doc={"title": "试验", "period": period}))
    told("review", start, "--as", "bureau")
    assert "没有写数据期" in refused("enact", start, "--as", "bureau", "--note", NOTE)


def test_after_data_are_in_a_scheme_can_be_tried_but_not_changed(demo_db: Path, tmp_path: Path):
    text = (CITY / "schemes/per_mu_benefit/2022.yaml").read_text(encoding="utf-8")
    path = tmp_path / "stricter.yaml"
    path.write_text(
        text.replace("share: {A: 20, B: 55, C: 20, D: 5}", "share: {A: 15, B: 60, C: 20, D: 5}"),
        encoding="utf-8",
    )
    start = entered(path)
    assert "A 档比例 20% → 15%" in told("changes", start, "--as", "desk")
    tried = told("dry-run", start, "--period", 202100, "--as", "desk").splitlines()
    assert tried[0].startswith("用 202100 期的数据试算（不保存）：A ")
    movers = [line for line in tried if line.endswith("  A → B")]
    assert f"与已公布的结果相比，{len(movers)} 户的等级不同。" == tried[1]
    assert len(movers) > 1
    assert "还没有公布过结果" in told("dry-run", start, "--period", 202000, "--as", "desk")
    told("review", start, "--as", "bureau")
    assert "已经受理 6 批" in refused("enact", start, "--as", "bureau", "--note", NOTE)
    assert "只有市局" in refused("dry-run", _in_force(), "--period", 202100, "--as", "park")
    assert Run.objects.count() == 1


def _in_force() -> str:
    return SchemeVersion.objects.get(status=S.IN_FORCE).digest
