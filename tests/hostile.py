"""Values that somebody will type, paste or send one day; every screen, list and paper meets them in its tests.

`TEXTS` for whatever takes a text, `NAMES` for files, `NUMBERS` for whatever takes a number, `VALUES` for a
field that is sent over the wire. The fixture `hostile_text` runs a test once with each text.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

QUOTES = {
    "apostrophe": "О'Коннор",
    "sql": "Иванов'; DROP TABLE person; --",
    "sql_comment": 'Иванов"/*',
    "like": "100%_\\",
}
MARKUP = {
    "bold": "<b>А</b>",
    "unbalanced": "<para><i>А & Б < В",
    "picture": "<img src='/etc/passwd'/>",
    "link": "<a href='javascript:alert(1)'>А</a>",
    "script": "<script>alert(1)</script>",
    "entity": "А&Б &amp; &#60;",
    "template": "{{7*7}} ${7*7} {% raw %} %(name)s {0}",
}
FORMULAS = {
    "formula": "=1+1",
    "dde": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "tab": "\t=1+1",
}
SIGNS = {
    "nul": "А\0Б",
    "bell": "А\x07Б",
    "escape": "А\x1b[31mБ",
    "lines": 'А\n{"level":"info"}\r\nБ',
    "bidi": "А\u202eтевирп\u202c",
    "isolate": "\u2066А\u2069",
    "no_width": "А\u200b\u200d\ufeffБ",
    "decomposed": "и\u0306е\u0308",
    "look_alikes": "Ивaнoв аdmin",
    "emoji": "👩‍👩‍👧 🇷🇺",
    "not_a_letter": "\ufffe\uffff",
    "long": "Щ" * 255,
    "very_long": "Щ" * 1_000_000,
    "many_marks": "З" + "\u0335" * 500,
    "repeating": "1" * 50_000 + "x",
    "blank": " \u00a0\u2003 ",
}
TEXTS: dict[str, str] = QUOTES | MARKUP | FORMULAS | SIGNS

NAMES = {
    "up": "../../../etc/passwd",
    "absolute": "/etc/passwd",
    "drive": "C:\\Windows\\win.ini",
    "share": "\\\\host\\share\\x.pdf",
    "device": "CON",
    "stream": "a.pdf:x",
    "nul": "a.pdf\0.exe",
    "long": "д" * 300 + ".pdf",
    "dots": "..",
    "line": "a\nb.pdf",
}
NUMBERS = (0, -1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30)
VALUES: tuple[Any, ...] = (
    *(text for name, text in TEXTS.items() if name not in ("very_long", "repeating")),
    *NAMES.values(),
    *(n for n in NUMBERS if -(2**63) <= n < 2**64),
    1.5,
    float("inf"),
    float("nan"),
    None,
    True,
    b"\0\xff",
    [],
    {},
    [[[[[]]]]],
    {"": {"": ""}},
    "2026-02-30",
    "0000-00-00",
    "9999-12-31T23:59:59.999999Z",
    "00000000000000000000000000000000",
    "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
)


def zip_bomb(megabytes: int = 200) -> bytes:
    """A workbook that unpacks to so many megabytes of nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (megabytes << 20))
    return made.getvalue()


def billion_laughs() -> bytes:
    """A workbook whose text grows tenfold with each of nine entities."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ха">{entities}]><x>&a9;</x>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            packed.writestr(name, text)
    return made.getvalue()
