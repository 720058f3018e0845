"""The network guard: a test that leaves the machine fails with the address it wanted."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

WATCHED = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})


class NetworkForbiddenError(RuntimeError):
    """Not an OSError: code that expects a broken network must not swallow it."""


def forbid_network() -> None:
    """For the rest of the process: an audit hook cannot be taken off."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in WATCHED:
        return
    host = arguments[0] if event == "socket.getaddrinfo" else _host(arguments[1])
    if not is_local(host):
        raise NetworkForbiddenError(f"{event} {host!r}: tests use loopback only")


def _host(address: Any) -> Any:
    """A path or an abstract name of a Unix socket is nobody else's machine."""
    return address[0] if isinstance(address, tuple) else None


def is_local(host: Any) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
