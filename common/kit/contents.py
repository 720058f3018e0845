"""What may be in a file that is attached to a record: judged by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from common.kit.kinds import Choice

MAX_FILE = 25_000_000
PIECE = 256 * 1024
"""A file travels in pieces of at most this many bytes."""
HEAD = 16
"""As many first bytes tell what a file is."""
LONGEST_NAME = 120


class FileKind(Choice):
    PDF = "pdf", "Документ PDF"
    JPEG = "jpeg", "Снимок JPEG"
    PNG = "png", "Снимок PNG"
    TIFF = "tiff", "Снимок TIFF"


BEGINNINGS = (
    (b"%PDF-", FileKind.PDF),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
)

SUFFIXES = {
    FileKind.PDF: (".pdf",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.PNG: (".png",),
    FileKind.TIFF: (".tif", ".tiff"),
}
"""The first is given where the name has none of them."""

ANY_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
UNSAFE = re.compile(r'[<>:"|?*]')
DIGEST = re.compile(r"[0-9a-f]{64}")


def kind_of(head: bytes) -> FileKind | None:
    """What these first bytes begin; None where it is nothing that is taken."""
    return next((kind for start, kind in BEGINNINGS if head.startswith(start)), None)


def digest_of(content: bytes) -> str:
    """The name under which a content is known everywhere."""
    return hashlib.sha256(content).hexdigest()


def refuse_digest(digest: str) -> str | None:
    return None if DIGEST.fullmatch(digest) else "это не отпечаток файла"


def refuse_content(name: str, head: bytes, size: int) -> str | None:
    """Say why a file of this name, beginning and size is not taken."""
    if size == 0:
        return f"«{name}»: файл пуст; выберите другой"
    if size > MAX_FILE:
        return (
            f"«{name}»: {megabytes(size)}, а принимают до {megabytes(MAX_FILE)}; "
            "отсканируйте с меньшим разрешением или по частям"
        )
    if kind_of(head) is None:
        return f"«{name}»: внутри не PDF, JPEG, PNG или TIFF; сохраните скан в одном из этих видов"
    return None


def megabytes(size: int) -> str:
    """«2,4 МБ», «310 КБ»: as people speak of files."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} КБ"
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + " МБ"


def shown_name(name: str, kind: FileKind) -> str:
    """A name that is safe to show and to save under: no folders, no unseen signs, the suffix of what is inside."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = " ".join(UNSAFE.sub("", seen).split()).strip(". ")
    suffix = next((s for s in SUFFIXES[kind] if plain.casefold().endswith(s)), None)
    if suffix is not None:
        stem = plain[: -len(suffix)]
    else:
        stem, suffix = ANY_SUFFIX.sub("", plain), SUFFIXES[kind][0]
    return (stem.strip(". ")[:LONGEST_NAME] or "скан") + suffix
