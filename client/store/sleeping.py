"""The locked program (TRUST D-47): its files are shut and their key is gone; a password brings both back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from client.store.connection import SHUT
from client.store.profile import check_key
from client.store.store import Store


def is_asleep(store: Store) -> bool:
    return store.cache.connection is SHUT


def put_to_sleep(store: Store) -> None:
    """Whoever asks the store for anything hears Asleep, until it is woken. What is shut stays so."""
    with store.lock, store.reading:
        store.reader.close()
        store.cache.close()
        store.box.close()
        store.journal.sleep()
        store.reader = store.cache.connection = SHUT
        store.key = store.box.key = b""


@contextmanager
def woken(store: Store, key: bytes) -> Iterator[None]:
    """The journal is open within; the rest after it. Where anything goes wrong all is shut again; WrongKey."""
    check_key(store.profile, key)
    with ExitStack() as undo:
        undo.callback(put_to_sleep, store)
        with store.lock:
            store.key = store.box.key = key
            store.journal.wake(key)
        yield
        with store.lock:
            store.reopen_cache()
        undo.pop_all()
