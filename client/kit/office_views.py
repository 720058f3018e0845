"""The office's views of a list as records: read, made, changed and put away like any other, and parted by class of personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from client.kit.records import Records
from client.kit.views import Office, Raw, Shared
from common.kit.access import opens_all
from common.kit.buckets import sections_of
from common.kit.conditions import Condition, Op, told
from common.kit.errors import Invalid
from common.kit.ids import new_id
from common.kit.kinds import P0, P1, P2, PersonalData
from common.kit.lists import ListColumn, ListSpec, sources_of
from common.kit.rights import Action
from common.kit.saving import save
from common.kit.shared_views import LONGEST, NUMBERS, read_part, shared_in, write_part
from common.kit.spec import EntitySpec
from common.kit.sync import Delete, Restore
from common.kit.wire import pack_record

TOO_LONG = "Вид слишком длинный: уберите часть условий или сократите их"
PARTED = ("conditions", "words")
"""What lies apart from the columns and their order, by who may read it."""


def class_of(column: ListColumn) -> PersonalData:
    """The highest class of what the column is made of: a condition on it says as much."""
    classes = [path.field.field.pd for path in sources_of(column)]
    return max(classes, key=lambda pd: str(pd.value), default=P2)


class OfficeViews:
    """Those of one list; nothing here is to be called on the GUI thread. EpoError says why not."""

    def __init__(self, store: Records, spec: ListSpec) -> None:
        self.store, self.spec = store, spec
        found = (shared_in(section) for section in sections_of(spec.main))
        self.entity: EntitySpec | None = next((each for each in found if each), None)

    def read(self) -> Office:
        if self.entity is None:
            return Office(whole=True)
        whole = self.store.loaded()  # asked before: what comes meanwhile is told of
        records = self.store.all(self.entity.name)
        views = {
            id: self._shared(id, record)
            for id, record in records.items()
            if record["list_name"] == self.spec.name
        }
        held = self.store.permissions()
        may = opens_all(held, self.entity, Action.WRITE, self.entity.classes)
        return Office(views, may, whole)

    def _shared(self, id: str, record: Mapping[str, Any]) -> Shared:
        """A view as people keep their own; what lies apart is put together again."""
        assert self.entity is not None  # noqa: S101  only of its records
        raw = read_part(record["layout"]) | {"name": record["name"] or ""}
        parts = [read_part(record["asked"])]
        hidden = 0
        if NUMBERS in self.entity.by_name:
            closed = raw.get("closed", 0)
            hidden = closed if record[NUMBERS] is None and isinstance(closed, int) else 0
            parts.append(read_part(record[NUMBERS]))
        raw["conditions"] = [c for part in parts for c in _listed(part.get("conditions"))]
        raw["words"] = " ".join(filter(None, (_text(part.get("words")) for part in parts)))
        return Shared(id, raw, self.entity.name, record, hidden)

    # ---- changing

    def add(self, raw: Raw) -> Shared:
        return self._store(new_id(), None, raw)

    def change(self, shared: Shared, raw: Raw) -> Shared:
        return self._store(UUID(shared.id), shared, raw)

    def drop(self, shared: Shared) -> None:
        """Into the basket, for everybody."""
        body = Delete(shared.entity, UUID(shared.id), pack_record(shared.record))
        self.store.record(lambda _number: [body])

    def take_back(self, shared: Shared) -> None:
        body = Restore(shared.entity, UUID(shared.id), pack_record(shared.record))
        self.store.record(lambda _number: [body])

    def _store(self, id: UUID, before: Shared | None, raw: Raw) -> Shared:
        assert self.entity is not None  # noqa: S101  nothing is offered where there is none
        values = self._parted(raw)
        if any(len(text) > LONGEST for text in values.values()):
            raise Invalid(TOO_LONG)
        seen = dict(before.record) if before else None
        body = save(self.entity, id, seen, values)
        if body is not None:
            self.store.record(lambda _number: [body])
        return self._shared(id.hex, {**(seen or {}), **values})

    def _parted(self, raw: Raw) -> dict[str, str]:
        """The columns of its record: a condition lies where the values of its column are read."""
        columns = {c.key: c for c in self.spec.columns}
        open_ones, apart = list[Any](), list[Any]()
        for each in raw["conditions"]:
            (apart if self._lies_apart(columns.get(each[0])) else open_ones).append(each)
        shown = [
            columns[key] for key in raw["order"] if key in columns and key not in raw["hidden"]
        ]
        words, hidden_words = raw["words"], ""
        if words and any(map(self._lies_apart, shown)):
            words, hidden_words = "", words
        layout = {n: v for n, v in raw.items() if n not in (*PARTED, "name")}
        layout |= {"closed": len(apart) + bool(hidden_words), "told": [c.label for c in shown]}
        values = {
            "name": raw["name"],
            "list_name": self.spec.name,
            "layout": write_part(layout),
            "asked": self._part(columns, open_ones, words),
        }
        if self.entity is not None and NUMBERS in self.entity.by_name:
            values[NUMBERS] = self._part(columns, apart, hidden_words)
        return values

    def _lies_apart(self, column: ListColumn | None) -> bool:
        """One that this version does not know may be of any class."""
        has_place = self.entity is not None and NUMBERS in self.entity.by_name
        return has_place and (column is None or class_of(column) not in (P0, P1))

    def _part(self, columns: Mapping[str, ListColumn], asked: list[Any], words: str) -> str:
        if not asked and not words:
            return ""
        said = [_words(columns.get(each[0]), each) for each in asked]
        return write_part({"conditions": asked, "words": words, "told": said})


def _words(column: ListColumn | None, asked: Any) -> str:
    key, op, low, high, negated = asked
    try:
        condition = Condition(key, Op.of(op), low, high, negated)
    except ValueError:
        return str(low)
    return told(column, condition) if column is not None else str(low)


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _text(said: Any) -> str:
    return said if isinstance(said, str) else ""
