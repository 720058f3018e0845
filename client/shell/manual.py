"""The manual in a window of its own, beside the work: contents and search at the left, the page at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from client.kit.buttons import icon_button
from client.kit.icons import icon
from client.kit.theme import named, theme, tokens
from client.kit.words import ElidedLabel
from common.kit import manual, resources
from common.kit.words import counted

PICTURES = (resources.path("pictures").resolve(), resources.path("icons").resolve())
MARGIN = 20

PAPER = """
body { color: %(text)s; font-size: %(letters)dpx; }
h1 { font-size: %(first)dpx; font-weight: 600; margin-bottom: 8px; }
h2 { font-size: %(second)dpx; font-weight: 600; margin-top: 20px; margin-bottom: 6px; }
h3 { font-size: %(third)dpx; font-weight: 600; margin-top: 14px; margin-bottom: 4px; }
p, li { line-height: 145%%; margin-bottom: 6px; }
a { color: %(accent)s; text-decoration: none; }
code { background-color: %(surface2)s; font-family: "DejaVu Sans Mono", "Consolas", monospace; }
table { border-collapse: collapse; }
th, td { padding: 5px 8px; border-bottom: 1px solid %(line)s; }
th { background-color: %(surface2)s; font-weight: 600; text-align: left; }
"""


class Reader(QTextBrowser):
    """Shows pages of the manual; of addresses in them it opens only other pages and the manual's own pictures."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "reader")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName("Страница руководства")
        self.document().setDocumentMargin(MARGIN)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.shown: manual.Page | None = None

    def show_page(self, page: manual.Page, place: str) -> None:
        if page is not self.shown:
            self.shown = page
            self.lay_out()
        if place:
            self.scrollToAnchor(place)
        else:
            self.verticalScrollBar().setValue(0)

    def lay_out(self) -> None:
        """Anew in the colours and letters of the moment."""
        if self.shown is None:
            return
        scale, colours = theme().scale, tokens()
        sizes = {n: round(px * scale) for n, px in SIZES.items()}
        names = ("text", "accent", "surface2", "line")
        look = sizes | {name: getattr(colours, name) for name in names}
        self.document().setDefaultStyleSheet(PAPER % look)
        self.setHtml(manual.to_html(self.shown))

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture as wide as the page at most; nothing from elsewhere."""
        address = name.toString() if isinstance(name, QUrl) else name
        place = resources.path(manual.FOLDER, address).resolve()
        wanted = kind == QTextDocument.ResourceType.ImageResource.value
        if not wanted or not any(place.is_relative_to(folder) for folder in PICTURES):
            return None
        picture = QImage(str(place))
        room = self.viewport().width() - 2 * MARGIN
        if picture.width() > room > 0:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        wider = event.size().width() != event.oldSize().width()
        part = self.verticalScrollBar().value() / max(1, self.verticalScrollBar().maximum())
        super().resizeEvent(event)
        if wider:
            self.lay_out()
            self.verticalScrollBar().setValue(round(part * self.verticalScrollBar().maximum()))


SIZES = {"letters": 14, "first": 22, "second": 17, "third": 15}


class ManualWindow(QWidget):
    """`open_at(link)` shows a page at a heading; Esc closes, Alt+← goes back, Ctrl+F searches.

    Esc clears a search from which nothing has been opened; once something has been read it closes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Руководство — АИС ЭПО")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        named(self, "root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.asked = QLineEdit()
        self.found = named(QListWidget(), "contents")
        self.reader = Reader()
        self.title = ElidedLabel(role="heading")
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.back = icon_button("arrow-left", "Назад  (Alt+←)", self.go_back)
        self.forward = icon_button("arrow-right", "Вперёд  (Alt+→)", self.go_forward)
        self.home = icon_button("book-open", "Оглавление  (Alt+Home)", self.go_home)
        self._past: list[str] = []
        self._ahead: list[str] = []
        self.link = ""
        self._opened = False
        """Has a page been opened from what is searched now?"""
        self._lay_out()
        self._wire()
        self._fill("")
        self.resize(min(theme().px(1000), 1180), min(theme().px(720), 800))

    def _lay_out(self) -> None:
        self.asked.setProperty("role", "quick")
        self.asked.setPlaceholderText("Найти в руководстве")
        self.asked.setAccessibleName("Найти в руководстве")
        self.asked.setToolTip("Слова в любом порядке и раскладке (Ctrl+F)")
        self.asked.setClearButtonEnabled(False)
        self.asked.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.found.setAccessibleName("Страницы руководства")
        self.found.setWordWrap(True)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 0, 12)
        column.setSpacing(8)
        column.addWidget(self.asked)
        column.addWidget(self.found, 1)
        above = QHBoxLayout()
        above.setSpacing(4)
        for each in (self.back, self.forward, self.home):
            above.addWidget(each)
        above.addWidget(self.title, 1)
        right = QWidget()
        page = QVBoxLayout(right)
        page.setContentsMargins(8, 12, 12, 12)
        page.setSpacing(8)
        page.addLayout(above)
        page.addWidget(self.reader, 1)
        parts = QSplitter()
        parts.addWidget(left)
        parts.addWidget(right)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        parts.setSizes([theme().px(280), theme().px(720)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _wire(self) -> None:
        self.asked.textChanged.connect(self._fill)
        self.asked.installEventFilter(self)
        self.found.itemActivated.connect(self._choose)
        self.found.itemClicked.connect(self._choose)
        self.reader.anchorClicked.connect(lambda url: self.open_at(url.toString(), near=True))
        theme().changed.connect(self.reader.lay_out)
        for keys, act in (
            ("Esc", self._escape),
            ("Alt+Left", self.go_back),
            ("Alt+Right", self.go_forward),
            ("Alt+Home", self.go_home),
            ("Ctrl+F", self.focus_search),
            ("Ctrl+W", self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def open_at(self, link: str, *, near: bool = False) -> None:
        """The place of a link; `near`: it was written on the page that is shown. An unknown one opens the contents."""
        if near and link.startswith("#"):
            link = self.link.partition("#")[0] + link
        target = manual.section(link)
        where = target.link if target else manual.CONTENTS
        if self.link and where != self.link:
            self._past.append(self.link)
            self._ahead.clear()
        self._show(where)

    def _show(self, link: str) -> None:
        self.link = link
        name, _, place = link.partition("#")
        page = manual.page(name)
        if page is not None:
            self.title.setText(page.title)
            self.reader.show_page(page, place)
        self.back.setEnabled(bool(self._past))
        self.forward.setEnabled(bool(self._ahead))
        self._mark(name)

    def _mark(self, name: str) -> None:
        """The page in the contents, where these are what is listed."""
        if not self.asked.text().strip():
            for row in range(self.found.count()):
                if self.found.item(row).data(LINK) == name:
                    self.found.setCurrentRow(row)

    def go_back(self) -> None:
        self._step(self._past, self._ahead)

    def go_forward(self) -> None:
        self._step(self._ahead, self._past)

    def _step(self, out: list[str], into: list[str]) -> None:
        if out:
            into.append(self.link)
            self._show(out.pop())

    def go_home(self) -> None:
        self.asked.clear()
        self.open_at(manual.CONTENTS)

    def focus_search(self) -> None:
        self.asked.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.asked.selectAll()

    def _escape(self) -> None:
        if self.asked.text() and not self._opened:
            self.asked.clear()
        else:
            self.close()

    def _fill(self, text: str) -> None:
        self._opened = False
        self.found.clear()
        if not text.strip():
            for page in manual.pages():
                self._add(page.title, page.name)
            self._mark(self.link.partition("#")[0])
            return
        hits = manual.search(text)
        titles = {page.name: page.title for page in manual.pages()}
        for hit in hits:
            self._add(hit.title if not hit.place else f"{hit.title}\n{titles[hit.page]}", hit.link)
        if hits:
            self.found.setCurrentRow(0)
            said = counted(len(hits), "место", "места", "мест")
        else:
            said = f"По словам «{text.strip()}» ничего нет. Esc вернёт оглавление"
            self._add(said, "")
        self.found.setAccessibleDescription(said)

    def _add(self, words: str, link: str) -> None:
        item = QListWidgetItem(words)
        item.setData(LINK, link)
        if not link:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.found.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        if link := item.data(LINK):
            self._opened = True
            self.open_at(link)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search line ↓ and ↑ walk what was found, Enter opens it, PgDn and PgUp turn the page."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in PAGES:
                self.reader.verticalScrollBar().triggerAction(PAGES[Qt.Key(event.key())])
                return True
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in steps:
                row = self.found.currentRow() + steps[Qt.Key(event.key())]
                self.found.setCurrentRow(min(max(row, 0), self.found.count() - 1))
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                for item in self.found.selectedItems():
                    self._choose(item)
                return True
        return super().eventFilter(watched, event)


PAGES = {
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}
LINK = Qt.ItemDataRole.UserRole
