"""Reads a table that somebody made in a child process of limited memory, processor time and patience (TRUST C-34).

What the child says back is taken for numbers, words and days only: a child that was taken over tells nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from common.kit import child, grids, marking, sheets
from common.kit.child import Limits
from common.kit.errors import Invalid
from common.kit.marking import Mark

TOO_MUCH = (
    "Файл «{name}» не читается в отведённых пределах памяти и времени: "
    "удалите лишнее за краями таблицы или разделите файл на части"
)


AMPLE = Limits(memory=3 << 30, processor=120, patience=180.0)
"""For a person's own table at his own desk."""


def read_table(path: Path, limits: Limits = Limits()) -> sheets.Sheet:  # noqa: B008  it is frozen
    """`sheets.read` at no risk to the program; Invalid says in Russian why a file cannot be taken."""
    name, headers, rows = _asked("table", path, limits)
    return sheets.Sheet(name, headers, rows)


def read_grid(path: Path, sheet: str = "") -> grids.Grid:
    """`grids.read_grid`, in the same way; a person waits for it and may stop waiting."""
    return grids.Grid(*_asked("grid", path, AMPLE, sheet))


def mark(source: Path, target: Path, sheet: str, header_row: int, marks: Sequence[Mark]) -> None:
    """`marking.mark`, in the same way."""
    sent = msgspec.json.encode([sheet, header_row, marks])
    _asked("mark", source, AMPLE, str(target.absolute()), sent=sent)


def _asked(what: str, path: Path, limits: Limits, *more: str, sent: bytes = b"") -> Any:
    own = (what, str(path.absolute()), *more)
    answer = child.ask("common.kit.limited", limits, own, sent=sent)
    if answer is None:
        raise Invalid(TOO_MUCH.format(name=path.name))
    told: Any = _Plain(io.BytesIO(answer)).load()
    if isinstance(told, str):
        raise Invalid(told)
    return told


class _Plain(pickle.Unpickler):
    """Knows days and moments besides the plain values, and runs nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in {"date", "datetime"}:
            return getattr(dt, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _mark(source: str, target: str) -> None:
    sheet, header_row, marks = msgspec.json.decode(sys.stdin.buffer.read())
    marking.mark(Path(source), Path(target), sheet, header_row, [Mark(*each) for each in marks])


ACTS: dict[str, Any] = {
    "table": lambda path: _parts(sheets.read(Path(path))),
    "grid": lambda path, sheet: _parts(grids.read_grid(Path(path), sheet)),
    "mark": _mark,
}


def _parts(grid: grids.Grid | sheets.Sheet) -> tuple[Any, ...]:
    """Its fields as they are: `astuple` would copy every cell."""
    return tuple(getattr(grid, name) for name in grid.__slots__)


def main() -> int:
    """The child: a refusal is its words, a table is its parts."""
    what, *asked = child.limit_by(sys.argv)
    try:
        said: Any = ACTS[what](*asked)
    except Invalid as fault:
        said = fault.message
    sys.stdout.buffer.write(pickle.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
