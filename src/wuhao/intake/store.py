"""Files as received, kept by their digest; rows of a batch as Parquet."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from wuhao.engine.digest import table_digest


def keep(content: bytes) -> str:
    """Keep a file's bytes under their digest, once; returns the digest."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
    return digest


def path_of(digest: str) -> Path:
    """Where a file lies, by its digest."""
    return Path(settings.WUHAO_VAR) / "files" / digest[:2] / digest


def keep_rows(batch_no: str, rows: pa.Table) -> str:
    """Keep a batch's rows; returns the digest of their content."""
    path = rows_path(batch_no)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    pq.write_table(rows, part)
    part.replace(path)
    return table_digest(_without_dates(rows))


def _without_dates(rows: pa.Table) -> pa.Table:
    """Dates as text: a digest is taken over whole numbers and texts alone."""
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_date(field.type) else field.type)
        for field in rows.schema
    ]
    return rows.cast(pa.schema(fields))


def rows_of(batch_no: str) -> pa.Table:
    """The rows of a batch as they were checked."""
    return pq.read_table(rows_path(batch_no))


def rows_path(batch_no: str) -> Path:
    """Where the rows of a batch lie in the lake."""
    return Path(settings.WUHAO_VAR) / "lake" / "batches" / batch_no / "rows.parquet"
