"""What stands in the way of storing: each fault a button that goes to its field, and a key that walks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

from client.kit.banner import Banner
from client.kit.buttons import button
from client.kit.fields import Editor
from client.kit.theme import theme
from client.kit.words import hint
from client.kit.wrap_row import WrapRow
from common.kit.words import counted

Fault = tuple[Editor | None, str]

MOST = 8
"""Faults that have a button; the whole of each stands beside its field too."""
AROUND, LEAST = 64, 280
"""Pixels at scale 1 around the words of a button, and those that they always have."""


class FaultList(Banner):
    """`jump(editor)` brings a field into sight and puts the focus there."""

    def __init__(self, jump: Callable[[Editor], object]) -> None:
        super().__init__("bad")
        self._jump = jump
        self.told: list[Fault] = []
        self.links: list[QPushButton] = []
        self._list = WrapRow()
        self.body.addLayout(self._list)

    def say(self, text: str, ways: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        self._drop_links()
        super().say(text, ways)

    def tell(self, faults: Sequence[Fault], head: str = "Не записано") -> None:
        """Nothing hides the list."""
        number = counted(len(faults), "ошибка", "ошибки", "ошибок")
        self.say(f"{head}: {number}. F8 — к следующей" if faults else "")
        self.told = list(faults)
        for editor, text in self.told[:MOST]:
            self.links.append(self._link(editor, text))
            self._list.addWidget(self.links[-1])
        self.updateGeometry()

    def next(self, focused: Editor | None) -> bool:
        """To the fault after the field in focus, round again from the last; False where there is none."""
        fields = [editor for editor, _ in self.told if editor is not None]
        if not fields:
            return False
        place = fields.index(focused) + 1 if focused in fields else 0
        self._jump(fields[place % len(fields)])
        return True

    def _link(self, editor: Editor | None, text: str) -> QPushButton:
        made = button(text, quiet=True)
        self._fit(made)
        made.setToolTip(hint(text))
        made.setEnabled(editor is not None)
        if editor is not None:
            made.clicked.connect(lambda: self._jump(editor))
        return made

    def _fit(self, link: QPushButton) -> None:
        """The whole of it where the banner is wide enough."""
        link.ensurePolished()
        room = max(self.width() - theme().px(AROUND), theme().px(LEAST))
        text = link.accessibleName()
        shown = link.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        link.setText(shown.replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for link in self.links:
            self._fit(link)

    def _drop_links(self) -> None:
        for link in self.links:
            self._list.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links, self.told = [], []
