"""Says when the end of the journal is gone: a log of writes that was cut short or spoilt opens without a word, and shorter.

The cache, a file of its own, remembers how far the journal had come; it is written after the journal, so it is never ahead
of one that is whole.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from client.store.cache import Cache
from client.store.journal import Journal
from common.kit.words import counted

TOLD = (
    "Журнал этого компьютера короче, чем был: не сохранилось: {lost}. Его файл повреждён или заменён прежним. "
    "Проверьте, что набирали последним, и внесите недостающее снова. {aside}"
)
KEPT = "Копия журнала отложена в файл «{name}»: передайте её администратору"
NOT_KEPT = "Копию журнала отложить не удалось, на диске нет места: сообщите администратору"


def keep(cache: Cache, device: str, no: int) -> None:
    """An operation of that number stands in the journal."""
    cache.set_state(top=f"{device}:{no}")


def told(journal: Journal, cache: Cache, now: dt.datetime) -> str:
    """What is to be said of operations that were there and are not; empty where none is missing. Said once."""
    device, _, no = cache.top().rpartition(":")
    top = journal.top()
    lost = int(no) - top if device and device == journal.device else 0
    if lost <= 0:
        return ""
    try:
        aside = KEPT.format(name=_copy(journal.path, now).name)
    except OSError:
        aside = NOT_KEPT
    keep(cache, device, top)
    return TOLD.format(lost=counted(lost, "запись", "записи", "записей"), aside=aside)


def _copy(path: Path, now: dt.datetime) -> Path:
    """With its log of writes: what is behind the spoilt place may still stand there."""
    aside = path.with_name(f"{path.stem}-неполный-{now:%Y%m%d-%H%M%S}{path.suffix}")
    for tail in ("", "-wal"):
        other = path.with_name(path.name + tail)
        if other.exists():
            shutil.copy2(other, aside.with_name(aside.name + tail))
    return aside
