"""What a file is, by its first bytes; names that do harm are made plain."""

from __future__ import annotations

import pytest

from common.kit.contents import (
    MAX_FILE,
    FileKind,
    digest_of,
    kind_of,
    megabytes,
    refuse_content,
    refuse_digest,
    shown_name,
)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileKind.PNG),
        (b"II*\0\x08\0\0\0", FileKind.TIFF),
        (b"MM\0*\0\0\0\x08", FileKind.TIFF),
        (b"MZ\x90\0", None),
        (b"<svg onload='x'>", None),
        (b"<html>%PDF-1.7", None),
        (b"PK\x03\x04", None),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, kind: FileKind | None) -> None:
    assert kind_of(head) is kind


def test_a_refusal_names_the_file_and_the_way_out() -> None:
    assert refuse_content("скан.pdf", b"%PDF-1.4", 10) is None
    assert refuse_content("скан.pdf", b"%PDF-1.4", MAX_FILE) is None
    assert refuse_content("скан.pdf", b"", 0) == "«скан.pdf»: файл пуст; выберите другой"
    assert refuse_content("скан.pdf", b"MZ\x90\0", 10) == (
        "«скан.pdf»: внутри не PDF, JPEG, PNG или TIFF; сохраните скан в одном из этих видов"
    )
    assert refuse_content("скан.pdf", b"%PDF-1.4", 31_400_000) == (
        "«скан.pdf»: 31,4 МБ, а принимают до 25 МБ; отсканируйте с меньшим разрешением или по частям"
    )


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("паспорт.PDF", FileKind.PDF, "паспорт.pdf"),
        ("../../etc/passwd", FileKind.PDF, "passwd.pdf"),
        ("C:\\Windows\\cmd.exe", FileKind.JPEG, "cmd.jpg"),
        ("пас\u202efdp.exe", FileKind.PNG, "пасfdp.png"),
        ("аттестат от 12.03.2026", FileKind.PDF, "аттестат от 12.03.2026.pdf"),
        ("фото.jpeg", FileKind.JPEG, "фото.jpeg"),
        ("фото.jpg", FileKind.PNG, "фото.png"),
        ("\0\0", FileKind.TIFF, "скан.tif"),
        ("..", FileKind.PDF, "скан.pdf"),
        ('<img src="x">?*|', FileKind.PDF, "img src=x.pdf"),
        ("  а \t\n б  .pdf", FileKind.PDF, "а б.pdf"),
        ("я" * 300, FileKind.JPEG, "я" * 120 + ".jpg"),
    ],
)
def test_a_shown_name_does_no_harm(name: str, kind: FileKind, shown: str) -> None:
    assert shown_name(name, kind) == shown


def test_a_digest_is_64_small_hexadecimal_digits() -> None:
    assert refuse_digest(digest_of(b"")) is None
    for wrong in ("", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n"):
        assert refuse_digest(wrong) == "это не отпечаток файла"


def test_sizes_are_told_as_people_tell_them() -> None:
    assert [megabytes(n) for n in (1, 309_900, 2_400_000, 25_000_000)] == [
        "1 КБ", "310 КБ", "2,4 МБ", "25 МБ",
    ]  # fmt: skip
