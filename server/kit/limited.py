"""Reads a table that somebody sent in a child process of limited memory, processor time and patience (TRUST C-34).

What the child says back is taken for numbers, words and days only: a child that was taken over tells nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from common.kit import sheets
from common.kit.errors import Invalid

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


def read_table(path: Path, limits: Limits = Limits()) -> sheets.Sheet:  # noqa: B008  it is frozen
    """`sheets.read` at no risk to the server; Invalid says in Russian why a file cannot be taken."""
    own = f"{limits.memory} {limits.processor}".split()
    command = [sys.executable, "-m", "server.kit.limited", str(path.absolute()), *own]
    said = Invalid(TOO_MUCH.format(name=path.name))
    try:
        done = subprocess.run(  # noqa: S603  our own program
            command, capture_output=True, timeout=limits.patience, check=False, cwd=_home()
        )
    except subprocess.TimeoutExpired:
        raise said from None
    if done.returncode != 0:
        raise said
    told: Any = _Plain(io.BytesIO(done.stdout)).load()
    if isinstance(told, str):
        raise Invalid(told)
    name, headers, rows = told
    return sheets.Sheet(name, headers, rows)


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


def main() -> int:
    """The child: a refusal is its words, a table is (name, headers, rows)."""
    path, memory, processor = sys.argv[1:]
    _limit(int(memory), int(processor))
    try:
        sheet = sheets.read(Path(path))
        said: Any = (sheet.name, sheet.headers, sheet.rows)
    except Invalid as fault:
        said = fault.message
    sys.stdout.buffer.write(pickle.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
