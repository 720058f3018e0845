"""A view of a list that an office shares: how its rows are looked at, under a name, for everybody who reads the list.

A section whose lists are shared has an entity of its own that takes its columns from here:
`class AdmissionsView(SharedView, CollegeOwned)`; storing, sending, rights and the panel of views follow.

Nothing of it is P0: a condition, a word of the filter and the name itself may say who somebody is, and whoever sees
only what is open to all is told none of them. Conditions on documents and numbers lie in a column of their own (P2),
so that a view tells nobody more than its list would.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.orm import Mapped

from common.kit.columns import text
from common.kit.entity import describe, entities
from common.kit.kinds import P1
from common.kit.rights import Section
from common.kit.spec import EntitySpec

LONGEST = 20_000
NUMBERS = "asked_p2"
"""The column of the conditions on documents and numbers, where the lists of a section show any."""
UNREADABLE = "записано так, что эта версия программы этого не читает"

Told = Mapping[str, Any]


def read_part(text: str | None) -> dict[str, Any]:
    """What a column keeps as JSON; nothing where it cannot be read."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return {}


def write_part(said: Told) -> str:
    return msgspec.json.encode(said).decode() if said else ""


def _words(said: Any) -> str:
    """A list of texts in one line; whatever else stands there says nothing."""
    texts = said if isinstance(said, list) else [said]
    return ", ".join(each for each in texts if isinstance(each, str) and each)


def tell_layout(text: str) -> str:
    """The columns that it shows."""
    said = read_part(text)
    return _words(said.get("told")) or UNREADABLE


def tell_asked(text: str) -> str:
    """Its conditions and words."""
    if not text:
        return ""
    said = read_part(text)
    return _words([*_list(said.get("told")), said.get("words")]) or UNREADABLE


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


class SharedView:
    """Its columns, for the entity of a section."""

    name: Mapped[str] = text("Название вида", 60, pd=P1, search=True)
    list_name: Mapped[str] = text("Список", 60, pd=P1, in_list=False)
    layout: Mapped[str] = text(
        "Столбцы и порядок", LONGEST, pd=P1, in_list=False, atom="look", told=tell_layout
    )
    asked: Mapped[str] = text(
        "Отбор", LONGEST, pd=P1, in_list=False, atom="look", told=tell_asked, default=""
    )


@functools.cache
def shared_in(section: Section) -> EntitySpec | None:
    """The entity of the views that this section shares; None where it shares none."""
    found = (describe(e) for e in entities() if issubclass(e, SharedView))
    return next((spec for spec in found if spec.section is section), None)
