"""How many pages a document fills, counted on the grid of 22 lines by 28 characters.

The count decides whether the imprint needs a page of its own: it stands on an even page, and no
program is asked to lay the text out. Line breaks before punctuation are not modelled, so that a
text which ends within a line or two of a page's foot may be counted one page off.
"""

from decimal import Decimal
from math import ceil

from wuhao.documents.layout.content import OfficialDocument, paragraph_text
from wuhao.documents.layout.geometry import CHARS, LINES, MARK_DROP, PITCH
from wuhao.documents.layout.words import title_lines, width_of

INDENT = Decimal(2)


def lines_of(text: str, indent: Decimal = INDENT) -> int:
    """Lines that a paragraph fills."""
    return max(1, ceil((width_of(text) + indent) / CHARS))


def page_count(document: OfficialDocument, imprint_lines: int = 0) -> int:
    """Pages that text and sign-off fill, with so many lines of imprint below."""
    head = ceil(MARK_DROP / PITCH) + 2  # the drop and the mark itself
    head += 2 + 1 + 2 + len(title_lines(document.title)) + 1 + 1
    body = sum(lines_of(paragraph_text(paragraph)) for paragraph in document.body)
    tail = len(document.contacts) + (1 if document.contacts else 0)
    tail += len(document.attachments) + (1 if document.attachments else 0)
    return ceil((head + body + tail + 1 + 2 + imprint_lines) / LINES)
