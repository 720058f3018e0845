"""A template in a Word file: what may be in the file, where its tags stand, and what is wrong with each."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from docx import Document
from docx.exceptions import PythonDocxError
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import XmlPart
from docx.oxml.ns import qn

from common.kit.contents import megabytes
from common.kit.errors import Invalid
from common.papers.nodes import Forest, Used
from common.papers.template_words import LOOSE, TAG, Language

LARGEST = 10_000_000
UNPACKED = 60_000_000
MOST_ENTRIES = 2000
TEXT_PARTS = re.compile(r"/word/(document|header\d*|footer\d*)\.xml")
NOTES = re.compile(r"/word/(foot|end)notes\.xml")
MACROS = re.compile(r"vbaProject|activeX", re.IGNORECASE)
LONGEST_SHOWN = 60
BROKEN = (PythonDocxError, ValueError, LookupError, OSError, zipfile.BadZipFile, SyntaxError)
"""What the library says to a document that is none; a fault of its XML is one of syntax."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, in Russian: in which paragraph, with which tag."""

    place: str
    tag: str
    said: str

    def __str__(self) -> str:
        return f"{self.place}, {self.tag}: {self.said}"


@dataclass(frozen=True, slots=True)
class Checked:
    faults: tuple[Fault, ...]
    used: dict[str, Used]
    cased: bool
    tags: frozenset[str]
    """What stands within the engine's brackets, each without the manner of its place."""
    content: bytes
    """The same document with its tags in the words of the engine."""


def refuse_file(content: bytes) -> str | None:
    """Why this is no template: too large, not Word's, with macros, or reaching out for other files."""
    if len(content) > LARGEST:
        return f"Шаблон больше {megabytes(LARGEST)}: уменьшите картинки в нём"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > UNPACKED:
                return "Шаблон внутри слишком велик: соберите его в новом документе Word"
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names:
                return "Это не документ Word (.docx): сохраните его в Word как «Документ Word»"
            if any(MACROS.search(name) for name in names):
                return "В шаблоне есть макросы или вложенные программы: сохраните его без них, как .docx"
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError):
        return "Файл повреждён или это не .docx: откройте его в Word и сохраните снова"
    return None


HELD = {RT.A_F_CHUNK, RT.CONTROL, RT.OLE_OBJECT, RT.PACKAGE}
"""What Word itself would open or run."""
FETCHES = re.compile(r"\b(?:INCLUDE\w*|DDE\w*|LINK|IMPORT)\b", re.IGNORECASE)
OUTSIDE = "Шаблон берёт картинку, образец или данные из другого места: вставьте их в сам документ"
INSIDE = "В шаблоне есть вложенный файл или программа: уберите их, оставьте текст и картинки"


def _refuse_parts(document: Any) -> str | None:
    """A link to a page in the text is harmless; all else that is outside or packed within is opened by Word itself."""
    package = document.part.package
    for holder in (package, *package.iter_parts()):
        for relation in holder.rels.values():
            if relation.is_external and relation.reltype != RT.HYPERLINK:
                return OUTSIDE
            if relation.reltype in HELD or "vbaProject" in relation.reltype:
                return INSIDE
    for part in package.iter_parts():
        if isinstance(part, XmlPart):
            for paragraph in part.element.iter(qn("w:p")):
                code = "".join(t.text or "" for t in paragraph.iter(qn("w:instrText")))
                code += "".join(f.get(qn("w:instr"), "") for f in paragraph.iter(qn("w:fldSimple")))
                if FETCHES.search(code):
                    return OUTSIDE
    return None


def check(content: bytes, forest: Forest) -> Checked:
    """Read every tag of a template against the names it may use; Invalid where the file itself is refused."""
    if why := refuse_file(content):
        raise Invalid(why)
    try:
        document = Document(io.BytesIO(content))
    except BROKEN as fault:
        raise Invalid("Документ не открывается: откройте его в Word и сохраните снова") from fault
    if why := _refuse_parts(document):
        raise Invalid(why)
    language = Language(forest)
    faults = [fault for p in _paragraphs(document) for fault in _told(p, language)]
    faults += _in_notes(document)
    faults += [
        Fault(frame.place, frame.tag, "нет конца: поставьте после него {% конец %}")
        for frame in language.frames
    ]
    made = io.BytesIO()
    document.save(made)
    return Checked(
        tuple(faults), language.used(), language.cased, frozenset(language.said), made.getvalue()
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A paragraph and where it stands, as a person counts."""

    element: Any
    place: str

    @property
    def texts(self) -> list[Any]:
        """Its own pieces of text; a box within it is a paragraph by itself."""
        own = self.element.iter(qn("w:t"))
        return [t for t in own if next(t.iterancestors(qn("w:p"))) is self.element]

    def stands(self, tag: str) -> tuple[str, object]:
        """How a tag stands here, and what its other end must share with it."""
        row = next(self.element.iterancestors(qn("w:tr")), None)
        if row is not None and _holds_only(row, tag):
            return "строка", row.getparent()
        if _holds_only(self.element, tag):
            return "абзац", self.element.getparent()
        return "", self.element


CARRIED = tuple(qn(f"w:{name}") for name in ("sectPr", "drawing", "pict", "object", "br", "tbl"))
"""What would be lost with a paragraph or a row that goes."""


def _holds_only(element: Any, tag: str) -> bool:
    text = "".join(t.text or "" for t in element.iter(qn("w:t"))).strip()
    return text == tag and next(element.iter(*CARRIED), None) is None


def _paragraphs(document: Any) -> Iterator[Standing]:
    for part in document.part.package.iter_parts():
        found = TEXT_PARTS.fullmatch(str(part.partname))
        if found is None or not isinstance(part, XmlPart):
            continue
        where = _part_name(found[1])
        numbers = itertools.count(1)
        tables: dict[Any, int] = {}
        for element in part.element.iter(qn("w:p")):
            yield Standing(element, where + _place(element, numbers, tables))


def _in_notes(document: Any) -> Iterator[Fault]:
    for part in document.part.package.iter_parts():
        if NOTES.fullmatch(str(part.partname)) and LOOSE.search(
            part.blob.decode("utf-8", "replace")
        ):
            yield Fault(
                "сноска", "{{ … }}", "в сносках поля не заполняются: перенесите метку в текст"
            )


def _part_name(stem: str) -> str:
    if stem.startswith("header"):
        return "верхний колонтитул, "
    return "нижний колонтитул, " if stem.startswith("footer") else ""


def _place(element: Any, numbers: Iterator[int], tables: dict[Any, int]) -> str:
    """As a person counts: paragraphs outside tables, and within one its row and column."""
    cell = next(element.iterancestors(qn("w:tc")), None)
    if cell is None:
        return f"абзац {next(numbers)}"
    row, table = next(cell.iterancestors(qn("w:tr"))), next(cell.iterancestors(qn("w:tbl")))
    number = tables.setdefault(table, len(tables) + 1)
    line, column = _number(row, table), _number(cell, row)
    return f"таблица {number}, строка {line}, столбец {column}"


def _number(element: Any, of: Any) -> int:
    """Its place among its like in there; those of a table within do not count."""
    alike = [e for e in of.iter(element.tag) if next(e.iterancestors(of.tag)) is of]
    return alike.index(element) + 1


def _told(paragraph: Standing, language: Language) -> Iterator[Fault]:
    """Put each tag into the engine's words, all of it into the piece where it begins."""
    texts = paragraph.texts
    whole = "".join(t.text or "" for t in texts)
    if not LOOSE.search(whole):
        return
    pieces: list[tuple[int, int, str]] = []
    for match in TAG.finditer(whole):
        manner, where = paragraph.stands(match[0]) if match[0].startswith("{%") else ("", None)
        try:
            said = language.told(match[0], paragraph.place, manner, where)
        except Invalid as fault:
            yield Fault(paragraph.place, _short(match[0]), fault.message)
            continue
        pieces.append((*match.span(), said))
    if left := LOOSE.search(TAG.sub(lambda m: " " * len(m[0]), whole)):
        around = whole[max(0, left.start() - 15) : left.end() + 30]
        yield Fault(
            paragraph.place,
            f"«{_short(around)}»",
            "скобки без пары: метку пишут целиком в одном абзаце",
        )
    _rewrite(texts, pieces)


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"


def _rewrite(texts: list[Any], pieces: list[tuple[int, int, str]]) -> None:
    """Spans of the whole text become other words: each in the first piece it touches, cut out of the others."""
    for start, end, said in reversed(pieces):
        at = 0
        for text in texts:
            own = text.text or ""
            first, last = max(start - at, 0), min(end - at, len(own))
            if first < last:
                text.text = own[:first] + (said if start >= at else "") + own[last:]
                text.set(qn("xml:space"), "preserve")
            at += len(own)
