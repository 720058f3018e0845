"""Reads a table that somebody made in a child process of limited memory, processor time and patience (TRUST C-34).

What the child says back is taken for numbers, words and days only: a child that was taken over tells nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from common.kit import grids, marking, sheets
from common.kit.errors import Invalid
from common.kit.marking import Mark

MEMORY = 1 << 30
PROCESSOR = 20
PATIENCE = 40.0
"""Seconds by the clock, where the machine is busy with other things."""

TOO_MUCH = (
    "Файл «{name}» не читается в отведённых пределах памяти и времени: "
    "удалите лишнее за краями таблицы или разделите файл на части"
)


class Limits(msgspec.Struct, frozen=True):
    """Bytes of address space, seconds of a processor, seconds by the clock."""

    memory: int = MEMORY
    processor: int = PROCESSOR
    patience: float = PATIENCE


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
    own = (str(limits.memory), str(limits.processor), what, str(path.absolute()), *more)
    command = [sys.executable, "-m", "common.kit.limited", *own]
    said = Invalid(TOO_MUCH.format(name=path.name))
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command,
            input=sent,
            capture_output=True,
            timeout=limits.patience,
            check=False,
            cwd=_home(),
        )
    except subprocess.TimeoutExpired:
        raise said from None
    if done.returncode != 0:
        raise said
    told: Any = _Plain(io.BytesIO(done.stdout)).load()
    if isinstance(told, str):
        raise Invalid(told)
    return told


def _home() -> Path:
    return Path(__file__).resolve().parents[2]


class _Plain(pickle.Unpickler):
    """Knows days and moments besides the plain values, and runs nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in {"date", "datetime"}:
            return getattr(dt, name)
        raise pickle.UnpicklingError(f"{module}.{name}")


def _limit(memory: int, processor: int) -> None:
    if sys.platform == "win32":
        return  # the clock alone watches there
    import resource  # noqa: PLC0415  absent on Windows

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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
    memory, processor, what, *asked = sys.argv[1:]
    _limit(int(memory), int(processor))
    try:
        said: Any = ACTS[what](*asked)
    except Invalid as fault:
        said = fault.message
    sys.stdout.buffer.write(pickle.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
