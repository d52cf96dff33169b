"""Where offices say different things of one field of one year: drawn anew from what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from wuhao.core import bulk
from wuhao.intake.catalogue import template
from wuhao.registers.authorities import authority_of
from wuhao.registers.models import ClaimedField, Disagreement, FieldChoice, FieldClaim
from wuhao.registers.services import showing

Pair = tuple[int, str]
Settled = Disagreement.Settled
STAGING = "staged_field"
COLUMNS = {"enterprise_id": "bigint", "field": "varchar(8)"}


@dataclass(frozen=True)
class Word:
    """What an office says, as it is compared; `of_register` where the register is drawn from it."""

    office: str
    key: str
    ledger: int
    of_register: bool


@dataclass(frozen=True)
class Chosen:
    """The choice that stands: the value as it is compared, and what every office said then."""

    key: str
    known: Mapping[str, str]


def redraw(pairs: Iterable[Pair]) -> None:
    """Draw anew where offices differ of these fields of these enterprises."""
    with bulk.staging(STAGING, COLUMNS):
        bulk.load(STAGING, list(COLUMNS), sorted(set(pairs)))
        bulk.index(STAGING, list(COLUMNS))
        spoken = _spoken()
        choices = _choices()
        bulk.execute(_FORGET)
    chosen = {pair: Chosen(one.claim.key, one.known) for pair, one in choices.items()}
    Disagreement.objects.bulk_create(
        [
            Disagreement(
                enterprise_id=pair[0],
                field=pair[1],
                year=year,
                settled=settled(pair[1], year, words, chosen.get(pair)),
            )
            for pair, (year, words) in sorted(spoken.items())
        ],
        batch_size=500,
    )
    for pair in sorted(choices.keys() - spoken.keys()):
        _end_where_agreed(choices[pair])


def settled(field: str, year: int, words: list[Word], chosen: Chosen | None) -> str:
    """Whether a choice covers what is said, or the register follows the office the rule names.

    A word asks again after a choice only if it is new and does not agree with the choice.
    """
    if chosen is not None:
        known = all(w.key == chosen.key or chosen.known.get(w.office) == w.key for w in words)
        return Settled.CHOICE.value if known else Settled.OPEN.value
    by_office = {word.office: word for word in words}
    named = [office for office in authority_of(field, year).offices if office in by_office]
    shown = [word for word in words if word.of_register]
    if not named or not shown:
        return Settled.OPEN.value
    follows = by_office[named[0]].key == max(shown, key=lambda word: word.ledger).key
    return Settled.RULE.value if follows else Settled.OPEN.value


def of_register(field: str, template_code: str) -> bool:
    """Whether the register's value of a field is drawn from a table: the directory, or the land."""
    wanted = "tenures" if field == ClaimedField.LAND else "enterprises"
    return template(template_code).effect == wanted


def _spoken() -> dict[Pair, tuple[int, list[Word]]]:
    """Of each staged field the latest year of which offices differ, and what each said of it.

    What was said of a year before the register's own word is past and is not drawn.
    """
    with connection.cursor() as cursor:
        cursor.execute(_APART)
        rows = cursor.fetchall()
    said: dict[Pair, dict[int, list[Word]]] = {}
    for enterprise_id, field, year, office, key, ledger, code in rows:
        word = Word(office, key, ledger, of_register(field, code))
        said.setdefault((enterprise_id, field), {}).setdefault(year, []).append(word)
    latest = {pair: _latest_apart(by_year) for pair, by_year in said.items()}
    return {pair: (year, said[pair][year]) for pair, year in latest.items() if year is not None}


def _latest_apart(by_year: Mapping[int, list[Word]]) -> int | None:
    """The latest year of which words differ, none before the register's own word."""
    own = [year for year, words in by_year.items() if any(word.of_register for word in words)]
    apart = [year for year, words in by_year.items() if len({word.key for word in words}) > 1]
    return max((year for year in apart if year >= max(own, default=year)), default=None)


def _choices() -> dict[Pair, FieldChoice]:
    """The standing choices among the staged fields."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOSEN)
        ids = [pk for (pk,) in cursor.fetchall()]
    found: dict[Pair, FieldChoice] = {}
    for at in range(0, len(ids), 500):
        some = FieldChoice.objects.filter(pk__in=ids[at : at + 500])
        for one in some.select_related("claim", "enterprise"):
            found[one.enterprise_id, one.field] = one
    return found


def _end_where_agreed(choice: FieldChoice) -> None:
    """End a choice when all who speak of a year since then agree; the register follows them."""
    said = FieldClaim.objects.filter(
        enterprise=choice.enterprise_id,
        field=choice.field,
        superseded_by=None,
        year__gte=choice.claim.year,
    )
    by_year: dict[int, list[str]] = {}
    for year, key in said.values_list("year", "key"):
        by_year.setdefault(year, []).append(key)
    agreed = [year for year, keys in by_year.items() if len(keys) > 1 and len(set(keys)) == 1]
    if not agreed:
        return
    choice.undo(None, _("各部门的说法已经一致"))
    showing.show_directory(choice)


# All that stands of the fields of which not everybody says the same, whatever the year.
_APART = f"""
SELECT c.enterprise_id, c.field, c.year, o.code, c.key, c.ledger_id, b.template
FROM registers_fieldclaim c
JOIN {STAGING} s ON s.enterprise_id = c.enterprise_id AND s.field = c.field
JOIN core_office o ON o.id = c.office_id
JOIN intake_batch b ON b.id = c.batch_id
WHERE c.superseded_by IS NULL AND EXISTS (
  SELECT 1 FROM registers_fieldclaim d
  WHERE d.enterprise_id = c.enterprise_id AND d.field = c.field
    AND d.superseded_by IS NULL AND d.key <> c.key)
ORDER BY c.enterprise_id, c.field, c.id
"""  # noqa: S608
_CHOSEN = f"""
SELECT h.id FROM registers_fieldchoice h
JOIN {STAGING} s ON s.enterprise_id = h.enterprise_id AND s.field = h.field
WHERE h.undone_at IS NULL
"""  # noqa: S608
_FORGET = f"""
DELETE FROM registers_disagreement
WHERE EXISTS (
  SELECT 1 FROM {STAGING} s
  WHERE s.enterprise_id = registers_disagreement.enterprise_id
    AND s.field = registers_disagreement.field)
"""  # noqa: S608
