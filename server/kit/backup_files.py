"""The shelves of files inside a backup: whole contents only, each proved by its own name."""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from server.kit.files import PARTS
from server.kit.outside import FILES

PIECE = 1 << 20
NAME = re.compile(rf"{FILES}/[0-9a-f]{{32}}/[0-9a-f]{{2}}/([0-9a-f]{{64}})")
"""What a content is called in the tar, and where it lies beside the database."""


def pack(tar: tarfile.TarFile, data_dir: Path) -> int:
    """Add every content; how many. One that leaves the shelf meanwhile is not in the copy."""
    count = 0
    for path in _contents(data_dir):
        try:
            tar.add(path, path.relative_to(data_dir).as_posix(), recursive=False)
        except FileNotFoundError:
            continue
        count += 1
    return count


def _contents(data_dir: Path) -> Iterator[Path]:
    for path in sorted((data_dir / FILES).rglob("*")):
        if path.is_file() and path.parent.name != PARTS:
            yield path


def is_content(name: str) -> bool:
    return NAME.fullmatch(name) is not None


def unpack(source: IO[bytes], name: str, place: Path) -> None:
    """TarError where the content is not what its name says."""
    target = place / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        while piece := source.read(PIECE):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != target.name:
        raise tarfile.TarError(name)


def bring(place: Path, data_dir: Path) -> None:
    """Put the unpacked contents beside the restored database; those that are there stay."""
    for path in _contents(place):
        target = data_dir / path.relative_to(place)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def count(place: Path) -> int:
    return sum(1 for _ in _contents(place))
