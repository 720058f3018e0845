"""Into the basket from a list, «Отменить», and a look at what is in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from PySide6.QtCore import QObject

from client.kit.background import Background
from client.kit.words import sentence
from client.shell.basket_screen import BasketScreen
from client.shell.frame import MainFrame
from client.store import basket
from client.store.store import Store
from common.kit.entity import spec_of
from common.kit.errors import NotAllowed, RuleBroken
from common.kit.lists import ListSpec
from common.kit.sync import Operation
from common.kit.words import counted

UNSAVED = "Здесь есть несохранённые изменения: запишите их или закройте"


class Deleting(QObject):
    def __init__(self, store: Store, frame: MainFrame, background: Background) -> None:
        super().__init__(frame)
        self.store, self.frame, self.background = store, frame, background

    def delete(self, spec: ListSpec, tabs: Mapping[str, str]) -> None:
        """The records of these ids, with the keys of their tabs; one that is open and unsaved is shown and stays."""
        for key in filter(self.frame.has_tab, tabs.values()):
            if self.frame.tabs.is_dirty(key):
                self.frame.open_tab(key, "", self.frame.tab(key))
                self.frame.set_status(UNSAVED)
                return
        words = self._words(spec, list(tabs))
        self._ask(words, tabs.values(), lambda: basket.delete(self.store, spec.main, list(tabs)))

    def delete_merged(self, spec: ListSpec, id: UUID) -> None:
        """A record whose values went over to another, with what it alone has brought."""
        words = f"{self._words(spec, [id.hex])}; её значения в другой записи"
        self._ask(words, (), lambda: self._merged(spec, id))

    def _merged(self, spec: ListSpec, id: UUID) -> list[Operation]:
        record = self.store.get(spec.main, id) or {}
        made = basket.delete(self.store, spec.main, [id.hex])
        described = spec_of(spec.main)
        for reference in described.brings:
            target, brought = described[reference].target, record.get(reference)
            if target and brought is not None:
                with suppress(RuleBroken, NotAllowed):  # somebody else needs it, or keeps it
                    made += basket.delete(self.store, target, [brought.hex])
        return made

    def _ask(
        self, words: str, tabs: Collection[str], act: Callable[[], Sequence[Operation]]
    ) -> None:
        self.background.ask(
            "basket",
            act,
            lambda made: self._deleted(words, tabs, made),
            lambda fault: self.frame.notice.say(sentence(fault.message)),
        )

    def _words(self, spec: ListSpec, ids: Sequence[str]) -> str:
        """One record is named as its row began."""
        if len(ids) > 1:
            moved = counted(
                len(ids), "запись перемещена", "записи перемещены", "записей перемещено"
            )
            return f"{moved} в корзину"
        number = self.store.list_number(spec.name, ids[0])
        rows = self.store.list_page(spec.name, [number]) if number is not None else []
        named = ", ".join(text for row in rows for text in row.texts[:2] if text)
        return f"{spec.entity.__one__}: {named} — в корзине"

    def _deleted(self, words: str, tabs: Collection[str], made: Sequence[Operation]) -> None:
        for key in tabs:
            self.frame.close_tab(key)
        self.frame.undo_bar.offer(words, lambda: self._restore(made))

    def _restore(self, made: Sequence[Operation]) -> None:
        self.background.ask(
            "basket",
            lambda: basket.restore(self.store, made),
            lambda _made: self.frame.set_status("Возвращено из корзины"),
        )

    def look(self, spec: ListSpec) -> None:
        """The basket of one list, in a tab of its own."""
        key = f"basket:{spec.name}"
        if self.frame.has_tab(key):
            self.frame.open_tab(key, "", self.frame.tab(key))
            return
        screen = BasketScreen(self.store, spec)
        screen.restored.connect(
            lambda names: self.frame.set_status(f"Возвращено из корзины: {', '.join(names)}")
        )
        title = f"Корзина: {spec.title.lower()}"
        self.frame.open_tab(key, title, screen, "trash-2", section=spec.name)
