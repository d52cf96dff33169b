"""Which record of a register each name means: certain, doubtful or none, with the reasons.

`certain` is what a person would not look at again: an agreeing credit code, or a name of the
register (or one it had) written otherwise. Names that are merely alike are never certain: a
register holds many that differ in one character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler, LCSseq, Levenshtein

from wuhao.core.codes import normalised, uscc_check
from wuhao.intake.matching.candidates import Index
from wuhao.intake.matching.names import Name, parsed
from wuhao.intake.matching.sounds import looked, sounded

CERTAIN, DOUBTFUL, NONE = "certain", "doubtful", "none"
RARE = 0.5
"""So much of the standing of a candidate is what it shares of the rare pieces."""
DIFFERENCES = 3
"""So many differences of two names are told one by one."""
SAME_PLACE = 0.06
"""So much the same division adds, and another takes away."""
ALIKE = 0.50
"""From so much standing on a name is put before a person."""
STRANGE = 0.35
"""With less likeness of the names an agreeing code is put before a person."""
ORGANISATION = slice(8, 17)
"""Where the organisation code (GB 11714) stands in a credit code; it ends a 15-digit tax number."""


@dataclass(frozen=True)
class Record:
    """A record of the register: its key, name, code if any, and the names it had."""

    key: str
    name: str
    code: str = ""
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found for a name: the key ("" for none), how certain, and why."""

    key: str
    certainty: str
    reasons: tuple[str, ...]


@dataclass
class Register:
    """A register with what is looked up in it."""

    records: Sequence[Record]
    by_code: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_organisation: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_former: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Fill the look-ups."""
        for place, record in enumerate(self.records):
            code = normalised(record.code)
            if code:
                self.by_code[code].append(place)
            if len(code) == 18:
                self.by_organisation[code[ORGANISATION]].append(place)
            self.by_name[parsed(record.name).exact].append(place)
            for former in record.former:
                self.by_former[parsed(former).exact].append(place)


def match(asked: Sequence[tuple[str, str]], records: Sequence[Record]) -> list[Answer]:
    """Answer for each (name, code); a code may be empty."""
    register = Register(records)
    answers = [_exactly(name, normalised(code), register) for name, code in asked]
    open_places = [at for at, answer in enumerate(answers) if answer is None]
    names = [parsed(asked[at][0]) for at in open_places]
    for at, answer in zip(open_places, _alike(names, records), strict=True):
        answers[at] = answer
    return [answer or _nothing() for answer in answers]


def _nothing() -> Answer:
    return Answer("", NONE, ("登记册里没有相近的名称",))


# ---- codes and equal names ---------------------------------------------------------------------


def _exactly(name: str, code: str, register: Register) -> Answer | None:
    """What codes and equal names say; None where neither says anything."""
    by_code = _by_code(name, code, register)
    if by_code is not None:
        return by_code
    exact = parsed(name).exact
    if not exact:
        return Answer("", NONE, ("没有名称",))
    for known, word in ((register.by_name, "名称相同"), (register.by_former, "与曾用名相同")):
        places = known.get(exact, [])
        if places:
            return _named(places, (name, code), word, register)
    return None


def _by_code(name: str, code: str, register: Register) -> Answer | None:
    if not code:
        return None
    places = register.by_code.get(code, [])
    word = "信用代码相同" if len(code) == 18 else "代码相同"
    if not places and len(code) in (9, 15):
        places, word = register.by_organisation.get(code[-9:], []), "组织机构代码相同"
    if not places:
        return _slip(name, code, register)
    if len(places) > 1:
        return _one_of(places, name, f"{word}的有 {len(places)} 家", register)
    record = register.records[places[0]]
    likeness = max(likeness_of(parsed(name), parsed(n)) for n in (record.name, *record.former))
    if name and likeness < STRANGE:
        return Answer(record.key, DOUBTFUL, (word, f"名称不同：登记为“{record.name}”"))
    written = {parsed(n).exact for n in (record.name, *record.former)}
    same = not name or parsed(name).exact in written
    other = () if same else (f"名称写法不同：登记为“{record.name}”",)
    return Answer(record.key, CERTAIN, (word, *other))


def _slip(name: str, code: str, register: Register) -> Answer | None:
    """A code that fails its check and is one character from that of a record of this name."""
    if len(code) != 18 or uscc_check(code) is None:
        return None
    for place in register.by_name.get(parsed(name).exact, []):
        record = register.records[place]
        if Levenshtein.distance(code, normalised(record.code)) == 1:
            reasons = ("名称相同", f"代码只差一位，校验不符：登记为“{record.code}”")
            return Answer(record.key, CERTAIN, reasons)
    return None


def _named(places: Sequence[int], asked: tuple[str, str], word: str, register: Register) -> Answer:
    name, code = asked
    if len(set(places)) > 1:
        return _one_of(places, name, f"{word}的有 {len(set(places))} 家", register)
    record = register.records[places[0]]
    own = normalised(record.code)
    if code and own and _differ(code, own):
        return Answer(record.key, DOUBTFUL, (word, f"代码不同：登记为“{record.code}”"))
    written = () if name in (record.name, *record.former) else ("写法不同（空格、括号、全半角）",)
    return Answer(record.key, CERTAIN, (word, *written))


def _differ(code: str, own: str) -> bool:
    """Whether two codes speak of two enterprises: codes of one kind that are right and differ."""
    return len(code) == len(own) and not (len(code) == 18 and uscc_check(code) is not None)


def _one_of(places: Iterable[int], name: str, word: str, register: Register) -> Answer:
    """The likeliest of several records that fit alike, for a person to decide."""
    one = parsed(name)
    best = max(
        sorted(set(places)), key=lambda at: likeness_of(one, parsed(register.records[at].name))
    )
    return Answer(register.records[best].key, DOUBTFUL, (word,))


# ---- names that are alike ----------------------------------------------------------------------


def likeness_of(one: Name, other: Name) -> float:
    """How alike two names are, from 0 to 1; 1 for the same name written otherwise."""
    if one.exact == other.exact:
        return 1.0
    return float(_likeness([one], [other])[0])


def _likeness(ones: Sequence[Name], others: Sequence[Name]) -> list[float]:
    """The likeness of pairs: of what is left without division and form, above all."""
    cores = [looked(n.core) for n in ones], [looked(n.core) for n in others]
    whole = process.cpdist([n.exact for n in ones], [n.exact for n in others],
                           scorer=OSA.normalized_similarity)  # fmt: skip
    edited = process.cpdist(*cores, scorer=OSA.normalized_similarity)
    begun = process.cpdist(*cores, scorer=JaroWinkler.normalized_similarity)
    common = process.cpdist(*cores, scorer=LCSseq.similarity)
    sounds = process.cpdist([sounded(n.core) for n in ones], [sounded(n.core) for n in others],
                            scorer=Levenshtein.normalized_similarity)  # fmt: skip
    found = []
    for at, (one, other) in enumerate(zip(ones, others, strict=True)):
        shorter = min(len(one.core), len(other.core))
        within = 0.9 * float(common[at]) / shorter if shorter >= 2 else 0.0
        alike = 0.5 * float(edited[at]) + 0.25 * float(begun[at]) + 0.25 * float(sounds[at])
        found.append(max(alike, within, float(whole[at]) * 0.95))
    return found


def _alike(names: Sequence[Name], records: Sequence[Record]) -> list[Answer]:
    """The likeliest record for each name, through every name that a record has or had."""
    if not names:
        return []
    known, owner = [], []
    for place, record in enumerate(records):
        for text in dict.fromkeys((record.name, *record.former)):
            known.append(parsed(text))
            owner.append(place)
    best: list[tuple[float, float, int] | None] = [None] * len(names)
    for asked, found, shared in Index(known).candidates(names):
        likeness = _likeness([names[a] for a in asked], [known[f] for f in found])
        for name, other, how, weight in zip(
            asked.tolist(), found.tolist(), likeness, shared.tolist(), strict=True
        ):
            near = _place(names[name], known[other])
            standing = ((1 - RARE) * how + RARE * weight + near, how, -other)
            best[name] = max(best[name] or standing, standing)
    return _answers(names, best, known, [records[at] for at in owner])


def _place(one: Name, other: Name) -> float:
    """What the divisions of two names add to the standing: the same place, another, or unsaid."""
    if not one.division or not other.division:
        return 0.0
    return SAME_PLACE if one.division[:2] == other.division[:2] else -SAME_PLACE


def _answers(
    names: Sequence[Name],
    best: Sequence[tuple[float, float, int] | None],
    known: Sequence[Name],
    owners: Sequence[Record],
) -> list[Answer]:
    made = []
    for name, standing in zip(names, best, strict=True):
        if standing is None or standing[0] < ALIKE:
            made.append(_nothing())
            continue
        place = -standing[2]
        made.append(Answer(owners[place].key, DOUBTFUL, _reasons(name, known[place])))
    return made


def _reasons(one: Name, other: Name) -> tuple[str, ...]:
    """Why two names are taken to be one enterprise's, and what speaks against it."""
    reasons = [f"名称相近：登记为“{other.text}”"]
    if one.core == other.core:
        reasons.append("字号和行业相同")
    elif looked(one.core) == looked(other.core):
        reasons.append("有形近字")
    elif sounded(one.core) == sounded(other.core):
        reasons.append("读音相同")
    reasons += _differences(one.exact, other.exact)
    if one.branch != other.branch:
        reasons.append("一方是分支机构")
    return tuple(reasons)


def _differences(written: str, kept: str) -> list[str]:
    """What stands in one name where another stands in the other; nothing of much that differs."""
    found = []
    for step in Levenshtein.opcodes(written, kept):
        mine, theirs = written[step.src_start : step.src_end], kept[step.dest_start : step.dest_end]
        if step.tag == "replace":
            found.append(f"“{mine}”登记为“{theirs}”")
        elif step.tag == "delete":
            found.append(f"多“{mine}”")
        elif step.tag == "insert":
            found.append(f"少“{theirs}”")
    return found if len(found) <= DIFFERENCES else []
