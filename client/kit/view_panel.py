"""The panel of a list's views: one's own, the office's, and what may be done with the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from client.kit.buttons import button
from client.kit.fields import FormatEdit
from client.kit.icons import icon
from client.kit.popover import Popover
from client.kit.theme import theme
from client.kit.views import PLAIN
from client.kit.words import hint, plain
from common.kit import formats
from common.kit.keys import clean

if TYPE_CHECKING:
    from client.kit.view_menu import ViewMenu

ALL = "Весь список"
NEWER = "Сохранён более новой версией программы: его можно только смотреть"
MOST_LETTERS = 60


class ViewPanel(Popover):
    """Up and Down go along its lines, Enter does what a line says; in the name it saves."""

    def __init__(self, anchor: QWidget, menu: ViewMenu) -> None:
        super().__init__(anchor)
        self.menu = menu
        self.name = FormatEdit(formats.TEXT, "Название вида")
        self.name.line.setMaxLength(MOST_LETTERS)
        self.said = plain("", role="muted")
        self.said.setProperty("tone", "error")
        self.said.setWordWrap(True)
        self.said.hide()
        self._inside.setMinimumWidth(theme().px(300))
        views = menu.views
        self._lines([(PLAIN, ALL), *views.names()])
        if shared := list(views.office_names()):
            self._heading("Общие виды")
            self._lines(shared)
        self._ways()

    def _lines(self, names: Iterable[tuple[str, str]]) -> None:
        views = self.menu.views
        for id, name in names:
            line = self._line(name, "", partial(self.menu.choose, id))
            whose = "общий вид " if views.is_shared(id) else ""
            line.setAccessibleName(f"{whose}{name}")
            if id == views.chosen:
                line.setIcon(icon("check", "accent"))
                line.setAccessibleName(f"{whose}{name}, выбран")
            if views.is_newer(id):
                line.setToolTip(hint(NEWER))
                line.setText(f"{line.text()}  (новее программы)")

    def _ways(self) -> None:
        menu, views, chosen = self.menu, self.menu.views, self.menu.views.chosen
        self._heading("Выбранный вид")
        shared, may = views.is_shared(chosen), views.may_change(chosen)
        if views.is_newer(chosen):
            self._note(NEWER)
        for said in views.left_out(chosen):
            self._note(f"Не показано: {said}")
        if menu.is_changed():
            if may:
                words = "Сохранить для всех" if shared else "Сохранить изменения"
                self._line(words, "save", menu.save)
            self._line("Сбросить вид", "rotate-ccw", menu.reset)
        self._note("Название")
        self.body.addWidget(self.name)
        self.body.addWidget(self.said)
        if chosen != PLAIN:
            self.name.set_value(views.name(chosen))
        self._named("Сохранить себе" if shared else "Сохранить как новый вид", "plus", menu.save_as)
        if views.office.may and not shared and not views.is_newer(chosen):
            self._named("Сделать общим", "users", menu.share)
        if may:
            self._named(
                "Переименовать у всех" if shared else "Переименовать", "pencil", menu.rename
            )
            self._line("Удалить у всех" if shared else "Удалить вид", "trash-2", menu.drop)

    def _heading(self, words: str) -> None:
        told = plain(words.upper(), role="group")
        told.setContentsMargins(9, 8, 0, 2)
        self.body.addWidget(told)

    def _note(self, words: str) -> None:
        told = plain(words, role="muted")
        told.setWordWrap(True)
        told.setContentsMargins(9, 0, 0, 0)
        self.body.addWidget(told)

    def _line(
        self, words: str, icon_name: str, act: Callable[[], object], *, close: bool = True
    ) -> QPushButton:
        made = button(words, icon_name, quiet=True, run=lambda: self._do(act, close=close))
        made.setText(made.text().replace("&", "&&"))
        made.setProperty("role", "line")
        self.body.addWidget(made)
        return made

    def _named(self, words: str, icon_name: str, act: Callable[[str], str | None]) -> None:
        """A line that takes the name from the field."""
        self._line(words, icon_name, lambda: self._with_name(act), close=False)

    def _do(self, act: Callable[[], object], *, close: bool) -> None:
        if close:
            self.close_quietly()
            self.anchor.setFocus()
        act()

    def _with_name(self, act: Callable[[str], str | None]) -> None:
        if said := act(clean(self.name.line.text())):
            self.said.setText(said)
            self.said.show()
            self._inside.adjustSize()
            self.setGeometry(self._place())
            self.name.setFocus()
            return
        self.close_quietly()
        self.anchor.setFocus()

    def take_enter(self, field: QWidget) -> bool:
        """Enter in the name: the changes go into the view of that name, or into a new one of one's own."""
        menu, views = self.menu, self.menu.views
        named = clean(self.name.line.text()) == views.name(views.chosen)
        if named and views.may_change(views.chosen):
            self._do(menu.save, close=True)
        else:
            self._with_name(menu.save_as)
        return True
