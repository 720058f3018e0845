"""What a room adds to `epo-server`: an act on a ready engine, and how it speaks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from server.kit.session import Clock


class Act(Protocol):
    """A command on a ready engine; returns the exit code."""

    def __call__(self, engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int: ...


class Acts:
    """The commands beneath one word of `epo-server`."""

    def __init__(
        self,
        parser: argparse.ArgumentParser,
        shared: argparse.ArgumentParser,
        run: Callable[[Act], Any],
    ) -> None:
        """`run` makes of an act what the program calls."""
        self.below = parser.add_subparsers(dest="what", required=True)
        self.shared, self.run = shared, run

    def add(self, name: str, act: Act, help: str) -> argparse.ArgumentParser:
        command = self.below.add_parser(name, parents=[self.shared], help=help)
        command.set_defaults(run=self.run(act))
        return command


def print_json(said: Any) -> int:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(said), indent=1) + b"\n")
    return 0
