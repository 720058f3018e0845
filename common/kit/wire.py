"""How values of declared fields travel and rest in the cache: the same primitives in msgpack, JSON and SQLite.

UUID → 32 hex digits · order of a list → the ids of its rows · date → ISO · instant → ISO with Z · choice → its stored value · the rest as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any
from uuid import UUID

from common.kit.errors import Invalid
from common.kit.kinds import Choice
from common.kit.spec import EntitySpec, FieldSpec

Wire = str | int | float | bool | list[str] | None


def _instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _same(value: Any) -> Any:
    return value


def _order(value: tuple[UUID, ...]) -> list[str]:
    return [id.hex for id in value]


_PACK: dict[type[Any], Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    bool: _same,
    float: _same,
    type(None): _same,
    UUID: attrgetter("hex"),
    tuple: _order,
    dt.datetime: _instant,
    dt.date: dt.date.isoformat,
}


def pack(value: Any) -> Wire:
    """The primitive of a stored value."""
    known = _PACK.get(type(value))
    if known is not None:
        primitive: Wire = known(value)
        return primitive
    if isinstance(value, Choice):
        return str(value.value)
    raise TypeError(f"{type(value).__name__} does not travel")


def unpack(f: FieldSpec, value: Any) -> Any:
    """The stored value of a primitive; Invalid names the field where it is none."""
    if value is None:
        return None
    try:
        return _read(f.type, value)
    except (ValueError, TypeError):
        message = f"«{f.label}»: значение «{value}» не подходит"
        raise Invalid(message, {f.name: message}) from None


def _read(kind: type[Any], value: Any) -> Any:
    if kind is bool:
        if value in (0, 1):
            return bool(value)
        raise TypeError
    if kind in (str, int):
        if isinstance(value, bool) or not isinstance(value, kind):
            raise TypeError
        return value
    if kind is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(id, str) for id in value):
            raise TypeError
        return tuple(map(UUID, value))
    if not isinstance(value, str):
        raise TypeError
    if kind is dt.datetime or kind is dt.date:
        return kind.fromisoformat(value)
    return kind(value)


def ids_named(value: Any) -> list[str]:
    """The ids in a primitive: it may be a reference, or the order of a list."""
    told = value if isinstance(value, list | tuple) else [value]
    return [id for id in told if isinstance(id, str) and len(id) == 32]


def pack_record(values: Mapping[str, Any]) -> dict[str, Wire]:
    return {name: pack(value) for name, value in values.items()}


def unpack_record(spec: EntitySpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values by field; Invalid names every unknown key and every value that does not fit."""
    faults: dict[str, str] = {
        name: f"«{name}»: такого поля нет у «{spec.one}»"
        for name in values
        if name not in spec.by_name
    }
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in faults:
            continue
        try:
            found[name] = unpack(spec[name], value)
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(" · ".join(faults.values()), faults)
    return found
