"""XML of strangers as a small tree: no entities, no document type, limits on size, depth and number of elements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from common.kit.errors import Invalid

BYTES_AT_MOST = 64 * 1024 * 1024
NODES_AT_MOST = 3_000_000
DEPTH_AT_MOST = 24


class Node:
    """An element: its tag, its own text (names may end in a space) and its children in order."""

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text = ""
        self.children: list[Node] = []

    def all(self, tag: str) -> Iterator[Node]:
        return (child for child in self.children if child.tag == tag)

    def one(self, tag: str) -> Node | None:
        return next(self.all(tag), None)

    def said(self, tag: str, default: str = "") -> str:
        """The text of the first child of this name."""
        child = self.one(tag)
        return default if child is None else child.text

    def texts(self, tag: str) -> list[str]:
        return [child.text for child in self.all(tag)]


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.open: list[Node] = []
        self.pieces: list[list[str]] = []
        self.nodes = 0
        self.root: Node | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.nodes += 1
        if self.nodes > NODES_AT_MOST or len(self.open) >= DEPTH_AT_MOST:
            raise Invalid(
                f"Файл «{self.name}» слишком велик или вложен: это не расписание колледжа"
            )
        node = Node(tag, attributes)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        self.pieces.append([])

    def end(self, _tag: str) -> None:
        node = self.open.pop()
        node.text = "".join(self.pieces.pop())

    def data(self, piece: str) -> None:
        if self.pieces:
            self.pieces[-1].append(piece)

    def refuse(self, *_: object) -> int:
        raise Invalid(
            f"В файле «{self.name}» объявлены сущности XML; такие файлы не читают: сохраните его заново"
        )


def read_bytes(path: Path, limit: int = BYTES_AT_MOST) -> bytes:
    """The file whole, unless it is too large or cannot be read."""
    try:
        if path.stat().st_size > limit:
            raise Invalid(f"Файл «{path.name}» больше {limit // 1024 // 1024} МБ: он не взят")
        return path.read_bytes()
    except OSError as fault:
        raise Invalid(f"Файл «{path.name}» не прочитан: {fault.strerror}") from fault


def tree(data: bytes, name: str) -> Node:
    """Parse, or say in one sentence where the file is broken."""
    builder = _Builder(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise Invalid(
            f"Файл «{name}» не XML или оборван: строка {fault.lineno}, знак {fault.offset + 1}"
        ) from fault
    if builder.root is None:
        raise Invalid(f"Файл «{name}» пуст")
    return builder.root
