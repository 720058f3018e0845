"""How a person looks at a list, under a name: columns, order, filter and groups by column ids; his own at this desk, and the office's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from client.kit.records import Records
from client.kit.rows import ViewState
from common.kit.conditions import Condition, Op, stands
from common.kit.ids import new_id
from common.kit.lists import ListColumn, ListSpec

VERSION = 1
"""Of the shape in which views are kept; one with a higher number is shown and never written over."""

PLAIN = ""
"""The id of the list as it is declared."""

Raw = Mapping[str, Any]
"""A view as it is kept."""
Asked = tuple[str, str, str, str, bool]
"""A condition as it is kept: column, op, low, high, negated."""


class Shape(msgspec.Struct, frozen=True):
    """A view as primitives; what a newer version keeps besides is passed by."""

    version: int = VERSION
    name: str = ""
    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    by: str = ""
    conditions: tuple[Asked, ...] = ()
    words: str = ""
    labels: dict[str, str] = {}
    """What people call the columns: where one is no more, its name still says what is left out."""
    closed: int = 0
    """How many conditions lie where not everybody reads them."""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at; a condition that this version does not know is left out."""

    columns: ViewState = field(default_factory=ViewState)
    by: str = ""
    conditions: tuple[Condition, ...] = ()
    words: str = ""

    def raw(self, name: str = "", columns: Sequence[ListColumn] = ()) -> dict[str, Any]:
        state = self.columns
        shape = Shape(
            VERSION,
            name,
            state.order,
            state.hidden,
            state.widths,
            state.sort,
            self.by,
            tuple((c.column, str(c.op.value), c.low, c.high, c.negated) for c in self.conditions),
            self.words,
            {c.key: c.label for c in columns},
        )
        made: dict[str, Any] = msgspec.to_builtins(shape)
        return made


def shape_of(raw: Raw) -> Shape | None:
    """None where it is of a shape that is not known at all."""
    try:
        return msgspec.convert(raw, Shape)
    except msgspec.ValidationError:
        return None


def view_of(raw: Raw) -> View:
    """What can be read of it: nothing of a shape that is not known at all."""
    shape = shape_of(raw) or Shape()
    return View(
        ViewState(shape.order, shape.hidden, shape.widths, shape.sort),
        shape.by,
        tuple(made for each in shape.conditions if (made := _condition(each)) is not None),
        shape.words,
    )


def _condition(asked: Asked) -> Condition | None:
    column, op, low, high, negated = asked
    try:
        return Condition(column, Op.of(op), low, high, negated)
    except ValueError:
        return None


def _unknown(raw: Raw, columns: Sequence[ListColumn]) -> Shape:
    """That part of it which says nothing to this list: columns it has not, and conditions it cannot ask."""
    shape, known = shape_of(raw) or Shape(), {c.key for c in columns}

    def asks(each: Asked) -> bool:
        made = _condition(each)
        return made is not None and stands(columns, made)

    return Shape(
        order=tuple(key for key in shape.order if key not in known),
        hidden=tuple(key for key in shape.hidden if key not in known),
        widths=tuple(pair for pair in shape.widths if pair[0] not in known),
        sort=tuple(pair for pair in shape.sort if pair[0] not in known),
        by="" if shape.by in known else shape.by,
        conditions=tuple(each for each in shape.conditions if not asks(each)),
        labels={key: label for key, label in shape.labels.items() if key not in known},
    )


def left_out(raw: Raw, columns: Sequence[ListColumn]) -> list[str]:
    """What of it is not seen here, in words."""
    if shape_of(raw) is None:
        return ["вид записан так, что эта версия программы его не читает"]
    gone = _unknown(raw, columns)
    labels = {c.key: c.label for c in columns} | gone.labels
    said = [_told(labels, each) for each in gone.conditions]
    shown = [key for key in gone.order if key not in gone.hidden]
    shown += [key for key, _ in gone.sort] + [gone.by]
    keys = [key for key in dict.fromkeys(shown) if key]
    said += [f"столбец «{labels[key]}»" for key in keys if key in labels]
    if unnamed := sum(key not in labels for key in keys):
        said.append(f"столбцов, которых больше нет: {unnamed}")
    return said


def _told(labels: Mapping[str, str], asked: Asked) -> str:
    column, _, low, high, _ = asked
    value = " – ".join(filter(None, (low, high)))
    return f"условие «{labels.get(column, 'столбца больше нет')}{f': {value}' if value else ''}»"


def carried(old: Raw, new: Raw, columns: Sequence[ListColumn]) -> dict[str, Any]:
    """The new view with what the old one said beyond this list: it is another version's, and stays for it."""
    gone = _unknown(old, columns)
    made = dict(new)
    for name in ("order", "hidden", "widths", "sort", "conditions"):
        made[name] = [*new[name], *msgspec.to_builtins(getattr(gone, name))]
    return made | {"by": new["by"] or gone.by, "labels": {**gone.labels, **new["labels"]}}


@dataclass(frozen=True, slots=True)
class Shared:
    """A view of the office, as its record has it."""

    id: str
    raw: Raw
    entity: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)
    hidden: int = 0
    """Conditions that this person is not shown."""


@dataclass(frozen=True, slots=True)
class Office:
    """The views of the office, by id; `may` this person change them? `whole` when all of them have come."""

    views: Mapping[str, Shared] = field(default_factory=dict)
    may: bool = False
    whole: bool = False


class Views:
    """The named views of one list, which of them is chosen, and how the list was left."""

    def __init__(self, store: Records, spec: ListSpec) -> None:
        self.store, self.spec, self.key = store, spec, f"list:{spec.name}"
        kept = store.kept(self.key)
        self.saved: dict[str, Raw] = dict(kept.get("views", {}))
        self.left: Raw | None = kept.get("left")
        self.chosen: str = kept.get("chosen", PLAIN)
        seen = kept.get("seen")
        self.office = Office({self.chosen: Shared(self.chosen, seen)} if seen else {})
        """Until they have been read: the one that was chosen, as it was seen last."""
        self.drop_lost()

    def drop_lost(self) -> bool:
        """Where the chosen view is no more, the list is nobody's view; was it so?"""
        lost = self.chosen not in {PLAIN, *self.saved, *self.office.views}
        if lost:
            self.chosen = PLAIN
        return lost

    def take(self, office: Office) -> bool:
        """What was read; until all has come, the chosen one is as it was seen last. Was the chosen one lost?"""
        seen = self.office.views.get(self.chosen)
        if seen is not None and not office.whole:
            office = replace(office, views={seen.id: seen, **office.views})
        self.office = office
        return office.whole and self.drop_lost()

    def names(self) -> Iterator[tuple[str, str]]:
        """Ids and names of one's own, in the order of the names."""
        return _sorted(self.saved)

    def office_names(self) -> Iterator[tuple[str, str]]:
        return _sorted({id: each.raw for id, each in self.office.views.items()})

    def raw(self, id: str) -> Raw:
        """Nothing of the plain list."""
        if id in self.office.views:
            return self.office.views[id].raw
        return self.saved.get(id, {})

    def is_shared(self, id: str) -> bool:
        return id in self.office.views

    def name(self, id: str) -> str:
        return str(self.raw(id).get("name", ""))

    def view(self, id: str) -> View:
        return view_of(self.raw(id))

    def is_newer(self, id: str) -> bool:
        """Was it kept by a later version of the program? Then it is only looked at."""
        version = self.raw(id).get("version", 0) if self.raw(id) else VERSION
        return not isinstance(version, int) or not 0 < version <= VERSION

    def may_change(self, id: str) -> bool:
        """One's own that this version understands; the office's, by right, once read and where nothing of it is hidden from him."""
        if id == PLAIN or self.is_newer(id):
            return False
        shared = self.office.views.get(id)
        if shared is None:
            return id in self.saved
        return self.office.may and bool(shared.entity) and not shared.hidden

    def left_out(self, id: str) -> list[str]:
        """What of the view is not seen at this desk, in words."""
        said = left_out(self.raw(id), self.spec.columns) if id != PLAIN else []
        hidden = self.office.views[id].hidden if self.is_shared(id) else 0
        return [*said, f"условий, которые видны не всем: {hidden}"] if hidden else said

    def refuse_name(self, name: str, *, but: str = PLAIN, shared: bool = False) -> str | None:
        """Why no view may be called so; the office's and one's own may share a name."""
        if not name:
            return "Назовите вид"
        names = self.office_names() if shared else self.names()
        taken = {n.casefold() for id, n in names if id != but}
        whose = "Общий вид" if shared else "Вид"
        return (
            f"{whose} «{name}» уже есть: возьмите другое имя" if name.casefold() in taken else None
        )

    def made_of(self, name: str, view: View) -> dict[str, Any]:
        """The chosen view as the list is now, under this name."""
        fresh = view.raw(name, self.spec.columns)
        return carried(self.raw(self.chosen), fresh, self.spec.columns)

    def add(self, name: str, view: View) -> None:
        fresh = self.made_of(name, view)
        self.chosen = new_id().hex
        self.saved[self.chosen] = fresh

    def write_over(self, view: View) -> None:
        """The chosen one is as the list is now."""
        self.saved[self.chosen] = self.made_of(self.name(self.chosen), view)

    def rename(self, name: str) -> None:
        self.saved[self.chosen] = {**self.saved[self.chosen], "name": name}

    def drop(self) -> None:
        del self.saved[self.chosen]
        self.chosen = PLAIN

    def keeping(self, now: View) -> Callable[[], None]:
        """Writes to the disk what is so at this moment; not to be called on the GUI thread."""
        kept: dict[str, Any] = {"views": dict(self.saved), "chosen": self.chosen, "left": now.raw()}
        if self.is_shared(self.chosen):
            kept["seen"] = dict(self.raw(self.chosen))
        return lambda: self.store.keep(self.key, kept)


def _sorted(views: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    named = ((id, str(raw.get("name", ""))) for id, raw in views.items())
    return iter(sorted(named, key=lambda each: each[1].casefold()))
