"""One-time codes as people read and type them; the server makes and proves them, the desk knows one when it sees it."""

from __future__ import annotations

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
"""No sign that looks like another: 56^12 is 2^69."""
SIGNS = 12
GROUP = 4


def show_code(signs: str) -> str:
    """«ABcd-EFgh-JK23»."""
    return "-".join(signs[at : at + GROUP] for at in range(0, SIGNS, GROUP))


def code_key(typed: str) -> str:
    """What a person may type for it: spaces and hyphens do not count; empty where it cannot be a code."""
    signs = "".join(sign for sign in typed if sign not in " -‐–—\u00a0")
    return signs if len(signs) == SIGNS and set(signs) <= set(ALPHABET) else ""
