"""An official document as plain data, and back: how a version is kept."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from wuhao.documents.layout.content import Imprint, OfficialDocument, Paragraph, Run, Slot


def stored(document: OfficialDocument) -> dict[str, Any]:
    """The document as JSON keeps it; numbers and days as text, so that nothing is rounded."""
    plain: dict[str, Any] = _plain(asdict(document))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal | date) else value


def restored(kept: dict[str, Any]) -> OfficialDocument:
    """The document that `stored` kept. Raises KeyError or ValueError for anything else."""
    imprint = kept["imprint"]
    rest = {key: kept[key] for key in ("agency", "number", "addressee", "signed_by")}
    return OfficialDocument(
        **rest,
        title=tuple(kept["title"]),
        body=tuple(_paragraph(entry) for entry in kept["body"]),
        signed_on=date.fromisoformat(kept["signed_on"]),
        contacts=tuple(kept["contacts"]),
        attachments=tuple(kept["attachments"]),
        imprint=None if imprint is None else _imprint(imprint),
        class_mark=kept["class_mark"],
        label=kept["label"],
    )


def _paragraph(kept: dict[str, Any]) -> Paragraph:
    return Paragraph(tuple(_run(run) for run in kept["runs"]), kept["lead"], kept["level"])


def _run(kept: Any) -> Run:
    if isinstance(kept, str):
        return kept
    numbers = {
        key: None if kept[key] is None else Decimal(kept[key])
        for key in ("value", "numerator", "denominator")
    }
    day = None if kept["cut_off"] is None else date.fromisoformat(kept["cut_off"])
    return Slot(**{**kept, **numbers, "cut_off": day})


def _imprint(kept: dict[str, Any]) -> Imprint:
    day = date.fromisoformat(kept["printed_on"])
    return Imprint(tuple(kept["copies_to"]), kept["printer"], day)
