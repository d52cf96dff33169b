"""What an official document says, apart from how it looks."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

DIGEST_LENGTH = 16


@dataclass(frozen=True)
class Slot:
    """A figure's place in a text with the value frozen there.

    `text` is the number as printed and `suffix` the words behind it (its unit); only the number
    stands in the content control, because some programs double a control that mixes scripts.
    `value`, `numerator` and `denominator` are exact; `lineage` is the digest of the records behind.
    """

    code: str
    label: str
    text: str
    suffix: str = ""
    unit: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    basis: str = ""
    cut_off: date | None = None
    lineage: str = ""
    digits: int | None = None

    @property
    def digest(self) -> str:
        """The digest of everything frozen here; it stands in the content control's tag."""
        said = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def printed(self) -> str:
        """The number with the words behind it."""
        return self.text + self.suffix

    @property
    def tag(self) -> str:
        """The content control's tag: figure code and digest."""
        return f"{self.code}@{self.digest}"


Run = str | Slot


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body. Level 0 is plain; 1 to 4 are 一、（一）1. （1）.

    `lead` is the heading's own sentence, set in the level's face; `runs` follow it on the line.
    """

    runs: tuple[Run, ...] = ()
    lead: str = ""
    level: int = 0


@dataclass(frozen=True)
class Imprint:
    """The imprint (版记): who gets copies, who printed it and when."""

    copies_to: tuple[str, ...]
    printer: str
    printed_on: date


@dataclass(frozen=True)
class OfficialDocument:
    """A document (公文) of the form 文件.

    `title` is a tuple of words: lines break between words and never inside one.
    `label` marks a demo (演示数据) on every page.
    """

    agency: str
    number: str
    title: tuple[str, ...]
    addressee: str
    body: tuple[Paragraph, ...]
    signed_by: str
    signed_on: date
    contacts: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    imprint: Imprint | None = None
    class_mark: str = ""
    label: str = ""

    def slots(self) -> Iterator[Slot]:
        """Every figure in reading order."""
        for paragraph in self.body:
            yield from (run for run in paragraph.runs if isinstance(run, Slot))

    def text(self) -> str:
        """The document as plain lines, in reading order."""
        body = [paragraph_text(paragraph) for paragraph in self.body]
        head = [self.label, self.class_mark, self.agency + "文件", self.number]
        tail = [*self.attachments, *self.contacts, self.signed_by, str(self.signed_on)]
        return "\n".join([*head, "".join(self.title), self.addressee, *body, *tail])

    def digest(self) -> str:
        """The digest of what an approval is given for: all text and frozen figures.

        The number is left out: it is given after the approval.
        """
        said = replace(self, number="").text() + "\n" + "\n".join(s.tag for s in self.slots())
        return hashlib.sha256(said.encode()).hexdigest()


def paragraph_text(paragraph: Paragraph) -> str:
    """A paragraph's plain text."""
    runs = (run.printed if isinstance(run, Slot) else run for run in paragraph.runs)
    return paragraph.lead + "".join(runs)
