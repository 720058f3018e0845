"""The language of templates: fields in braces and Russian words for repeating and choosing.

`{{ физическое_лицо.фио | дательный }}` · `{% для выбор из заявления %} … {% конец %}` ·
`{% если нуждается_в_общежитии %} … {% иначе %} … {% конец %}`. Each tag is turned into one of Jinja's,
and nothing that is not named here can be said.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from jinja2 import Environment, TemplateSyntaxError, nodes

from common.kit.errors import Invalid
from common.papers.filters import CASED, FILTERS
from common.papers.nodes import Forest, Kind, Node, Path, Used

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LOOSE = re.compile(r"\{[{%#]|[}%#]\}")
PREFIXES = {"строка": "tr ", "абзац": "p "}
"""How the engine calls a tag that stands for its whole row or paragraph."""
WORDS = {"и": "and", "или": "or", "не": "not"}
DEEPER = 3
"""Steps below which a name that was missed is still looked for."""
LINE = "номер_строки"
"""Within a repeat: 1, 2, 3 …"""
_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[\w.]+|\S|\s+")
_APART = {sign: f"\\x{ord(sign):02x}" for sign in "&<>\"'\\"}
"""Signs of a text that XML or the engine would read as their own."""
RESERVED = {"loop", "self", "super", "varargs", "kwargs", "caller", *WORDS}
ORDERS = {"eq", "ne", "lt", "lteq", "gt", "gteq"}
MEASURED = {Kind.NUMBER, Kind.MONEY}
TIMED = {Kind.DAY, Kind.MOMENT}
WRITTEN = {Kind.TEXT, Kind.NAME}
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
_FOR = re.compile(r"для\s+(\w+)\s+из\s+(.+)", re.DOTALL)
_PLAIN = Environment(autoescape=True)
for _name in FILTERS:
    _PLAIN.filters[_name] = str
ALLOWED = (nodes.Name, nodes.Getattr, nodes.Filter, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Const)  # fmt: skip
HOW = "внутри скобок может быть поле, например «{example}», и за чертой «|» — как его написать"


@dataclass(frozen=True, slots=True)
class Frame:
    """An open repeat or choice."""

    word: str
    """«для» or «если»."""
    tag: str
    place: str
    manner: str
    """Of a table's row, of a paragraph, or within one: the end must be of the same."""
    where: object
    """What both ends must stand in."""
    variable: str = ""
    path: Path = ()
    otherwise: bool = False
    """Has its «иначе» come?"""


@dataclass(slots=True)
class Language:
    """Reads the tags of one document in their order; knows what is open and which fields were named."""

    forest: Forest
    frames: list[Frame] = field(default_factory=list)
    named: dict[Path, Node] = field(default_factory=dict)
    cased: bool = False
    """Is a person's name asked for in another case?"""
    said: set[str] = field(default_factory=set)
    """All tags in Jinja's words, without their brackets."""

    def told(self, tag: str, place: str, manner: str, where: object) -> str:
        """The tag in Jinja's words; Invalid says what is wrong with it."""
        inner = tag[2:-2].translate(_QUOTES).strip()
        if tag.startswith("{{"):
            said = self._printed(inner)
            self.said.add(said)
            return f"{{{{ {said} }}}}"
        said = self._statement(inner, Frame("", tag, place, manner, where))
        self.said.add(said)
        return f"{{%{PREFIXES.get(manner, ' ')}{said} %}}"

    # ---- fields

    def _printed(self, text: str) -> str:
        said, tree = self._parsed(text)
        kind = self._kind(tree)
        if kind is Kind.LIST:
            raise Invalid(f"«{text}» — список: поставьте его в повтор {{% для … из {text} %}}")
        if kind is Kind.RECORD:
            raise Invalid(f"«{text}» — целая запись: назовите её поле через точку")
        return said

    def _condition(self, text: str) -> str:
        said, tree = self._parsed(text)
        self._kind(tree)
        return said

    def _parsed(self, text: str) -> tuple[str, nodes.Expr]:
        if not text:
            raise Invalid("метка пуста")
        if any(sign in text for sign in "{}%"):
            raise Invalid("внутри метки не пишут фигурных скобок и знака %")
        said = "".join(self._word(token) for token in _TOKEN.findall(text))
        try:
            (output,) = _PLAIN.parse(f"{{{{ {said} }}}}").body
            (tree,) = output.nodes  # type: ignore[attr-defined]  # an Output, as its text says
        except (TemplateSyntaxError, ValueError):
            raise Invalid(f"«{text}» не читается: {HOW.format(example=self._example())}") from None
        for node in (tree, *tree.find_all(nodes.Node)):
            if not isinstance(node, ALLOWED):
                raise Invalid(
                    f"«{text}» так написать нельзя: {HOW.format(example=self._example())}"
                )
        return said, tree

    def _word(self, token: str) -> str:
        if len(token) > 1 and token[0] in "\"'":
            return '"' + "".join(_APART.get(sign, sign) for sign in token[1:-1]) + '"'
        if token == LINE and any(frame.variable for frame in self.frames):
            return "loop.index"
        return WORDS.get(token, token)

    def _example(self) -> str:
        return next(name for name, node in self.forest[""].items() if node.kind is Kind.TEXT)

    def _kind(self, tree: nodes.Node) -> Kind:
        """What comes of an expression; every field in it is found, and every filter fits."""
        match tree:
            case nodes.Name() | nodes.Getattr():
                return self._field(_chain(tree))
            case nodes.Filter():
                return self._filtered(tree)
            case nodes.Compare():
                return self._compared(tree)
            case nodes.And() | nodes.Or():
                self._kind(tree.left)
                self._kind(tree.right)
                return Kind.FLAG
            case nodes.Not():
                self._kind(tree.node)
                return Kind.FLAG
            case nodes.Const() if not isinstance(tree.value, str):
                return Kind.NUMBER
            case _:
                return Kind.TEXT

    def _compared(self, tree: nodes.Compare) -> Kind:
        """Like with like: what can never be equal would only seem to be asked."""
        left = self._kind(tree.expr)
        for operand in tree.ops:
            right = self._kind(operand.expr)
            if Kind.FLAG in {left, right}:
                raise Invalid(
                    "поле «да или нет» не сравнивают: пишут «если поле» или «если не поле»"
                )
            alike = left is right or any(
                {left, right} <= kinds for kinds in (MEASURED, TIMED, WRITTEN)
            )
            if operand.op not in ORDERS or not alike or left in {Kind.RECORD, Kind.LIST}:
                said = f"{left.label.lower()} и {right.label.lower()}"
                raise Invalid(
                    f"так не сравнить: {said}; дату сравнивают с датой, число с числом, текст с «текстом»"
                )
        return Kind.FLAG

    def _filtered(self, tree: nodes.Filter) -> Kind:
        known = FILTERS.get(tree.name)
        if known is None:
            there = _meant(tree.name, FILTERS) or f"; есть: {', '.join(FILTERS)}"
            raise Invalid(f"нет написания «{tree.name}»{there}")
        assert tree.node is not None  # noqa: S101  a filter without one does not parse
        kind = self._kind(tree.node)
        if kind not in known.fits:
            fits = ", ".join(sorted(k.label.lower() for k in known.fits))
            raise Invalid(
                f"«{tree.name}» пишут после полей вида: {fits}; здесь {kind.label.lower()}"
            )
        self.cased |= kind is Kind.NAME and tree.name in CASED
        texts = [a for a in tree.args if isinstance(a, nodes.Const) and isinstance(a.value, str)]
        if len(texts) != known.takes or len(tree.args) != known.takes or tree.kwargs:
            raise Invalid(f"«{tree.name}»: {known.does}")
        return Kind.TEXT

    def _field(self, names: Sequence[str]) -> Kind:
        if tuple(names) == ("loop", "index") and any(frame.variable for frame in self.frames):
            return Kind.NUMBER
        path, node, rest = self._beginning(names)
        for name in rest:
            if not node.target:
                raise Invalid(f"у «{node.label}» нет полей: уберите «.{name}»")
            path, node = (
                (*path, name),
                _found(name, self.forest[node.target], node.label, self.forest),
            )
            self.named[path] = node
        if names[0] not in {frame.variable for frame in self.frames}:
            self._refuse_first_row(path)
        return node.kind

    def _refuse_first_row(self, path: Path) -> None:
        """Within a repeat of a list its own name would mean the first row in every line."""
        for frame in self.frames:
            deep = len(frame.path)
            if frame.variable and path[:deep] == frame.path and len(path) > deep:
                meant = ".".join((frame.variable, *path[deep:]))
                raise Invalid(
                    f"внутри повтора пишут «{meant}»: иначе в каждой строке выйдет первая запись"
                )

    def _beginning(self, names: Sequence[str]) -> tuple[Path, Node, Sequence[str]]:
        """A row of a repeat, the innermost first; else a field of the subject."""
        for frame in reversed(self.frames):
            if frame.variable and frame.variable == names[0]:
                return (
                    frame.path,
                    msgspec.structs.replace(self.named[frame.path], kind=Kind.RECORD),
                    names[1:],
                )
        node = _found(names[0], self.forest[""], "", self.forest)
        self.named[names[0],] = node
        return (names[0],), node, names[1:]

    # ---- repeats and choices

    def _statement(self, text: str, frame: Frame) -> str:
        word = text.split(maxsplit=1)[0] if text else ""
        rest = text[len(word) :].strip()
        if word == "для":
            said = self._repeat(text, frame)
        elif word == "если":
            said = f"if {self._condition(rest)}"
            self._open(frame, "если")
        elif word == "иначе":
            said = self._otherwise(rest, frame)
        elif word == "конец" and not rest:
            said = f"end{'for' if self._closed(frame).word == 'для' else 'if'}"
        else:
            known = ("для", "если", "иначе", "конец")
            raise Invalid(
                f"«{word}» не начинает метку{_meant(word, known)}; "
                "есть «для … из …», «если …», «иначе», «конец»"
            )
        return said

    def _repeat(self, text: str, frame: Frame) -> str:
        match = _FOR.fullmatch(text)
        if match is None:
            raise Invalid(f"«{text}» не читается: пишут «для строка из список»")
        variable, source = match[1], match[2].strip()
        _, tree = self._parsed(source)
        if not isinstance(tree, nodes.Name | nodes.Getattr):
            raise Invalid(f"«{source}» — не список")
        names = _chain(tree)
        if self._field(names) is not Kind.LIST:
            raise Invalid(f"«{source}» — не список: повторять нечего")
        if not variable.isidentifier() or variable in RESERVED:
            raise Invalid(
                f"«{variable}» — не имя для строки: назовите её словом, например «строка»"
            )
        if variable in self.forest[""]:
            raise Invalid(f"«{variable}» уже есть среди полей: назовите строку иначе")
        path, _, rest = self._beginning(names)
        self._open(frame, "для", variable, (*path, *rest))
        return f"for {variable} in {source}"

    def _otherwise(self, rest: str, frame: Frame) -> str:
        opened = self._current(frame)
        if opened.otherwise:
            raise Invalid(f"второе «иначе» у {opened.tag}: условие уже кончилось им")
        if opened.word != "если":
            raise Invalid(f"«иначе» без «если»: открыт повтор {opened.tag}, {opened.place}")
        if not rest:
            self.frames[-1] = dataclasses.replace(opened, otherwise=True)
            return "else"
        if not rest.startswith("если"):
            raise Invalid("пишут «иначе» или «иначе если …»")
        return f"elif {self._condition(rest.removeprefix('если').strip())}"

    def _open(self, frame: Frame, word: str, variable: str = "", path: Path = ()) -> None:
        self.frames.append(dataclasses.replace(frame, word=word, variable=variable, path=path))

    def _current(self, frame: Frame) -> Frame:
        """The one that is open; both stand in one place in one manner, or the document would fall apart."""
        if not self.frames:
            raise Invalid(
                "ничего не открыто: уберите метку или поставьте перед ней «для» или «если»"
            )
        opened = self.frames[-1]
        if opened.manner != frame.manner or opened.where is not frame.where:
            raise Invalid(
                f"начало {opened.tag} ({opened.place}) и эта метка стоят по-разному: "
                "обе в одном абзаце, обе в своих абзацах или обе в своих строках одной таблицы"
            )
        return opened

    def _closed(self, frame: Frame) -> Frame:
        opened = self._current(frame)
        self.frames.pop()
        return opened

    def used(self) -> dict[str, Used]:
        """The fields that were named, as a tree."""
        return _tree(self.named, ())


def _tree(named: Mapping[Path, Node], above: Path) -> dict[str, Used]:
    deep = len(above)
    here = (path for path in named if len(path) == deep + 1 and path[:deep] == above)
    return {path[-1]: Used(named[path], _tree(named, path)) for path in here}


def _chain(tree: nodes.Node) -> list[str]:
    if isinstance(tree, nodes.Name):
        return [tree.name]
    if isinstance(tree, nodes.Getattr):
        return [*_chain(tree.node), tree.attr]
    raise Invalid("перед точкой может стоять только поле")


def _found(name: str, known: Mapping[str, Node], whose: str, forest: Forest) -> Node:
    if name in known:
        return known[name]
    owner = f" у «{whose}»" if whose else ""
    there = _deeper(name, known, forest) or _meant(name, known)
    raise Invalid(f"нет поля «{name}»{owner}{there}")


def _deeper(name: str, known: Mapping[str, Node], forest: Forest) -> str:
    """Where it stands a step or three below, if it does."""
    paths: list[tuple[Path, Mapping[str, Node]]] = [((), known)]
    for _ in range(DEEPER):
        paths = [
            ((*path, step), forest[node.target])
            for path, below in paths
            for step, node in below.items()
            if node.kind is Kind.RECORD
        ]
        for path, below in paths:
            if name in below and below[name].kind is not Kind.RECORD:
                return f"; может быть, «{'.'.join((*path, name))}»"
    return ""


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; может быть, «{near[0]}»" if near else ""
