"""Holes of the kind that systems like this one really had, each a patch: the matrix must find every one.

`poe holes` plants them all; the suite plants two. A patch that no longer applies is made anew, not dropped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOLES = Path(__file__).with_name("holes")
COPIED = ("common", "server", "resources", "tests")


@dataclass(frozen=True)
class Hole:
    """A patch, the operation that shows it, and what the matrix says of it."""

    name: str
    operation: str
    finding: str

    @property
    def patch(self) -> Path:
        return HOLES / f"{self.name}.patch"


TEN = (
    Hole(
        "scope_forgotten",
        "push",
        "push: admission_secretary is shown person.last_name (P0) of k2",
    ),
    Hole("field_leaked", "pull", "pull: admission_reader is shown person.snils (P2) of k1"),
    Hole(
        "method_confused",
        "push",
        "push: admission_reader may save applicant P1 without the right: conflict",
    ),
    Hole(
        "export_unscoped", "export", "export: org_admin is shown campaign_stage.time_to (P0) of k2"
    ),
    Hole("job_result_readable", "result", "result: org_admin is shown person.last_name (P0) of k2"),
    Hole(
        "file_guessable",
        "fetch_file",
        "fetch_file: admission_reader is shown document_scan.name (P2) of k1",
    ),
    Hole("stale_role", "pull", "pull: whose_grant_ended is shown person.nationality (P3) of k1"),
    Hole("bucket_too_wide", "pull", "pull: admission_clerk is shown person.nationality (P3) of k1"),
    Hole("mass_assignment", "push", "push: admission_secretary may set person.deleted_at"),
    Hole(
        "sync_id_of_another_college",
        "offer",
        "offer: admission_secretary is shown person.last_name (P0) of k2",
    ),
)
BESIDE = (Hole("cookie_as_key", "me", "me: answers 200 to the key of a browser"),)
"""Of what has come since."""
ALL = TEN + BESIDE


def plant(hole: Hole, folder: Path) -> None:
    """A copy of the program with this hole; CalledProcessError where the patch does not apply."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    outside = os.environ | {"GIT_CEILING_DIRECTORIES": str(folder.parent)}
    command = ["git", "apply", "-C1", str(hole.patch)]
    subprocess.run(command, cwd=folder, env=outside, check=True)


def findings(hole: Hole) -> list[str]:
    """What the matrix says of the program with this hole."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "program"
        folder.mkdir()
        plant(hole, folder)
        command = [sys.executable, "-m", "tests.access.matrix", "--only", hole.operation]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 1 or done.stderr:
        return [f"the matrix ended with {done.returncode}: {done.stderr}"]
    return [line.partition("  ×")[0] for line in done.stdout.splitlines()]


def main() -> int:
    start, found = time.perf_counter(), 0
    for hole in ALL:
        said = findings(hole)
        seen = hole.finding in said
        found += seen
        sys.stdout.write(f"{'found' if seen else 'MISSED'} {hole.name}: {hole.finding}\n")
        if not seen:
            sys.stdout.write("".join(f"    {line}\n" for line in said[:12]))
    seconds = time.perf_counter() - start
    sys.stdout.write(f"planted {len(ALL)}, found {found}, {seconds:.0f} s\n")
    return 0 if found == len(ALL) else 1


if __name__ == "__main__":
    sys.exit(main())
