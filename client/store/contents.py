"""Which contents of files the records and the own operations of this desk speak of."""

from __future__ import annotations

from collections.abc import Iterator

from client.store.file_box import FileBox
from client.store.journal import UNSETTLED, Journal
from client.store.overlay import Overlay
from common.kit.attached import FileState, attached
from common.kit.entity import describe
from common.kit.sync import Save


def awaited(overlay: Overlay) -> Iterator[tuple[str, str, str]]:
    """(entity, id, content) of every record whose file the centre has not got."""
    for spec in map(describe, attached()):
        ids = overlay.ids(spec.name, "state", [FileState.AWAITED.value])
        for id, record in overlay.records(spec.name, ids).items():
            yield spec.name, id, record["content"]


def waiting(overlay: Overlay, box: FileBox) -> set[str]:
    """Contents that are here and not yet at the centre."""
    here = box.whole()
    return here and here & {content for _, _, content in awaited(overlay)}


def undecided(journal: Journal) -> set[str]:
    """Those of own operations that wait or need a person."""
    return _of_operations(journal, f" AND {UNSETTLED}")


def sent_from_here(journal: Journal) -> set[str]:
    """Those of all own operations that are kept: until two backups hold them a restored centre may ask again."""
    return _of_operations(journal, "")


def _of_operations(journal: Journal, which: str) -> set[str]:
    return {
        str(entry.op.body.set["content"][1])
        for spec in map(describe, attached())
        for entry in journal.entries(f"entity = ?{which}", spec.name)
        if isinstance(entry.op.body, Save) and "content" in entry.op.body.set
    }


def spoken_of(journal: Journal, overlay: Overlay) -> set[str]:
    """All that may still be seen, sent or decided about here; of anything else no byte stays."""
    found = undecided(journal)
    for spec in map(describe, attached()):
        records = overlay.records(spec.name, overlay.all_ids(spec.name))
        found.update(record["content"] for record in records.values())
    return found
