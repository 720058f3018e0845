"""Conditions over the columns of a list, and the text in which people type them: «группа:СД-21 долги:>0 -статус:отчислен»."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.kit import formats
from common.kit.formats import Format
from common.kit.keys import clean, latin_letters, other_layout, search_key, sort_key
from common.kit.kinds import Choice
from common.kit.lists import Kind, ListColumn, choices_of, is_open, kind_of
from common.kit.unreadable import Unreadable


class Op(Choice):
    """Stored by value in saved views; the label is what a person chooses."""

    HAS = "has", "есть"
    IS = "is", "точно"
    MORE = "more", "больше"
    LEAST = "least", "не меньше"
    LESS = "less", "меньше"
    MOST = "most", "не больше"
    RANGE = "range", "от и до"
    EMPTY = "empty", "пусто"


SIGNS = {">=": Op.LEAST, "<=": Op.MOST, ">": Op.MORE, "<": Op.LESS, "=": Op.IS, "": Op.HAS}
SIGN_OF = {op: sign for sign, op in SIGNS.items()}
EMPTY = "пусто"
COMPARED = (Kind.TEXT, Kind.NUMBER, Kind.DAY)
"""Kinds of columns with a more and a less."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`low` and `high` are spelt as the column shows its values; conditions of one column that are not negated add up."""

    column: str
    op: Op
    low: str = ""
    high: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text says: words for the quick filter, conditions, and what could not be read."""

    words: str
    conditions: tuple[Condition, ...]
    faults: tuple[str, ...]


def ops_of(column: ListColumn) -> tuple[Op, ...]:
    """What may be asked of a column."""
    kind = kind_of(column)
    if kind not in COMPARED:
        return Op.HAS, Op.EMPTY
    return tuple(op for op in Op if op is not Op.IS or kind is Kind.TEXT)


# ---- values


def format_of(column: ListColumn) -> Format:
    """How a number or a day of the column is typed."""
    if kind_of(column) is Kind.DAY:
        return formats.DAY
    return column.format or formats.INTEGER


MOST = 10**14
MOST_WORDS, MOST_CONDITIONS = 40, 60
"""A database takes an expression only so deep."""


def spelt(column: ListColumn, text: str) -> str:
    """The value in the spelling of the column; Unreadable says what is wrong with it.

    An answer or one of a closed list may be typed in the other layout.
    """
    closed = kind_of(column) in {Kind.FLAG, Kind.CHOICE} and not is_open(column)
    try:
        return _spelt(column, text)
    except Unreadable:
        if not closed or (turned := other_layout(text)) == text:
            raise
        try:
            return _spelt(column, turned)
        except Unreadable:
            pass
        raise


def _spelt(column: ListColumn, text: str) -> str:
    match kind_of(column):
        case Kind.NUMBER | Kind.DAY:
            kind = format_of(column)
            value = kind.parse(text)
            if value is None or (isinstance(value, int) and abs(value) >= MOST):
                raise Unreadable(f"Здесь ищут {kind.hint or 'число'}")
            return kind.show(value)
        case Kind.FLAG:
            said = formats.FLAG.parse(text)
            if said is None:
                raise Unreadable("Ответ «да» или «нет»")
            return formats.FLAG.show(said)
        case Kind.CHOICE:
            return _chosen(column, text)
        case Kind.TEXT:
            return _written(column, text)


def _chosen(column: ListColumn, text: str) -> str:
    key = search_key(text)
    labels = [member.label for member in choices_of(column)]
    keys = {label: search_key(label) for label in labels}
    for fits in (
        [label for label in labels if keys[label] == key],
        [label for label in labels if key and keys[label].startswith(key)],
        [label for label in labels if key and key in keys[label]],
    ):
        if len(fits) == 1:
            return fits[0]
    if key and is_open(column):
        return clean(text)
    raise Unreadable(f"Здесь бывает: {', '.join(labels)}")


def _written(column: ListColumn, text: str) -> str:
    if column.format is not None and column.format.name not in {"text", "name"}:
        try:
            value = column.format.parse(text)
        except Unreadable:
            value = None  # a part of a number is searched as it is typed
        if value is not None:
            return column.format.show(value)
    if not search_key(text):
        raise Unreadable(f"Пустые ищет слово «{EMPTY}»")
    if len(search_key(text).split()) > MOST_WORDS:
        raise Unreadable(f"Здесь ищут не больше {MOST_WORDS} слов")
    return clean(text)


def sorted_as(column: ListColumn, text: str) -> str:
    """Where a spelt value stands among the stored keys of sorting."""
    if kind_of(column) in {Kind.NUMBER, Kind.DAY}:
        value = format_of(column).parse(text)
        return f"{value + MOST:016d}" if isinstance(value, int) else str(value.isoformat())
    return sort_key(text)


def of_cell(column: ListColumn, shown: str) -> Condition | None:
    """The condition that keeps rows like this cell; None where the column is not searched so."""
    if not column.settled:
        return None
    if not search_key(shown):
        return Condition(column.key, Op.EMPTY)
    op = Op.IS if kind_of(column) is Kind.TEXT else Op.HAS
    day = shown[:10] if kind_of(column) is Kind.DAY else shown
    try:
        return Condition(column.key, op, spelt(column, day))
    except Unreadable:
        return None


# ---- text

_QUOTED = r'"(?:[^"]|"")*(?:"|$)|«[^»]*(?:»|$)'
_BARE = r'(?!\.\.)[^\s"«](?:(?!\.\.)\S)*'
_ATOM = f"(?:{_QUOTED}|{_BARE})"
_TERM = re.compile(
    rf'(?P<not>-?)(?P<label>{_QUOTED}|[^\s:"«»\d-][^\s:"«»]*):'
    rf"(?P<sign>>=|<=|>|<|=|)(?P<low>{_ATOM}|)(?P<range>\.\.|)(?P<high>{_ATOM}|)(?=\s|$)"
)
_CHUNK = re.compile(r'[^\s"«»]+(?=\s|$)')
_LOOSE = re.compile(
    r"(?P<not>-?)(?P<label>[^:=<>^\d-][^:=<>^]*)(?P<colon>[:^]?)(?P<sign>>=|<=|>|<|=|)(?P<value>.*)"
)
"""«^» is what the colon of the Russian layout is in the other one."""
SHORTEST = 2
"""Letters of a column's name that is followed by a sign without a colon."""
_BEGIN = re.compile(r"\S")
_WORD = re.compile(rf"{_QUOTED}|\S+")
_SAFE = re.compile(r'[^\s"«»<>=.](?:[^\s"«»<>=.]|\.(?!\.|$))*')


def read(columns: Sequence[ListColumn], text: str) -> Asked:
    """Words and conditions in any order; a condition is `label:value`, and a half-typed one says nothing yet."""
    left: list[str] = []
    found: list[Condition] = []
    faults: list[str] = []
    place = 0
    while found_at := _BEGIN.search(text, place):
        term = _TERM.match(text, found_at.start())
        chunk = _CHUNK.match(text, found_at.start())
        meant = _meant(columns, chunk.group()) if chunk is not None else None
        if chunk is not None and meant is not None:
            term, place = meant, chunk.end()
        elif term is not None:
            place = term.end()
        else:
            word = _WORD.match(text, found_at.start())
            assert word is not None  # noqa: S101  it begins with a sign that is no space
            place = word.end()
            left.append(word.group())
            continue
        try:
            if (one := _condition(columns, term)) is not None:
                found.append(one)
        except Unreadable as fault:
            faults.append(str(fault))
    conditions = tuple(dict.fromkeys(found))
    if len(conditions) > MOST_CONDITIONS:
        faults.append(f"Условий не больше {MOST_CONDITIONS}, а здесь {len(conditions)}")
    return Asked(clean(" ".join(left)), conditions[:MOST_CONDITIONS], tuple(faults))


def _meant(columns: Sequence[ListColumn], chunk: str) -> re.Match[str] | None:
    """A condition without its colon, or typed in the other layout; None where no one column is named so."""
    parts = _LOOSE.fullmatch(chunk)
    if parts is None or not parts["colon"] + parts["sign"]:
        return None
    value = parts["value"]
    latin = latin_letters(value)
    turned = other_layout(value) if latin and latin == _letters(value) else value
    for label, low in ((parts["label"], value), (other_layout(parts["label"]), turned)):
        enough = bool(parts["colon"]) or len(label) >= SHORTEST
        if enough and len(_fitting(columns, label)) == 1:
            return _TERM.fullmatch(f"{parts['not']}{label}:{parts['sign']}{low}")
    return None


def _letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def _unquoted(text: str) -> str:
    if text[:1] == '"':
        return text[1:].removesuffix('"').replace('""', '"')
    if text[:1] == "«":
        return text[1:].removesuffix("»")
    return text


def _condition(columns: Sequence[ListColumn], term: re.Match[str]) -> Condition | None:
    column = _named(columns, _unquoted(term["label"]))
    negated, low, high = bool(term["not"]), term["low"], term["high"]
    made = Condition(column.key, SIGNS[term["sign"]], negated=negated)
    if low.casefold() == EMPTY and not term["range"] and made.op is Op.HAS:
        return replace(made, op=Op.EMPTY)
    if not low and not high:
        return None
    if term["range"]:
        made = replace(made, op=Op.RANGE if low and high else Op.LEAST if low else Op.MOST)
    if made.op is Op.IS and Op.IS not in ops_of(column):
        made = replace(made, op=Op.HAS)  # what is no text is always found exactly
    if made.op not in ops_of(column):
        raise Unreadable(f"«{column.label}»: здесь не сравнивают, а пишут само значение")
    try:
        told = [spelt(column, _unquoted(each)) if each else "" for each in (low, high)]
    except Unreadable as fault:
        raise Unreadable(f"«{column.label}»: {fault}") from None
    if made.op is Op.RANGE:
        return replace(made, low=told[0], high=told[1])
    return replace(made, low=told[0] or told[1])


def _named(columns: Sequence[ListColumn], label: str) -> ListColumn:
    """The column of this label or, where only one does, the one that begins so or has such a word."""
    fits = _fitting(columns, label)
    if len(fits) != 1:
        known = ", ".join(f"«{c.label}»" for c in (fits or columns))
        what = "несколько" if fits else "нет"
        raise Unreadable(f"Столбцов «{label}» в этом списке {what}. Есть: {known}")
    if not fits[0].settled:
        raise Unreadable(f"По столбцу «{fits[0].label}» отбора нет: он меняется с каждым днём")
    return fits[0]


def _fitting(columns: Sequence[ListColumn], label: str) -> list[ListColumn]:
    key = search_key(label)
    keys = [(c, search_key(c.label)) for c in columns]
    named = [c for c, known in keys if known == key]
    begins = [c for c, known in keys if known.startswith(key)]
    return named or begins or [c for c, known in keys if f" {key}" in known]


def written(columns: Sequence[ListColumn], conditions: Sequence[Condition], words: str = "") -> str:
    """The text that `read` reads as the same conditions and words."""
    by_key = {c.key: c for c in columns}
    terms = [_term(by_key[c.column], c) for c in conditions if c.column in by_key]
    return " ".join(filter(None, (*terms, words)))


def stands(columns: Sequence[ListColumn], condition: Condition) -> bool:
    """Is it still one of this list? Another version of the program may have changed the column."""
    if condition.column not in {c.key for c in columns}:
        return False
    return read(columns, written(columns, [condition])).conditions == (condition,)


def _term(column: ListColumn, condition: Condition) -> str:
    sign, label = "-" if condition.negated else "", _quote(column.label, plainly=":")
    if condition.op is Op.EMPTY:
        return f"{sign}{label}:{EMPTY}"
    if condition.op is Op.RANGE:
        return f"{sign}{label}:{_quote(condition.low)}..{_quote(condition.high)}"
    return f"{sign}{label}:{SIGN_OF[condition.op]}{_quote(condition.low)}"


def _quote(text: str, *, plainly: str = "") -> str:
    safe = _SAFE.fullmatch(text) and not set(plainly) & set(text) and text.casefold() != EMPTY
    if safe and not (plainly and (text[0] == "-" or text[0].isdigit())):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def told(column: ListColumn, condition: Condition) -> str:
    """What stands on the chip: «Состояние: Принято», «Средний балл > 4,00»."""
    but, no = ("кроме ", "не ") if condition.negated else ("", "")
    match condition.op:
        case Op.EMPTY:
            return f"{column.label}: {no}{EMPTY}"
        case Op.RANGE:
            return f"{column.label}: {but}{condition.low} – {condition.high}"
        case Op.HAS:
            return f"{column.label}: {but}{condition.low}"
        case _:
            sign = SIGN_OF[condition.op].replace(">=", "≥").replace("<=", "≤")
            return f"{column.label} {no}{sign} {condition.low}"
