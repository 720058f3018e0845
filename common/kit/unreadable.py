"""The one fault of reading what a person typed."""

from __future__ import annotations


class Unreadable(ValueError):
    """The text cannot be taken for a value; the message is Russian and says how to write it."""
