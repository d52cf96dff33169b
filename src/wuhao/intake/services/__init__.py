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
from wuhao.intake.services.correcting import annotated, correct_reading, edit_cell, recheck
from wuhao.intake.transitions import ACCEPT, RETURN, SUBMIT, WITHDRAW

__all__ = [
    "ACCEPT",
    "EFFECT",
    "RETURN",
    "SUBMIT",
    "WITHDRAW",
    "Handed",
    "Received",
    "accept",
    "annotated",
    "correct_reading",
    "edit_cell",
    "receive",
    "receive_path",
    "recheck",
    "send_back",
    "submit",
    "template",
    "withdraw",
]
