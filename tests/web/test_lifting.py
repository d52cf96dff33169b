"""What would lift an enterprise, as people read it on the page; the engine proves the numbers."""

import dataclasses
from pathlib import Path

from tests.web.conftest import AsUser
from tests.web.test_pages import FIRM, run_no, words
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts import Facts
from wuhao.engine.outcome import Outcome
from wuhao.web.lifting import lift_table

A_FIRM = "91430200MAYAX4WE7C"


def shown(as_user: AsUser, username: str, key: str = FIRM):
    client = as_user(username)
    return client.get(f"/evaluation/{run_no(as_user('bureau'))}/explain/{key}/lifts/")


def test_each_way_stands_alone_with_its_unit(as_user: AsUser) -> None:
    text = words(shown(as_user, "bureau"))
    assert "怎样升到 B 档" in text
    assert "提高实缴税金 241.62 → 544.77 万元" in text
    assert "减少用地面积 46.20 → 28.17 亩" in text
    assert "亩均增加值、单位能耗增加值、单位排放增加值、全员劳动生产率" in text
    assert "几样各做一些" in text


def test_the_way_on_the_page_really_lifts(as_user: AsUser, demo_db: Path) -> None:
    """Written into the sealed facts and evaluated again, the tax on the page gives the grade."""
    folder = demo_db / "var/lake/runs" / run_no(as_user("bureau"))
    kept = Outcome.load(folder)
    rows = kept.facts.table.to_pylist()
    for row in rows:
        if row["subject"] == FIRM:
            row["tax_paid_yuan"] = 544_770_419
    table = kept.facts.table.from_pylist(rows, schema=kept.facts.table.schema)
    again = evaluate(kept.scheme, dataclasses.replace(kept.facts, table=table), threads=1)
    assert isinstance(again.facts, Facts)
    assert (kept.row(FIRM) or {})["grade"] == "C"
    assert (again.row(FIRM) or {})["grade"] == "B"


def test_the_best_has_nowhere_to_go(as_user: AsUser) -> None:
    text = words(shown(as_user, "bureau", A_FIRM))
    assert "没有更高的档次可升" in text
    assert "已是最高档 A" in text


def test_the_enterprise_sees_its_own_ways_and_no_others(as_user: AsUser) -> None:
    assert "怎样升到 B 档" in words(shown(as_user, "enterprise"))
    assert shown(as_user, "enterprise", A_FIRM).status_code == 404


def test_who_sees_bands_is_told_no_figure(as_user: AsUser) -> None:
    answer = shown(as_user, "park")
    assert answer.status_code == 404
    assert "544.77" not in words(answer)
    assert "/lifts/" not in as_user("park").get(
        f"/evaluation/{run_no(as_user('bureau'))}/explain/{FIRM}/"
    ).content.decode()  # fmt: skip


def test_a_grade_that_nothing_reaches_says_why() -> None:
    """Without a way the sentence of the engine stands, and every item says its reason."""
    from wuhao.engine.lifts import Joint, Lift, Lifts

    item = Lift("tax", "亩均税收", "万元/亩", None, (), "capped", "亩均税收：单靠此项到不了 A 档。")
    found = Lifts(
        "甲", "all", "B", "A", (item,), Joint(None, (), "not_enough", ""), None, "都不行。"
    )
    table = lift_table(found)
    assert table.rows == []
    assert table.unable == ["亩均税收：单靠此项到不了 A 档。"]
    assert (table.sentence, table.together_said) == ("都不行。", "各项一起补齐也到不了。")
