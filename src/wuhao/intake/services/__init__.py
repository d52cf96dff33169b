"""Writes of intake, one file a noun; what the rooms above call of batches stands here."""

from wuhao.intake.catalogue import template
from wuhao.intake.services.batches import (
    EFFECT,
    Handed,
    Received,
    accept,
    receive,
    receive_path,
    send_back,
    submit,
    withdraw,
)
from wuhao.intake.services.collections import (
    Terms,
    close_collection,
    open_collection,
    propose_collection,
    proposed_of,
    set_columns,
    urge,
)
from wuhao.intake.services.correcting import (
    annotated,
    correct_reading,
    edit_cell,
    edit_cells,
    recheck,
)
from wuhao.intake.services.forms import (
    IN_PAGE,
    SPARE,
    fill_in,
    form_of,
    merged_workbook,
    page_rows,
    too_long,
)
from wuhao.intake.services.work import FEW_ROWS, SMALL_BYTES, accept_later, receive_later
from wuhao.intake.transitions import ACCEPT, CLOSE, OPEN, RETURN, SUBMIT, WITHDRAW

__all__ = [
    "ACCEPT",
    "CLOSE",
    "EFFECT",
    "FEW_ROWS",
    "IN_PAGE",
    "OPEN",
    "RETURN",
    "SMALL_BYTES",
    "SPARE",
    "SUBMIT",
    "WITHDRAW",
    "Handed",
    "Received",
    "Terms",
    "accept",
    "accept_later",
    "annotated",
    "close_collection",
    "correct_reading",
    "edit_cell",
    "edit_cells",
    "fill_in",
    "form_of",
    "merged_workbook",
    "open_collection",
    "page_rows",
    "propose_collection",
    "proposed_of",
    "receive",
    "receive_later",
    "receive_path",
    "recheck",
    "send_back",
    "set_columns",
    "submit",
    "template",
    "too_long",
    "urge",
    "withdraw",
]
