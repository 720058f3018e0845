"""Files with the secret half of an age key: made once, kept elsewhere than on the server, read when something must be opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyrage

from common.kit.errors import EpoError


def new_key(path: Path) -> str:
    """Write a fresh key where only its owner reads it; returns its recipient, which is no secret."""
    identity = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise EpoError(f"Файл {path.name} уже есть: ключ не перезаписывают") from None
    recipient = str(identity.to_public())
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {recipient}\n{identity}\n")
    return recipient


def identity_of(path: Path) -> Any:
    """The key of a file; EpoError where there is none."""
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        raise EpoError(f"Ключ {path.name} не читается") from None
    found = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if not found:
        raise EpoError(f"В файле {path.name} нет ключа")
    return pyrage.x25519.Identity.from_str(found[0])
