"""Commands of the engine: no database, no web framework.

`wuhao evaluate SCHEME FACTS --out DIR`, `wuhao explain DIR SUBJECT`, `wuhao lifts DIR SUBJECT`,
`wuhao compare DIR DIR --out FILE`, `wuhao scheme check FILE`, `wuhao scheme diff FILE FILE`.
What the house keeps of schemes is in `scheme_life`, which opens it when it is called.
Refused input ends with code 2 and every finding on its own line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import click

from wuhao.config.commands.scheme_life import LIFE
from wuhao.config.commands.starter import new
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.compare import compare as compare_outcomes
from wuhao.engine.compare_table import counted, write_comparison
from wuhao.engine.evaluate import evaluate as run_evaluation
from wuhao.engine.explain import Explanation, FactShown, ItemShown
from wuhao.engine.explain import explain as explain_row
from wuhao.engine.facts_read import read_facts
from wuhao.engine.findings import EngineError, Refused
from wuhao.engine.index.load import is_index, load_index
from wuhao.engine.index.run import evaluate_index
from wuhao.engine.lifts import lifts as find_lifts
from wuhao.engine.model import Basis
from wuhao.engine.outcome import Outcome
from wuhao.engine.scheme import load_scheme
from wuhao.engine.scheme_schema import scheme_schema
from wuhao.engine.versions import differences
from wuhao.engine.wording import STATES, basis_text


class InputRefused(click.ClickException):
    """Input was refused: every finding is printed, the exit code is 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the findings to the error stream."""
        click.echo(self.message, err=True)


def _refused(error: EngineError) -> InputRefused:
    count = len(error.findings) if isinstance(error, Refused) else 0
    tail = f"\n共 {count} 处，什么都没有写入。" if count else "\n什么都没有写入。"
    return InputRefused(f"{error}{tail}")


@click.command()
@click.argument("scheme_file", type=click.Path(path_type=Path))
@click.argument("facts_file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Results go here.")
@click.option(
    "--backend", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True
)
@click.option("--threads", type=click.IntRange(1), default=None, help="Threads of DuckDB.")
def evaluate(
    scheme_file: Path, facts_file: Path, out: Path, backend: str, threads: int | None
) -> None:
    """Score FACTS_FILE (.csv, .xlsx, .parquet) by SCHEME_FILE, a scheme or an index in YAML."""
    if is_index(scheme_file):
        if backend != "duckdb" or threads is not None:
            raise InputRefused("指数不用 --backend、--threads：它在本进程内以十进制小数计算。")
        _evaluate_index(scheme_file, facts_file, out)
        return
    try:
        scheme = load_scheme(scheme_file)
        facts = read_facts(facts_file, scheme)
        outcome = run_evaluation(scheme, facts, backend=backend, threads=threads)
        outcome.save(out)
    except EngineError as error:
        raise _refused(error) from error
    for line in _summary(outcome):
        click.echo(line)
    click.echo(f"已写入 {out}：results.parquet、results.xlsx、run.json。")


def _evaluate_index(index_file: Path, facts_file: Path, out: Path) -> None:
    try:
        index = load_index(index_file)
        outcome = evaluate_index(index, read_facts(facts_file, index))
        outcome.save(out)
    except EngineError as error:
        raise _refused(error) from error
    ranked = len(outcome.results) - outcome.results.column("rank").null_count
    click.echo(f"{index.label}：{outcome.results.num_rows} 个主体，{ranked} 个有名次")
    click.echo(f"指数摘要 {index.digest}")
    click.echo(f"数据摘要 {outcome.facts_digest}")
    click.echo(f"结果摘要 {outcome.result_digest}")
    for note in outcome.notes:
        click.echo(f"注意：{note}")
    click.echo(f"已写入 {out}：results.parquet、results.xlsx、run.json。")


def _summary(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.scheme.label}：{outcome.results.num_rows} 户"
    yield _graded(outcome)
    yield f"方案摘要 {outcome.scheme_digest}"
    yield f"数据摘要 {outcome.facts_digest}"
    yield f"结果摘要 {outcome.result_digest}"
    yield from (f"注意：{note}" for note in outcome.notes)


def _graded(outcome: Outcome) -> str:
    """Tell how many got each grade, or how many a total where the scheme gives no grades."""
    if outcome.scheme.grades is None:
        ranked = outcome.results.num_rows - outcome.results.column("rank").null_count
        return f"方案不定等级；{ranked} 户有总分和名次"
    columns = (outcome.results.column(name).to_pylist() for name in ("grade", "excluded"))
    counts = Counter(
        grade or ("不参评" if excluded else "没有总分")
        for grade, excluded in zip(*columns, strict=True)
    )
    order = [*outcome.scheme.grades.order, "没有总分", "不参评"]
    return "，".join(f"{grade} {counts[grade]}" for grade in order if grade in counts)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("subject")
def explain(folder: Path, subject: str) -> None:
    """Show how SUBJECT came to its grade in the results of FOLDER."""
    try:
        outcome = Outcome.load(folder)
    except EngineError as error:
        raise InputRefused(str(error)) from error
    row = outcome.row(subject)
    if row is None:
        raise InputRefused(f"结果里没有主体“{subject}”。")
    found = explain_row(outcome.scheme, row, outcome.facts_row(subject), outcome.lines)
    for line in _told(found):
        click.echo(line)


def _told(found: Explanation) -> Iterator[str]:
    yield f"{found.subject}  {found.group_label}".rstrip()
    yield from _told_units(found)
    if found.excluded:
        yield f"不参评：{found.excluded_text}"
        return
    for item in found.items:
        yield from _told_item(item)
    for branch in found.branches:
        yield f"{branch.label}（{branch.aggregate}）：{_shown(branch.score)}"
    yield from _told_points(found)
    if found.ungraded:
        yield f"没有总分：{found.ungraded_text}"
    else:
        yield f"总分 {_shown(found.total)}，第 {found.rank} 名，同组 {found.group_size} 户"
    for line in found.lines:
        yield f"  {line.grade} 档线 {_shown(line.total)}"
    for rule in found.adjustments:
        yield f"调整：{rule.text}（{_basis(rule.article, rule.status)}）"
    yield from _told_grade(found)
    if found.flag:
        yield "提示：总分距档次界限不到两个最小单位，请人工复核。"


def _told_grade(found: Explanation) -> Iterator[str]:
    if not found.graded:
        return
    if found.original_grade != found.grade:
        yield f"调整前 {found.original_grade or '没有等级'}"
    yield f"等级 {found.grade}" if found.grade else "没有等级：没有总分，不与各档的线比较"


def _told_units(found: Explanation) -> Iterator[str]:
    for unit in found.units:
        word = "评价单元" if unit.kind == "unit" else "合并评价单元"
        grade = f"，等级 {unit.grade or '未定级'}" if found.graded else ""
        yield f"{word}以“{unit.head}”为主：总分 {_shown(unit.total)}{grade}"
        if unit.members:
            yield f"    成员 {'、'.join(unit.members)}"


def _told_points(found: Explanation) -> Iterator[str]:
    if found.points:
        yield f"加减分前 {_shown(found.base_total)}"
    for line in found.points:
        yield f"{line.text}：{_shown(line.points)}（{_basis(line.article, line.status)}）"


def _told_item(item: ItemShown) -> Iterator[str]:
    basis = _basis(item.article, item.status)
    yield f"{item.label}：{_shown(item.score)} 分（权重 {_shown(item.weight)}，依据：{basis}）"
    for name, facts in (("分子", item.numerator), ("分母", item.denominator)):
        if facts:
            yield f"    {name} " + "，".join(_told_fact(fact) for fact in facts)
    lacking = item.value is None
    parts = [f"没有值：{item.note_text}" if lacking else f"值 {_shown(item.value)} {item.unit}"]
    if item.benchmark is not None:
        own = f"（依据：{item.benchmark_basis}）" if item.benchmark_basis else ""
        parts.append(f"基准 {_shown(item.benchmark)}{own}")
    if item.ratio is not None:
        parts.append(f"比值 {_shown(item.ratio)}")
    if item.note_text and not lacking:
        parts.append(item.note_text)
    yield "    " + ("；" if lacking else "，").join(parts)


def _told_fact(fact: FactShown) -> str:
    shown = STATES[fact.state] if fact.value is None else f"{fact.value:f} {fact.unit}"
    return f"{fact.label} {shown}" + (f"（{fact.note}）" if fact.note else "")


def _shown(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:f}"


def _basis(article: str | None, status: str | None) -> str:
    return basis_text(Basis(article, status))


@click.group()
def scheme() -> None:
    """Schemes: the published methods, as YAML."""


@scheme.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a scheme or an index; list every fault with its line."""
    if is_index(file):
        _check_index(file)
        return
    try:
        found = load_scheme(file)
    except EngineError as error:
        raise _refused(error) from error
    click.echo(
        f"{found.label}：{len(found.indicators)} 项指标，{len(found.groups)} 组，没有发现问题。"
    )
    click.echo(f"方案摘要 {found.digest}")
    defaults = [item.label for item in found.indicators.values() if item.basis.status]
    if defaults:
        click.echo(f"以下指标没有条款依据，暂用默认值：{'、'.join(defaults)}")


def _check_index(file: Path) -> None:
    try:
        found = load_index(file)
    except EngineError as error:
        raise _refused(error) from error
    click.echo(f"{found.label}：{len(found.items)} 项指标，{len(found.steps)} 步，没有发现问题。")
    click.echo(f"指数摘要 {found.digest}")
    defaults = [step.key for step in found.steps if step.basis.status]
    if defaults:
        click.echo(f"以下步骤没有条款依据，暂用默认值：{'、'.join(defaults)}")


for command in (new, *LIFE):
    scheme.add_command(command)


@scheme.command()
def schema() -> None:
    """Print the JSON Schema of a scheme file, for editors."""
    click.echo(json.dumps(scheme_schema(), ensure_ascii=False, indent=2))


@scheme.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def test(files: tuple[Path, ...]) -> None:
    """Run the cases in FILES (*.cases.yaml); exit 1 when one of them does not come out."""
    try:
        loaded = [load_cases(file) for file in files]
    except EngineError as error:
        raise InputRefused(str(error)) from error
    failed = 0
    for file in loaded:
        click.echo(f"{file.path}：{file.scheme.label}")
        for verdict in run_cases(file):
            failed += not verdict.holds
            told = "通过" if verdict.holds else "不符"
            basis = _basis(verdict.case.basis.article, verdict.case.basis.status)
            click.echo(f"  {told}  {verdict.case.name}（{basis}）")
            for difference in verdict.differences:
                click.echo(f"        {difference}")
    if failed:
        raise SystemExit(1)


@scheme.command()
@click.argument("old_file", type=click.Path(path_type=Path))
@click.argument("new_file", type=click.Path(path_type=Path))
def diff(old_file: Path, new_file: Path) -> None:
    """Tell in words what changes from OLD_FILE to NEW_FILE."""
    try:
        found = differences(load_scheme(old_file), load_scheme(new_file))
    except EngineError as error:
        raise InputRefused(str(error)) from error
    for sentence in found or ["两份方案相同。"]:
        click.echo(sentence)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("subject")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
def lifts(folder: Path, subject: str, as_json: bool) -> None:
    """Show what would lift SUBJECT of the results of FOLDER to the next grade."""
    try:
        found = find_lifts(Outcome.load(folder), subject)
    except EngineError as error:
        raise InputRefused(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.subject}：{found.sentence}")
    for item in found.items:
        click.echo(item.sentence)
    if found.joint:
        click.echo(found.joint.sentence)


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="A .xlsx or .csv file for the table.")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON, in whole quanta.")
def compare(before: Path, after: Path, out: Path | None, as_json: bool) -> None:
    """Show who moved from the results of BEFORE to those of AFTER, and why."""
    if (out is None) == (not as_json):
        raise InputRefused("请写 --out 文件.xlsx（或 .csv），或者 --json，二者选一。")
    try:
        found = compare_outcomes(Outcome.load(before), Outcome.load(after))
        if out is not None:
            write_comparison(out, found)
    except EngineError as error:
        raise InputRefused(str(error)) from error
    if out is None:
        record = {"digits": found.digits, "notes": found.notes, "counts": found.counts()}
        rows = [asdict(move) for move in found.moves()]
        click.echo(json.dumps({**record, "rows": rows}, ensure_ascii=False, indent=2))
        return
    for line in counted(found):
        click.echo(line)
    click.echo(f"已写入 {out}。")


COMMANDS = [evaluate, explain, lifts, compare, scheme]
