"""Messages are made ready before any thread reads one.

msgspec finishes the type of a message when it is first read; of two threads that first read it at once one meets the
half of a type, and the process dies without a word (seen as a server that fell under the first requests after its start).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import msgspec


@functools.cache
def ready_messages() -> int:
    """Finish the types of all messages, once; returns how many. Called before threads begin, when all are declared."""
    kinds = [*_declared(msgspec.Struct)]
    for kind in kinds:
        msgspec.msgpack.Decoder(kind)
    return len(kinds)


def _declared(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for each in kind.__subclasses__():
        yield each
        yield from _declared(each)
