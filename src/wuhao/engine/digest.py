"""Digests over canonical columns (names, types, values in key order), never over file bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def content_digest(content: Any) -> str:
    """Return the sha256 of plain content (dicts, lists, texts), keys sorted."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def scheme_digest(content: Any) -> str:
    """Return the digest of a scheme's content; the order of its groups counts, a subject being
    in the first that takes it. Groups in the order of their codes are taken as any mapping."""
    groups = content.get("groups") if isinstance(content, dict) else None
    if isinstance(groups, dict) and list(groups) != sorted(groups):
        content = {**content, "groups": [[code, rule] for code, rule in groups.items()]}
    return content_digest(content)


def table_digest(table: pa.Table) -> str:
    """Return the sha256 of a table whose rows are in key order.

    Columns are taken in the order of their names; integers of any width count as the same type,
    so do texts however they are stored. Raises TypeError for floats and other types.
    """
    total = hashlib.sha256(f"rows {table.num_rows}\n".encode())
    for name in sorted(table.column_names):
        kind, parts = _column(table.column(name))
        total.update(f"{name} {kind}\n".encode())
        for part in parts:
            total.update(part)
    return total.hexdigest()


def _column(column: pa.ChunkedArray) -> tuple[str, list[bytes]]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    mask = pc.is_valid(column).combine_chunks().to_numpy(zero_copy_only=False)
    valid = np.packbits(mask).tobytes()
    if pa.types.is_integer(column.type):
        return "int", [valid, _numbers(pc.fill_null(column.cast(pa.int64()), 0))]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        text = pc.fill_null(column.cast(pa.large_string()), "")
        return "text", [valid, _numbers(pc.binary_length(text)), *map(_bytes, text.chunks)]
    raise TypeError(f"a digest is taken over integers and texts, not {column.type}")


def _numbers(column: pa.ChunkedArray) -> bytes:
    array = column.combine_chunks().to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(array, dtype="<i8").tobytes()


def _bytes(chunk: pa.Array) -> bytes:
    """Return the texts of a chunk end to end, in UTF-8."""
    _, offsets, content = chunk.buffers()
    if content is None or not len(chunk):
        return b""
    places = np.frombuffer(offsets, dtype="<i8")
    first, last = places[chunk.offset], places[chunk.offset + len(chunk)]
    return bytes(content[int(first) : int(last)])
