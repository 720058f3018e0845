"""A mounted file system that forgets, and its power cut."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.nursery import ROOT


def why_not() -> str:
    """The reason why no such file system can be mounted here; empty where it can."""
    if not Path("/dev/fuse").exists() or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "no /dev/fuse that this user may open"
    if shutil.which("fusermount3") is None:
        return "fusermount3 is not installed"
    return ""


@dataclass(frozen=True, slots=True)
class Power:
    mount: Path
    process: subprocess.Popen[str]

    def bring(self, source: Path) -> Path:
        """A durable copy of a file or a folder."""
        return self._copy(source, self.mount / source.name)

    def fill(self, source: Path) -> None:
        """With durable copies of all that a folder holds."""
        for each in source.iterdir():
            self._copy(each, self.mount / each.name)

    def _copy(self, source: Path, target: Path) -> Path:
        if source.is_dir():
            target.mkdir()
            for each in source.iterdir():
                self._copy(each, target / each.name)
            return target
        with target.open("wb") as copy:
            copy.write(source.read_bytes())
            copy.flush()
            os.fsync(copy.fileno())
        return target

    def cut(self) -> None:
        """Whoever wrote here must be dead already."""
        self.tell("cut")

    def tell(self, word: str) -> int:
        """`full`, `broken` or `well`; returns how many calls have failed by such trouble so far."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return int(self.hear(word))

    def hear(self, word: str) -> str:
        """The rest of the line that begins with the word."""
        assert self.process.stdout is not None
        heard, _, rest = self.process.stdout.readline().strip().partition(" ")
        assert heard == word, heard
        return rest


@contextmanager
def forgetting(mount: Path, seed: int = 1) -> Iterator[Power]:
    """On a folder that is there already, all is its owner's."""
    mount.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forgetting", str(mount), str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    made = Power(mount, process)
    made.hear("mounted")
    try:
        yield made
    finally:
        process.communicate()  # the end of its input unmounts it
