"""Fills a template with what was collected for it, in a child process of limited memory and time (TRUST C-33)."""

from __future__ import annotations

import html
import io
import math
import re
import sys
import zipfile
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from docx.opc.oxml import parse_xml, serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from common.kit import child
from common.kit.child import Limits
from common.kit.errors import Invalid
from common.papers.docx_template import LONGEST_SHOWN, Checked, Fault, check
from common.papers.filters import FILTERS
from common.papers.nodes import Forest, Node, Used
from common.papers.values import Plain, Snapshot

MEMORY = 600 << 20
PROCESSOR = 5
PATIENCE = 8.0
"""Of one paper; a batch has as much for each twenty more."""
BATCH = 20
QUICK = 1
"""The level of packing: a paper is small."""
WHEN = (1980, 1, 1, 0, 0, 0)
TOO_MUCH = "Шаблон не заполняется в отведённых пределах памяти и времени: упростите его"
NOT_FILLED = "Шаблон не заполнен: проверьте его метки"
OUT = "метку пишут в тексте документа, целиком в одном абзаце; исправления в режиме рецензирования примите"
FALLS = (
    TemplateError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    SyntaxError,
)


class TooMuch(Invalid):
    """The child fell, or came to its limits."""


class Asked(msgspec.Struct, frozen=True):
    """To the child: check a template, and fill it with each snapshot."""

    content: bytes
    forest: dict[str, dict[str, Node]]
    snapshots: list[Any]


class Answered(msgspec.Struct, frozen=True):
    """A paper, or why there is none."""

    content: bytes = b""
    said: str = ""


class Told(msgspec.Struct, frozen=True):
    said: str = ""
    """Why the file itself is refused."""
    faults: list[Fault] = []
    used: dict[str, Used] = {}
    cased: bool = False
    papers: list[Answered] = []


def examine(content: bytes, forest: Forest) -> Told:
    """What is wrong with a template and which fields it names; Invalid where the file itself is refused."""
    return _told(content, forest, [])


def fill(content: bytes, forest: Forest, snapshots: Sequence[Snapshot]) -> list[Answered]:
    """A paper of each snapshot: one that cannot be made says why, and the others are made.

    Invalid where the template has faults. The bytes depend on template and snapshot alone.
    """
    try:
        told = _told(content, forest, snapshots)
    except TooMuch:
        if len(snapshots) < 2:
            return [Answered(said=TOO_MUCH) for _ in snapshots]
        return [paper for each in snapshots for paper in fill(content, forest, [each])]
    if told.faults:
        more = f" (и ещё {len(told.faults) - 1})" if len(told.faults) > 1 else ""
        raise Invalid(f"В шаблоне ошибка: {told.faults[0]}{more}")
    return told.papers


def _told(content: bytes, forest: Forest, snapshots: Sequence[Snapshot]) -> Told:
    share = 1 + math.ceil(len(snapshots) / BATCH)
    limits = Limits(MEMORY, PROCESSOR * share, PATIENCE * share)
    sent = msgspec.msgpack.encode(
        Asked(content, {e: dict(below) for e, below in forest.items()}, list(snapshots))
    )
    answer = child.ask("common.papers.filling", limits, sent=sent)
    if answer is None:
        raise TooMuch(TOO_MUCH)
    told = msgspec.msgpack.decode(answer, type=Told)
    if told.said:
        raise Invalid(told.said)
    return told


# ---- in the child


class Rows(list[Any]):
    """A list; a field that is named of the list itself is that of its first row."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[0][name] if self else Nothing()


class Nothing:
    """The first row of an empty list: whatever is named of it is empty."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Nothing()

    def __str__(self) -> str:
        return ""

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())


def revived(snapshot: Any) -> Any:
    """Values again after they have travelled; names of fields are Russian and never «type»."""
    if isinstance(snapshot, list):
        return Rows(revived(each) for each in snapshot)
    if not isinstance(snapshot, dict):
        return snapshot
    if "type" in snapshot:
        return msgspec.convert(snapshot, Plain)
    return {name: revived(each) for name, each in snapshot.items()}


TAGS = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{(?=[{%#]).{,40}", re.DOTALL)


class Foreign(Exception):
    """A tag that no paragraph has: in an attribute, a field's code, the document's title, or put together of two paragraphs."""


def refuse_foreign(source: str, ours: frozenset[str]) -> None:
    for match in TAGS.finditer(source):
        if html.unescape(match[1] or match[2] or "").strip() not in ours:
            raise Foreign(match[0][:LONGEST_SHOWN])


class Bare(NamedTuple):
    """A text whose tags are left out: so a template is walked through without a record."""

    source: str

    def render(self, *_: Any, **__: Any) -> str:
        return TAGS.sub("", self.source)


class Sandbox(ImmutableSandboxedEnvironment):
    """Knows our filters and nothing else, and takes no tag but those that were checked; a text is compiled once, however many papers it makes."""

    def __init__(self, ours: frozenset[str], *, bare: bool = False) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.filters = {name: each.act for name, each in FILTERS.items()}
        self.globals = {}
        self.tests = {}
        self._ours, self._bare = ours, bare
        self._made: dict[str, Any] = {}

    def from_string(self, source: Any, *_: Any, **__: Any) -> Any:
        if source not in self._made:
            refuse_foreign(source, self._ours)
            made = super().from_string(source)
            self._made[source] = Bare(source) if self._bare else made
        return self._made[source]


def _outside(checked: Checked) -> list[Fault]:
    """A tag where nobody fills it as it is meant, though the engine would."""
    try:
        render(checked, {}, Sandbox(checked.tags, bare=True))
    except Foreign as tag:
        return [Fault("вне текста", f"«{tag}»", OUT)]
    except TemplateSyntaxError as fault:
        return [Fault("весь документ", "{% … %}", f"метки не сходятся: {fault.message}")]
    return []


class Template(DocxTemplate):
    """Without what nobody checks: the document's title and its notes stay as they are, and no part loses what Word wants in it."""

    def render_properties(self, *_: Any, **__: Any) -> None:
        return

    def render_footnotes(self, *_: Any, **__: Any) -> None:
        return

    def fix_tables(self, xml: Any) -> Any:
        return mended(super().fix_tables(xml))

    def map_headers_footers_xml(self, relKey: str, xml: Any) -> None:  # noqa: N803  so the library names it, and it may name it in a call
        tree = mended(parse_xml(xml))
        super().map_headers_footers_xml(relKey, serialize_part_xml(tree))


HOLDERS = tuple(qn(f"w:{name}") for name in ("tc", "hdr", "ftr", "txbxContent"))


def mended(tree: Any) -> Any:
    """A table of which no row is left goes; a cell, a header and a box end in a paragraph, or Word calls the file damaged."""
    for table in [*tree.iter(qn("w:tbl"))]:
        if next(table.iter(qn("w:tr")), None) is None:
            table.getparent().remove(table)
    for holder in tree.iter(*HOLDERS):
        if not len(holder) or holder[-1].tag != qn("w:p"):
            holder.append(OxmlElement("w:p"))
    return tree


def render(checked: Checked, snapshot: Any, environment: Sandbox) -> bytes:
    template = Template(io.BytesIO(checked.content))
    template.render(revived(snapshot), environment, autoescape=True)
    made = io.BytesIO()
    template.save(made)
    return _settled(made.getvalue())


def _settled(content: bytes) -> bytes:
    """The same bytes whenever it is made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, WHEN)
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, QUICK)
    return made.getvalue()


def _answered(checked: Checked, snapshot: Any, environment: Sandbox) -> Answered:
    try:
        return Answered(render(checked, snapshot, environment))
    except FALLS:
        return Answered(said=NOT_FILLED)


def main() -> int:
    child.limit_by(sys.argv)
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        checked = check(asked.content, asked.forest)
    except Invalid as fault:
        told = Told(fault.message)
    else:
        faults = [*checked.faults] or _outside(checked)
        sandbox, wanted = Sandbox(checked.tags), [] if faults else asked.snapshots
        papers = [_answered(checked, each, sandbox) for each in wanted]
        told = Told("", faults, checked.used, checked.cased, papers)
    sys.stdout.buffer.write(msgspec.msgpack.encode(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
