"""Files as received, kept by their digest; rows of a batch as Parquet."""

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from wuhao.engine.digest import table_digest


def digest_of(content: bytes) -> str:
    """The digest under which a file is kept."""
    return hashlib.sha256(content).hexdigest()


def keep(content: bytes) -> str:
    """Keep a file's bytes under their digest, once; returns the digest."""
    digest = digest_of(content)
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = _part(path)
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
    part = _part(path)
    pq.write_table(rows, part, compression="zstd")
    part.replace(path)
    return rows_digest(rows)


def rows_digest(rows: pa.Table) -> str:
    """The digest of a batch's rows; dates count as text."""
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_date(field.type) else field.type)
        for field in rows.schema
    ]
    return table_digest(rows.cast(pa.schema(fields)))


def rows_of(batch_no: str, columns: list[str] | None = None) -> pa.Table:
    """The rows of a batch as they were checked, all columns or some."""
    return pq.read_table(rows_path(batch_no), columns=columns)


def rows_path(batch_no: str) -> Path:
    """Where the rows of a batch lie in the lake."""
    return Path(settings.WUHAO_VAR) / "lake" / "batches" / batch_no / "rows.parquet"


def _part(path: Path) -> Path:
    """A name of this process's own to write to before the file takes its place."""
    return path.with_suffix(f".{os.getpid()}.part")
