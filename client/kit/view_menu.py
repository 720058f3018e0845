"""The button «Вид: …» of a list and its panel: choose, save, save as, rename, delete, take the changes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.fields import FormatEdit
from client.kit.icons import icon
from client.kit.popover import Popover
from client.kit.theme import theme
from client.kit.views import PLAIN, View, Views, view_of
from client.kit.words import hint, plain
from common.kit import formats
from common.kit.keys import clean

ALL = "Весь список"
NEWER = "Сохранён более новой версией программы: его можно только смотреть"
LONGEST = 24
"""Letters of a view's name on the button."""
MOST_LETTERS = 60
PAUSE = 400
"""Milliseconds after the last change before it is kept."""


class ViewMenu(QObject):
    """`now` tells how the list is looked at, `show` makes it look so; `button` stands beside the quick filter.

    `chosen` when other rows may be wanted.
    """

    chosen = Signal()

    def __init__(
        self, views: Views, background: Background, now: Callable[[], View],
        show: Callable[[View], None],
    ) -> None:  # fmt: skip
        super().__init__(background)
        self.views, self.background, self.now, self.show = views, background, now, show
        self.plain = now()
        self.base = self.plain
        """What «*» is told against."""
        self.button = button("", "eye", run=self.open)
        self.panel: ViewPanel | None = None
        self._narrow = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.keep)

    def begin(self) -> None:
        """As the list was left the last time."""
        self._apply(self.views.chosen)
        if self.views.left is not None:
            self.show(self._whole(view_of(self.views.left)))
        self._tell()

    def _whole(self, view: View) -> View:
        return view if view.columns.order else self.plain

    def _apply(self, id: str) -> None:
        self.views.chosen = id
        self.show(self.plain if id == PLAIN else self._whole(self.views.view(id)))
        self.base = self.now()

    def is_changed(self) -> bool:
        return self.now() != self.base

    def touched(self) -> None:
        """The list is looked at in another way than a moment ago."""
        self._tell()
        self._pause.start()

    def keep(self) -> None:
        self._pause.stop()
        self.background.ask("view", self.views.keeping(self.now()), lambda _: None)

    def _tell(self) -> None:
        name = self.views.name(self.views.chosen) or ALL
        star = " *" if self.is_changed() else ""
        short = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
        words = star.strip() if self._narrow else f" {short}{star}"
        self.button.setText(words.replace("&", "&&"))
        state = ", изменён" if star else ""
        self.button.setAccessibleName(f"Вид списка: {name}{state}")
        self.button.setToolTip(hint(f"Вид списка: {name}{state}  Alt+V"))

    def fold(self, *, narrow: bool) -> None:
        """Where the list is narrow the name is in the tooltip; the «*» stays."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._tell()

    # ---- what the panel does

    def open(self) -> None:
        self.panel = ViewPanel(self.button, self)
        self.panel.open()

    def choose(self, id: str) -> None:
        self._apply(id)
        self._changed()
        self.chosen.emit()

    def reset(self) -> None:
        """Only the chosen view, as it was saved; the others stay as they are."""
        self.choose(self.views.chosen)

    def save(self) -> None:
        self.views.write_over(self.now())
        self._saved()

    def save_as(self, name: str) -> str | None:
        if said := self.views.refuse_name(name):
            return said
        self.views.add(name, self.now())
        self._saved()
        return None

    def rename(self, name: str) -> str | None:
        if said := self.views.refuse_name(name, but=self.views.chosen):
            return said
        self.views.rename(name)
        self._changed()
        return None

    def drop(self) -> None:
        """The name goes; the list stays as it is seen."""
        self.views.drop()
        self.base = self.plain
        self._changed()

    def _saved(self) -> None:
        self.base = self.now()
        self._changed()

    def _changed(self) -> None:
        """What a person has said of a view is kept at once, however soon he leaves."""
        self._tell()
        self.keep()


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
        self._views()
        self._ways()

    def _views(self) -> None:
        views = self.menu.views
        for id, name in [(PLAIN, ALL), *views.names()]:
            line = self._line(name, "", partial(self.menu.choose, id))
            if id == views.chosen:
                line.setIcon(icon("check", "accent"))
                line.setAccessibleName(f"{name}, выбран")
            if id != PLAIN and views.is_newer(id):
                line.setToolTip(hint(NEWER))
                line.setText(f"{line.text()}  (новее программы)")

    def _ways(self) -> None:
        menu, chosen = self.menu, self.menu.views.chosen
        own = self._own()
        if chosen != PLAIN and not own:
            told = plain(NEWER, role="muted")
            told.setWordWrap(True)
            self.body.addWidget(told)
        if menu.is_changed():
            if own:
                self._line("Сохранить изменения", "save", menu.save)
            self._line("Сбросить вид", "rotate-ccw", menu.reset)
        self.body.addWidget(plain("Название", role="muted"))
        self.body.addWidget(self.name)
        self.body.addWidget(self.said)
        self._line(
            "Сохранить как новый вид", "plus", lambda: self._named(menu.save_as), close=False
        )
        if own:
            self.name.set_value(menu.views.name(chosen))
            self._line("Переименовать", "pencil", lambda: self._named(menu.rename), close=False)
            self._line("Удалить вид", "trash-2", menu.drop)

    def _own(self) -> bool:
        """Does the chosen view have a name that may be written over?"""
        views = self.menu.views
        return views.chosen != PLAIN and not views.is_newer(views.chosen)

    def _line(
        self, words: str, icon_name: str, act: Callable[[], object], *, close: bool = True
    ) -> QPushButton:
        made = button(words, icon_name, quiet=True, run=lambda: self._do(act, close=close))
        made.setText(made.text().replace("&", "&&"))
        made.setProperty("role", "line")
        self.body.addWidget(made)
        return made

    def _do(self, act: Callable[[], object], *, close: bool) -> None:
        if close:
            self.close_quietly()
            self.anchor.setFocus()
        act()

    def _named(self, act: Callable[[str], str | None]) -> None:
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
        """Enter in the name: the changes go into the view of that name, or into a new one."""
        menu = self.menu
        if clean(self.name.line.text()) == menu.views.name(menu.views.chosen) and self._own():
            self._do(menu.save, close=True)
        else:
            self._named(menu.save_as)
        return True
