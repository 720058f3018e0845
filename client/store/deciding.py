"""The part of the store through which a person decides about operations in trouble, and hears what arrived for him."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from client.kit.records import Touched
from client.store import news
from client.store.decisions import Decisions, Trouble
from client.store.journal import Journal
from client.store.news import News
from common.kit.sync import HandedAnswer, Operation


class Deciding(ABC):
    """What it needs of the rest of the store is named first."""

    journal: Journal
    decisions: Decisions
    lock: threading.RLock

    @abstractmethod
    def mending(self) -> AbstractContextManager[None]: ...

    @abstractmethod
    def refresh(self, touched: Touched) -> None: ...

    @abstractmethod
    def tell(self, touched: Touched) -> None: ...

    # ---- what needs a person

    def troubles(self) -> list[Trouble]:
        """Operations in trouble with what was seen, one's own value and the centre's, by field."""
        with self.mending(), self.lock:
            return self.decisions.troubles()

    def decide(self, uuid: UUID, choices: Mapping[str, Any]) -> list[Operation]:
        """Settle an operation by the values its fields shall have."""
        return self._decided(lambda: self.decisions.decide(uuid, choices))

    def reissue(self, uuid: UUID) -> list[Operation]:
        """Send the same once more."""
        return self._decided(lambda: self.decisions.reissue(uuid))

    def revive(self, uuid: UUID) -> list[Operation]:
        """Take a record out of the basket of the centre and send the change of it again."""
        return self._decided(lambda: self.decisions.revive(uuid))

    def adopt(self, uuid: UUID, theirs: UUID) -> list[Operation]:
        """Take a record of the centre in the place of one's own new one."""
        return self._decided(lambda: self.decisions.adopt(uuid, theirs))

    def give_up(self, uuid: UUID, reason: str) -> list[Operation]:
        """Close an operation with a word why."""
        return self._decided(lambda: self.decisions.close(uuid, reason))

    def hand(self, uuid: UUID, word: str) -> list[Operation]:
        """Ask an administrator to mend and send it in his own name."""
        return self._decided(lambda: self.decisions.hand(uuid, word), also=[uuid])

    def hear(self, answers: Sequence[HandedAnswer]) -> None:
        """What administrators have done with what was handed to them."""
        if answers:
            self._decided(
                lambda: self.decisions.hear(answers), also=[answer.uuid for answer in answers]
            )

    def _decided(
        self, act: Callable[[], list[Operation]], *, also: Sequence[UUID] = ()
    ) -> list[Operation]:
        """`also` are operations whose records are shown anew though nothing is recorded about them."""
        with self.mending(), self.lock:
            made = act()
            touched: Touched = {}
            uuids = [*(op.uuid for op in made), *also]
            for entry in (self.journal.entry(uuid.hex) for uuid in uuids):
                for entity, id in entry.rows:
                    touched.setdefault(entity, set()).add(id)
            self.refresh(touched)
        self.tell(touched)
        return made

    # ---- what arrived

    def news(self) -> list[News]:
        with self.lock:
            return news.every(self.journal)

    def unread(self) -> int:
        with self.lock:
            return news.unread(self.journal)

    def read_news(self, places: Sequence[int] | None = None) -> None:
        """Those were read; without any, all were."""
        with self.lock:
            news.mark_read(self.journal, places)
