"""A file that leaves the program: whole or not at all, and in plain words where it cannot be written."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from common.kit.errors import EpoError

NO_FOLDER = "Папки «{folder}» нет или она закрыта для записи; выберите другую"
LOCKED = (
    "Файл «{name}» сейчас открыт в другой программе или закрыт для записи: "
    "закройте его и повторите или выберите другое имя"
)
FULL = "На диске нет места для файла «{name}»: освободите место или выберите другой диск"
FAILED = "Файл «{name}» не записан: {why}. Выберите другое место"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


FORBIDDEN = '\\/:*?"<>|'


def plain_name(text: str) -> str:
    """The same name without the signs that a disk refuses."""
    return " ".join("".join(" " if c in FORBIDDEN or ord(c) < 32 else c for c in text).split())


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """`write` makes the file beside, under another name; only when it is whole does it take its place.

    EpoError says why it cannot be; whatever stood there before stays then.
    """
    beside: Path | None = None
    try:
        beside = _beside(path)
        write(beside)
        _settle(beside, path)
    except OSError as fault:
        raise EpoError(_words(path, fault, made=beside is not None)) from fault
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=".~", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    return Path(name)


def _settle(beside: Path, path: Path) -> None:
    """On the disk before it has its name, readable as other new files are."""
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "closed for writing")
    mask = os.umask(0)
    os.umask(mask)
    beside.chmod(0o666 & ~mask)
    beside.replace(path)


def _words(path: Path, fault: OSError, *, made: bool) -> str:
    if fault.errno in NO_ROOM:
        return FULL.format(name=path.name)
    if not made:
        return NO_FOLDER.format(folder=path.parent)
    if isinstance(fault, PermissionError):
        return LOCKED.format(name=path.name)
    return FAILED.format(name=path.name, why=fault.strerror or "отказ системы")
