"""Write a file that a command was asked for, or say in words why it cannot be."""

from __future__ import annotations

from pathlib import Path

from wuhao.config.cli import Refusal


def write(path: Path, content: bytes) -> None:
    """Write the whole file. Raises Refusal where its folder is absent or may not be written."""
    try:
        path.write_bytes(content)
    except FileNotFoundError as error:
        raise Refusal(f"写不了文件“{path.name}”：没有“{path.parent}”这个目录。") from error
    except OSError as error:
        raise Refusal(f"写不了文件“{path.name}”：{error.strerror}。") from error
