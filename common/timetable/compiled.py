"""The kernel compiled by numba, an optional extra; without it the same functions run as plain Python."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Protocol, cast

from common.timetable import kernel, kernel_lines, kernel_pairs, search

PARTS = (kernel_lines, kernel_pairs, kernel, search)
"""In the order in which they use each other."""


class Kernel(Protocol):
    """What the solver calls; `cells` is a list or an array."""

    def build(self, m: Any, order: int) -> None: ...
    def tabu(self, m: Any, steps: int, learning: int) -> int: ...
    def anneal(self, m: Any, steps: int, heat: int) -> None: ...
    def return_to_best(self, m: Any) -> None: ...
    def set_weights(self, m: Any, weight: int, soft: int) -> None: ...


def plain() -> Kernel:
    return cast("Kernel", search)


def has_compiler() -> bool:
    return importlib.util.find_spec("numba") is not None


@cache
def compiled() -> Kernel:
    """A second copy of the kernel's modules whose functions numba compiles at their first call.

    What is compiled once is kept in the user's cache, under a name that changes with the source and with the effort
    that NUMBA_OPT allows.
    """
    import numba  # noqa: PLC0415  an extra: the package must load without it

    sources = [Path(str(part.__file__)).read_bytes() for part in PARTS]
    layout = (Path(str(search.__file__)).parent / "layout.py").read_bytes()
    made_by = f"{numba.__version__} {vars(numba.config)['OPT']}"
    mark = hashlib.sha256(b"".join([*sources, layout, made_by.encode()])).hexdigest()
    vars(numba.config)["CACHE_DIR"] = str(cache_folder() / mark[:16])
    made: dict[str, Any] = {}
    module: ModuleType = search
    for part in PARTS:
        module = copy_of(part)
        for name, value in list(vars(module).items()):
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                made[name] = numba.njit(value, cache=True)
            if name in made:
                setattr(module, name, made[name])
    return cast("Kernel", module)


def copy_of(part: ModuleType) -> ModuleType:
    """The module loaded again, so that the plain one stays plain; numba must find it by name."""
    name = f"{part.__name__}_compiled"
    spec = importlib.util.spec_from_file_location(name, part.__file__)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "epo-timetable"


def as_array(cells: list[int]) -> Any:
    """The same cells as compiled code takes them."""
    import numpy as np  # noqa: PLC0415  comes with numba

    return np.array(cells, dtype=np.int64)
