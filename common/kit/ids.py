"""Identifiers: made where the record is made, sortable by time, written on the wire as 32 hex digits."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

REGION = UUID("00000000-0000-7000-8000-000000000042")
"""Stands where a college's id stands for what belongs to the whole region."""


def new_id() -> UUID:
    """A UUIDv7: unique without asking anybody, ordered by the moment it was made."""
    return UUID(int=uuid7().int)
