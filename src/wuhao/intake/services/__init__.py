"""Writes of intake, one file a noun; what the rooms above call of batches stands here."""

from wuhao.intake.services.batches import (
    EFFECT,
    Handed,
    Received,
    accept,
    receive,
    receive_path,
    send_back,
    submit,
    template,
    withdraw,
)
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
    "receive",
    "receive_path",
    "send_back",
    "submit",
    "template",
    "withdraw",
]
