"""The main window: sections at the left, tabs above, the work in the middle, truth about the link at the foot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from client.kit.actions import Action, Actions, KeysDialog
from client.kit.buttons import button
from client.kit.focus import FieldWalk, press_focused
from client.kit.icons import icon
from client.kit.theme import named, restyle, theme
from client.kit.words import hint
from client.shell.keys import why_not
from client.shell.link import LinkState
from client.shell.navigation import Navigation
from client.shell.notice_bar import NoticeBar
from client.shell.status import StatusLine
from client.shell.tabs import Tabs
from client.shell.undo_bar import UndoBar

FOLD_UNDER = 1024
NARROW_SEARCH = 200
"""Pixels of the search line that large letters may not widen."""
NO_UNDO = "Отменять нечего: здесь ничего не изменено, или время отмены вышло"
NO_REDO = "Повторять нечего: здесь ничего не отменено"
USUAL, TITLE_BAR = (1440, 900), 40
"""Of the window, in the pixels of a screen at scale 1."""


@runtime_checkable
class MayRefuse(Protocol):
    """A tab's widget that asks before it goes: «Сохранить / Не сохранять / Отмена»."""

    def may_close(self) -> bool: ...


class MainFrame(QMainWindow):
    """`section_asked(key)` when a section is clicked; `search_asked(text)` by Enter in the search box;
    `search_edited(text)` on each letter of it; `waiting_asked` by the link state; `bell_asked`; `theme_asked(dark)`.
    """

    section_asked = Signal(str)
    search_edited = Signal(str)
    search_asked = Signal(str)
    waiting_asked = Signal()
    bell_asked = Signal()
    theme_asked = Signal(bool)
    tab_changed = Signal(str)
    tab_closed = Signal(str)
    uncovered = Signal()

    def __init__(self, product: str = "АИС ЭПО", college: str = "") -> None:
        super().__init__()
        self.setWindowTitle(f"{product} — {college}" if college else product)
        self.product = product
        self.nav = Navigation(product, college)
        self.tabs = Tabs()
        self.pages = QStackedWidget()
        self.search = QLineEdit()
        self.bell = button("", "bell", run=self.bell_asked.emit)
        self.undo_bar = UndoBar()
        self.notice = NoticeBar()
        self.status = StatusLine()
        self.actions_of_window = Actions(self)
        self.may_leave: Callable[[], bool] = lambda: True
        """Asked when the window is about to close and no tab refuses; False keeps it."""
        self._widgets: dict[str, QWidget] = {}
        self._section_of: dict[str, str] = {}
        self._behind = False
        self._build()
        self._wire()
        self._register_keys()
        self.resize(*USUAL)

    def open_on(self, room: QSize) -> None:
        """Show it, no larger than the room; over the whole screen where that has none for the usual size and a title bar."""
        self.resize(
            QSize(*USUAL).boundedTo(room)
        )  # nobody makes it as large as the screen where no one manages windows
        if room.width() > USUAL[0] and room.height() > USUAL[1] + TITLE_BAR:
            self.show()
        else:
            self.showMaximized()

    # building

    def _build(self) -> None:
        self._work = root = named(QWidget(), "root")
        self._layers = QStackedWidget()
        self._layers.addWidget(root)
        self.setCentralWidget(self._layers)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._top_bar())
        middle.addWidget(self.notice)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self.undo_bar)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.nav)
        across.addLayout(middle, 1)
        whole = QVBoxLayout(root)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        self.nav.foot.addWidget(self._theme_switch())
        self.set_news(0)

    def _top_bar(self) -> QFrame:
        bar = named(QFrame(), "topBar")
        self.search.setProperty("role", "quick")
        self.search.setPlaceholderText("Найти…  Ctrl+K")
        self.search.setToolTip("Человек, документ или команда (Ctrl+K)")
        self.search.setAccessibleName("Найти человека, документ или команду")
        self.search.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        line = QHBoxLayout(bar)
        line.setContentsMargins(8, 0, 12, 0)
        line.setSpacing(10)
        line.addWidget(self.tabs, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self.bell)
        line.addWidget(self.search)
        return bar

    def _theme_switch(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "nav")
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.theme_asked.emit(not theme().dark))
        self.theme_switch = button
        return button

    def _wire(self) -> None:
        self.nav.asked.connect(self.section_asked)
        self.tabs.currentChanged.connect(self._show_current)
        self.tabs.close_asked.connect(self.close_tab)
        self.search.textEdited.connect(self.search_edited)
        self.search.returnPressed.connect(lambda: self.search_asked.emit(self.search.text()))
        self.status.waiting_asked.connect(self.waiting_asked)
        theme().changed.connect(self._retheme)
        self._retheme()

    def _register_keys(self) -> None:
        add = self.actions_of_window.add
        add(Action("search", "Найти человека, документ или команду", "Ctrl+K", self.focus_search))
        add(Action("bell", "Уведомления: что пришло для вас", "Ctrl+B", self.bell_asked.emit))
        add(Action("theme", "Светлая или тёмная тема", "", self.theme_switch.click))
        add(Action("next_tab", "Следующая вкладка", "Ctrl+Tab", self.next_tab, "Вкладки"))
        add(
            Action(
                "previous_tab", "Предыдущая вкладка", "Ctrl+Shift+Tab", self.previous_tab, "Вкладки"
            )
        )
        add(Action("close_tab", "Закрыть вкладку", "Ctrl+W", self.close_current, "Вкладки"))
        for number in range(1, 10):
            add(
                Action(
                    f"tab_{number}", f"Вкладка {number}", f"Ctrl+{number}",
                    partial(self.tabs.setCurrentIndex, number - 1), "Вкладки",
                )
            )  # fmt: skip
        add(Action("next_area", "Следующая область окна", "F6", self.next_area))
        add(
            Action(
                "previous_area", "Предыдущая область окна", "Shift+F6", partial(self.next_area, -1)
            )
        )
        add(Action("keys", "Горячие клавиши", "Ctrl+F1", self.show_keys))
        add(Action("undo", "Отменить последнее: удаление, правку в форме", "Ctrl+Z", self.undo))
        add(
            Action("redo", "Повторить отменённое в форме", "Ctrl+Y", partial(self.undo, again=True))
        )
        add(Action("quit", "Закрыть программу", "Ctrl+Q", self.close))

    # sections and tabs

    def add_section(self, key: str, title: str, icon: str, group: str = "") -> None:
        self.nav.add(key, title, icon, group)
        if not self._widgets:
            self.nav.mark(None)

    def open_tab(
        self, key: str, title: str, widget: QWidget, icon: str = "file-text",
        *, section: str = "", closable: bool = True,
    ) -> None:  # fmt: skip
        """Show the tab of that key; the widget is taken only where there was none."""
        if key not in self._widgets:
            self._widgets[key] = widget
            self._section_of[key] = section or key
            self.pages.addWidget(widget)
            self.tabs.add(key, title, icon, closable=closable)
        if self._behind and self.tabs.count() > 1:
            return
        self.tabs.setCurrentIndex(self.tabs.place_of(key))
        self._show_current(self.tabs.currentIndex())
        self.focus_page()

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Tabs that are opened within stand there, and what is shown stays shown."""
        self._behind = True
        try:
            yield
        finally:
            self._behind = False

    def focus_page(self) -> None:
        """Keys go to what was asked for: to where they went there last, else to what the page puts first."""
        page = self.pages.currentWidget()
        focused: QWidget | None = self.focusWidget()  # the stub leaves out that there may be none
        if page is not None and (focused is None or not page.isAncestorOf(focused)):
            last: QWidget | None = page.focusWidget()
            (last or page).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def has_tabs(self) -> bool:
        return bool(self._widgets)

    def tab_keys(self) -> list[str]:
        return [*self._widgets]

    def tabs_in_order(self) -> list[str]:
        """As they stand in the row of tabs, where they can be moved."""
        return [self.tabs.key_at(place) for place in range(self.tabs.count())]

    def has_tab(self, key: str) -> bool:
        return key in self._widgets

    def tab(self, key: str) -> QWidget:
        return self._widgets[key]

    def current_page(self) -> QWidget | None:
        return self._widgets.get(self.current_tab())

    def current_tab(self) -> str:
        return self.tabs.key_at(self.tabs.currentIndex())

    def set_tab_title(self, key: str, title: str) -> None:
        self.tabs.rename(key, title)

    def set_dirty(self, key: str, *, dirty: bool) -> None:
        self.tabs.set_dirty(key, dirty=dirty)

    def close_tab(self, key: str) -> bool:
        """False where its widget refused."""
        widget = self._widgets.get(key)
        if widget is None:
            return True
        if isinstance(widget, MayRefuse) and not widget.may_close():
            return False
        del self._widgets[key]
        self.tabs.drop(key)
        self.pages.removeWidget(widget)
        widget.deleteLater()
        self.tab_closed.emit(key)
        self._show_current(self.tabs.currentIndex())
        return True

    def drop_tabs(self) -> None:
        """Close all without a question: nothing of it may be seen any more."""
        for key, widget in self._widgets.items():
            self.tabs.drop(key)
            self.pages.removeWidget(widget)
            widget.deleteLater()
        self._widgets.clear()

    def close_current(self) -> None:
        if self.tabs.may_close(self.tabs.currentIndex()):
            self.close_tab(self.current_tab())

    def undo(self, *, again: bool = False) -> None:
        """What was done to a list while it is told; else the last step in the form."""
        page = self.current_page()
        if not again and not self.undo_bar.isHidden():
            self.undo_bar.undo()
        elif not isinstance(page, FieldWalk) or not page.take_back(again=again):
            self.set_status(NO_REDO if again else NO_UNDO)

    def next_area(self, by: int = 1) -> None:
        """Sections, tabs, the work, the foot of the window, and round again."""
        areas: list[QWidget] = [self.nav, self.tabs, self.pages, self.status]
        inside = (n for n, area in enumerate(areas) if area.isAncestorOf(self.focusWidget()))
        place = next(inside, 1 if self.tabs.hasFocus() else -1 if by > 0 else 0)
        area = areas[(place + by) % len(areas)]
        if area is self.pages:
            self.focus_page()
        else:
            goal = area if area is self.tabs else _first_button(area)
            goal.setFocus(Qt.FocusReason.TabFocusReason)

    def next_tab(self, by: int = 1) -> None:
        if count := self.tabs.count():
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % count)

    def previous_tab(self) -> None:
        self.next_tab(-1)

    def _show_current(self, place: int) -> None:
        key = self.tabs.key_at(place)
        widget = self._widgets.get(key)
        if widget is None:
            self.nav.mark(None)
            return
        last: QWidget | None = widget.focusWidget()  # the stub leaves out that there may be none
        self.pages.setCurrentWidget(widget)
        if last is None and widget.isAncestorOf(self.focusWidget()):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)  # Qt has taken the first button of it
        section = self._section_of[key]
        self.nav.mark(section if self.nav.has(section) else None)
        self.tab_changed.emit(key)

    def cover(self, screen: QWidget) -> None:
        """Put a screen over all the work: nothing of it is seen, no key of it fires, nothing is closed."""
        while popup := QApplication.activePopupWidget():
            popup.close()
        QToolTip.hideText()
        for hung in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if hung is not self._layers and not hung.isWindow():
                hung.hide()  # lists and panels that lie over the work
        if self._layers.indexOf(screen) < 0:
            self._layers.addWidget(screen)
        self._layers.setCurrentWidget(screen)
        self.actions_of_window.enable(on=False)

    def uncover(self) -> None:
        self._layers.setCurrentWidget(self._work)
        self.actions_of_window.enable(on=True)
        self.uncovered.emit()

    @property
    def covered(self) -> bool:
        return self._layers.currentWidget() is not self._work

    def closeEvent(self, event: QCloseEvent) -> None:
        """A covered window asks nothing that would name a person: what is typed stays in its drafts."""
        if self.covered:
            super().closeEvent(event)
            return
        for key in list(self._widgets):
            widget = self._widgets[key]
            if isinstance(widget, MayRefuse) and not widget.may_close():
                self.tabs.setCurrentIndex(self.tabs.place_of(key))
                event.ignore()
                return
        if not self.may_leave():
            event.ignore()
            return
        super().closeEvent(event)

    # words around the work

    def set_link(self, state: LinkState) -> None:
        self.status.set_link(state)

    def set_news(self, number: int) -> None:
        """How much has arrived that is not read."""
        self.bell.setText(f" {number}" if number else "")
        said = f"Уведомления: новых {number}" if number else "Уведомления: новых нет"
        self.bell.setAccessibleName(said)
        self.bell.setToolTip(hint(f"{said}  (Ctrl+B)"))

    def set_user(self, name: str) -> None:
        self.status.user.set_name(name)

    def set_college(self, name: str) -> None:
        self.nav.set_college(name)
        self.setWindowTitle(f"{self.product} — {name}")

    def set_status(self, text: str) -> None:
        """News of what was done, or why it cannot be."""
        self.status.tell(text)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_keys(self) -> None:
        KeysDialog(self.actions_of_window, self).open()

    # look

    def _retheme(self) -> None:
        look = theme()
        dark = look.dark
        words = "Светлая тема" if dark else "Тёмная тема"
        self.theme_switch.setIcon(icon("sun" if dark else "moon", "muted"))
        self.theme_switch.setIconSize(QSize(look.px(18), look.px(18)))
        self.theme_switch.setAccessibleName(words)
        self.theme_switch.setToolTip(hint(words))
        self._fit()

    def _fit(self) -> None:
        look = theme()
        narrow = self.width() < look.px(FOLD_UNDER)
        self.nav.fold(folded=narrow)
        restyle(self.theme_switch, "folded", narrow)
        self.theme_switch.setText("" if narrow else f"  {self.theme_switch.accessibleName()}")
        self.theme_switch.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if narrow
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        self.search.setFixedWidth(min(look.px(140), NARROW_SEARCH) if narrow else look.px(270))
        self.search.setPlaceholderText("Найти…" if narrow else "Найти…  Ctrl+K")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nobody has taken: Enter on a button, a key that a line has left to the window, one that is not for here."""
        action = None if self.covered else self.actions_of_window.of_keys(event)
        if press_focused(self, event) or action is None:
            super().keyPressEvent(event)
        elif action.handler is not None:
            self.actions_of_window.trigger(action.id)
        elif not self._run_of_page(action.shortcut):
            self.set_status(why_not(action, self.current_page()))

    def _run_of_page(self, keys: str) -> bool:
        """Carry out what the page has by these keys; False where it has nothing."""
        page = self.current_page()
        for each in page.findChildren(QShortcut) if page is not None else ():
            owner = each.parent()
            seen = isinstance(owner, QWidget) and owner.isVisible()
            if seen and each.isEnabled() and each.key() == QKeySequence(keys):
                each.activated.emit()
                return True
        return False

    def minimumSizeHint(self) -> QSize:
        return QSize(720, 480)


def _first_button(area: QWidget) -> QWidget:
    """The checked one, else the first that the focus may go to."""
    takes = [
        each
        for each in area.findChildren(QAbstractButton)
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    return next((each for each in takes if each.isChecked()), takes[0] if takes else area)
