"""The panel of sections at the left: words and icons, or icons alone where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from client.kit.icons import icon
from client.kit.theme import named, restyle, theme
from client.kit.words import ElidedLabel, hint, plain

WIDE, NARROW = 224, 56


class Navigation(QFrame):
    asked = Signal(str)

    def __init__(self, product: str, college: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nav")
        self.folded = False
        self._buttons: dict[str, QToolButton] = {}
        self._titles: dict[str, str] = {}
        self._groups: dict[str, tuple[QLabel, QVBoxLayout]] = {}
        self._exclusive = QButtonGroup(self)
        self._brand = self._make_brand(product, college)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(2)
        inside = named(QWidget(), "navBody")
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        self._area = area
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 10, 8, 8)
        whole.setSpacing(4)
        whole.addWidget(self._brand)
        whole.addWidget(area, 1)
        whole.addLayout(self.foot)
        theme().changed.connect(self._retheme)
        self._retheme()

    def _make_brand(self, product: str, college: str) -> QWidget:
        brand = QWidget()
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._product = ElidedLabel(product, role="heading")
        self._college = ElidedLabel(college, role="muted")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._product)
        names.addWidget(self._college)
        line = QHBoxLayout(brand)
        line.setContentsMargins(6, 0, 0, 6)
        line.setSpacing(9)
        line.addWidget(self._mark)
        line.addLayout(names, 1)
        return brand

    def set_college(self, name: str) -> None:
        self._college.setText(name)

    def add(self, key: str, title: str, icon_name: str, group: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "nav")
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setIcon(icon(icon_name, "muted", checked_tone="accent"))
        button.setAccessibleName(title)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.asked.emit(key))
        self._exclusive.addButton(button)
        self._buttons[key], self._titles[key] = button, title
        self._group(group).addWidget(button)
        self._dress(key)
        return button

    def _group(self, name: str) -> QVBoxLayout:
        if name not in self._groups:
            head = plain(name.upper(), role="group")
            head.setContentsMargins(10, 8, 4, 2)
            head.setVisible(bool(name) and not self.folded)
            members = QVBoxLayout()
            members.setSpacing(2)
            self._list.addWidget(head)
            self._list.addLayout(members)
            self._groups[name] = (head, members)
        return self._groups[name][1]

    def mark(self, key: str | None) -> None:
        """Show which section is open; None where the tab belongs to no section."""
        self._exclusive.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._exclusive.setExclusive(True)

    def has(self, key: str) -> bool:
        return key in self._buttons

    def sections(self) -> tuple[str, ...]:
        return tuple(self._buttons)

    def fold(self, *, folded: bool) -> None:
        if folded != self.folded:
            self.folded = folded
            self._retheme()

    def _retheme(self) -> None:
        look = theme()
        self.setFixedWidth(look.px(NARROW if self.folded else WIDE))
        self._mark.setPixmap(icon("graduation-cap", "accent").pixmap(look.px(26), look.px(26)))
        for widget in (self._product, self._college):
            widget.setVisible(not self.folded)
        for name, (head, _) in self._groups.items():
            head.setVisible(bool(name) and not self.folded)
        for key in self._buttons:
            self._dress(key)

    def _dress(self, key: str) -> None:
        look, button, title = theme(), self._buttons[key], self._titles[key]
        button.setIconSize(QSize(look.px(18), look.px(18)))
        room = look.px(WIDE) - look.px(84)
        shown = button.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room)
        restyle(button, "folded", self.folded)
        button.setText("" if self.folded else f"  {shown}")
        button.setToolTip(hint(title if self.folded or shown != title else ""))
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if self.folded
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
