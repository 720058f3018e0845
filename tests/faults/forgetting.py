"""A file system that forgets at a power cut what nobody made durable; files live in the memory of this process.

`python -m tests.faults.forgetting MOUNT SEED` does what the lines of its input say and repeats each when it is done:
`cut`: each write since the file's last fsync is kept, dropped, or torn at a sector, by chance; a file that was never
made durable is gone. `full`, `broken`: from now on writes fail with ENOSPC, writes and syncs with EIO. `well`: no more.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mfusepy as fuse

SECTOR = 512
TROUBLES = {"full": errno.ENOSPC, "broken": errno.EIO, "well": 0}


@dataclass(slots=True)
class File:
    """`now` is what programs read; `durable` is None until the first fsync."""

    mode: int
    now: bytearray = field(default_factory=bytearray)
    durable: bytearray | None = None
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since the last fsync: (offset, data), or (length, None) for a truncation."""

    def write(self, offset: int, data: bytes) -> None:
        _write(self.now, offset, data)
        self.since.append((offset, data))

    def truncate(self, length: int) -> None:
        _truncate(self.now, length)
        self.since.append((length, None))

    def sync(self) -> None:
        if self.durable is None:
            self.durable = bytearray()
        for place, data in self.since:
            _put(self.durable, place, data)
        self.since.clear()

    def cut(self, chance: random.Random) -> None:
        """The power is gone: what was not synced survives in part."""
        kept = bytearray(self.durable or b"")
        for place, data in self.since:
            fate = chance.random()
            if fate < 0.4:
                continue
            if data is not None and fate < 0.6 and len(data) > SECTOR:
                _put(kept, place, data[: chance.randrange(SECTOR, len(data), SECTOR)])
            else:
                _put(kept, place, data)
        self.now, self.durable = kept, bytearray(kept)
        self.since.clear()


def _put(content: bytearray, place: int, data: bytes | None) -> None:
    if data is None:
        _truncate(content, place)
    else:
        _write(content, place, data)


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, length: int) -> None:
    del content[length:]
    content.extend(bytes(length - len(content)))


class Forgetting(fuse.Operations):
    """Folders stand for ever; the names of a file are durable with its first fsync."""

    use_ns = True

    def __init__(self, seed: int, owner: os.stat_result) -> None:
        self.owner = {"st_uid": owner.st_uid, "st_gid": owner.st_gid}
        self.files: dict[str, File] = {}
        self.folders = {"/"}
        self.guard = threading.RLock()
        self.trouble = 0
        """The errno of every write."""
        self.met = 0
        """Calls that have failed by it."""
        self.chance = random.Random(seed)  # noqa: S311  a fate, not a secret

    def obey(self, word: str) -> None:
        self.trouble = TROUBLES[word]

    def fail(self, *troubles: int) -> None:
        """Raises the present trouble where it is one of these."""
        if self.trouble in troubles:
            self.met += 1
            raise fuse.FuseOSError(self.trouble)

    def cut(self) -> None:
        with self.guard:
            self.files = {p: f for p, f in self.files.items() if f.durable is not None}
            for file in {id(f): f for f in self.files.values()}.values():
                file.cut(self.chance)

    def _file(self, path: str) -> File:
        with self.guard:
            if path not in self.files:
                raise fuse.FuseOSError(errno.ENOENT)
            return self.files[path]

    def getattr(self, path: str, fh: Any = None) -> dict[str, Any]:
        if path in self.folders:
            return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2, **self.owner}
        file = self._file(path)
        return {
            "st_mode": stat.S_IFREG | file.mode,
            "st_nlink": 1,
            "st_size": len(file.now),
            **self.owner,
        }

    def readdir(self, path: str, fh: Any) -> list[str]:
        start = path.rstrip("/") + "/"
        with self.guard:
            inside = [p for p in (*self.files, *self.folders) if p.startswith(start) and p != start]
        return [".", "..", *(p[len(start) :] for p in inside if "/" not in p[len(start) :])]

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        self.fail(errno.ENOSPC, errno.EIO)
        with self.guard:
            self.files[path] = File(mode & 0o777)
        return 0

    def open(self, path: str, flags: int) -> int:
        self._file(path)
        return 0

    def read(self, path: str, size: int, offset: int, fh: Any) -> bytes:
        with self.guard:
            return bytes(self._file(path).now[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: Any) -> int:
        self.fail(errno.ENOSPC, errno.EIO)
        with self.guard:
            self._file(path).write(offset, data)
        return len(data)

    def truncate(self, path: str, length: int, fh: Any = None) -> int:
        with self.guard:
            self._file(path).truncate(length)
        return 0

    def fsync(self, path: str, datasync: int, fh: Any) -> int:
        self.fail(errno.EIO)
        with self.guard:
            self._file(path).sync()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: Any) -> int:
        return 0

    def unlink(self, path: str) -> int:
        with self.guard:
            self._file(path)
            del self.files[path]
        return 0

    def rename(self, old: str, new: str) -> int:
        with self.guard:
            self.files[new] = self._file(old)
            del self.files[old]
        return 0

    def link(self, target: str, source: str) -> int:
        with self.guard:
            self.files[target] = self._file(source)
        return 0

    def mkdir(self, path: str, mode: int) -> int:
        self.folders.add(path)
        return 0

    def rmdir(self, path: str) -> int:
        self.folders.discard(path)
        return 0

    def chmod(self, path: str, mode: int) -> int:
        if path in self.files:
            self.files[path].mode = mode & 0o777
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        return 0

    def utimens(self, path: str, times: Any = None) -> int:
        return 0

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bavail": 1 << 19}


def main(mount: str, seed: str) -> None:
    """After a cut all is mounted anew: the kernel's pages of the files are gone too. All is the folder's owner's."""
    owner = Path(mount).stat()
    files, shared = Forgetting(int(seed), owner), owner.st_uid != os.getuid()
    unmount = [str(shutil.which("fusermount3")), "-u", "-z", mount]
    word, going_on = "mounted", True

    def say(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def listen() -> None:
        nonlocal word, going_on
        for line in sys.stdin:
            met, order = files.met, line.strip()
            if order == "cut":
                word = f"cut {met}"
                subprocess.run(unmount, check=True)
            else:
                files.obey(order)
                say(f"{order} {met}")
        going_on = False
        subprocess.run(unmount, check=True)

    threading.Thread(target=listen, daemon=True).start()
    while going_on:
        threading.Thread(target=_tell_when_mounted, args=(mount, say, word), daemon=True).start()
        plain = {"foreground": True, "nothreads": True, "attr_timeout": 0, "entry_timeout": 0}
        fuse.FUSE(files, mount, **plain, **({"allow_other": True} if shared else {}))
        files.cut()


def _tell_when_mounted(mount: str, say: Any, word: str) -> None:
    while not os.path.ismount(mount):
        os.sched_yield()
    say(word)


if __name__ == "__main__":
    main(*sys.argv[1:])
