"""«Прежние годы…»: a year that this desk does not hold, read at the server into a tab of its own; nothing of it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client.admissions.screens import AdmissionPage
from client.kit.asking import Asking
from client.kit.background import Background
from client.kit.banner import Banner
from client.kit.forms import FieldRow
from client.kit.list_screen import ListScreen
from client.kit.pick import ChoiceEdit
from client.kit.records import Attachment
from client.kit.words import plain
from client.net.link import Link, Offline
from client.shell.file_desk import FileDesk
from client.shell.frame import MainFrame
from client.store.past import PastYear, earlier_years, sweep
from client.store.store import Store
from common.admissions.lists import APPLICANTS
from common.kit.errors import EpoError

READ_THERE = (
    "Только чтение: этот год лежит на сервере. Закроете вкладку — на компьютере ничего не останется"
)
OFFLINE = (
    "Нет связи с сервером, а прежние годы хранятся только на нём. Когда связь появится, "
    "нажмите «Обновить»"
)
NONE = "Прежних лет нет: все годы приёма, которые ведёт организация, есть на этом компьютере"
COMING = "Читаем с сервера…"


class ChooseYear(Asking):
    """`chosen(year)`."""

    chosen = Signal(int)

    def __init__(self, years: Sequence[tuple[int, str]], parent: QWidget) -> None:
        said = (
            "На компьютере хранятся записи последних лет приёма. Прежние годы читаются с сервера, "
            "для этого нужна связь"
        )
        super().__init__("Прежние годы", said, "Открыть", parent)
        self.year = ChoiceEdit([(year, f"{year} — {name}") for year, name in years], "Год приёма")
        self.year.set_value(years[0][0])
        self.fields.addWidget(FieldRow(self.year.label(), self.year, required=True))
        self.year.setFocus()

    def agree(self) -> None:
        year = self.year.value()
        if year is None:
            self.year.set_message("Выберите год", "error")
            self.year.setFocus()
            return
        self.accept()
        self.chosen.emit(year)


class YearPage(QWidget):
    """The list of one year, and over it the card of one record; `loaded` when it came, or it was said why not; `print_asked(id)`."""

    loaded = Signal()
    print_asked = Signal(str)

    def __init__(
        self, past: PastYear, server: str, frame: MainFrame, reading: Background,
        tones: Mapping[str, str],
    ) -> None:  # fmt: skip
        super().__init__()
        self.past, self.server, self.frame, self.reading = past, server, frame, reading
        self.files: FileDesk | None = None
        self.card: AdmissionPage | None = None
        self.said = Banner("warn")
        spec = replace(APPLICANTS, title=f"Приём {past.year} года")
        self.list = ListScreen(past, spec, tones=tones, empty="В этом году заявлений нет")
        self.list.add_button("Обновить", "refresh-cw", self.reload)
        self.list.opened.connect(lambda id: self.open_card(UUID(id)))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        body = QVBoxLayout(self)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.said)
        body.addWidget(self.stack, 1)
        self.setFocusProxy(self.list)
        self.reload()

    def reload(self) -> None:
        self.said.say("")
        self.list.set_note(COMING)
        token = str(self.past.desk.journal.fact("token", ""))

        def run() -> None:
            with closing(Link(self.server, token)) as link:
                self.past.load(link)

        self.reading.ask(f"year {id(self)}", run, self._loaded, self._refuse, owner=self)

    def _loaded(self, _: object) -> None:
        self.list.set_note(READ_THERE)
        self.list.reload()
        self.loaded.emit()

    def _refuse(self, fault: EpoError) -> None:
        self.list.set_note(READ_THERE)
        self.said.say(OFFLINE if isinstance(fault, Offline) else fault.message)
        self.list.table.show_loading("Год ещё не прочитан")
        self.loaded.emit()

    # ---- a card

    def open_card(self, id: UUID) -> None:
        """As it stands at the server; whoever is shown restricted data is noted as always."""
        page = AdmissionPage(self.past, id)
        page.only_read()
        page.add_button("К списку", "Esc", "arrow-left", self.back)
        note = plain(READ_THERE, role="muted")
        note.setWordWrap(True)
        note.setContentsMargins(16, 0, 16, 4)
        page.body.insertWidget(1, note)
        page.print_asked.connect(self.print_asked)
        page.open_asked.connect(lambda other: self.open_card(UUID(other)))
        page.file_asked.connect(self._open_file)
        self._drop_card()
        self.card = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.setFocus()

    def back(self) -> None:
        self._drop_card()
        self.list.table.view.setFocus()

    def _drop_card(self) -> None:
        page, self.card = self.card, None
        if page is not None:
            self.stack.removeWidget(page)
            page.deleteLater()

    def _open_file(self, file: Attachment) -> None:
        self.files = self.files or FileDesk(self.past, self.server, self.frame)
        self.files.open(file)


class PastYears(QObject):
    """Opens years, and closes their files after the last question about them; `print_asked(past, id)`."""

    print_asked = Signal(object, str)

    def __init__(self, store: Store, frame: MainFrame, tones: Mapping[str, str]) -> None:
        super().__init__(frame)
        self.store, self.frame, self.tones = store, frame, tones
        self.reading = Background(self)
        """It outlives the tabs: what is being read when one is closed is closed after it."""
        self.open_ones: set[PastYear] = set()
        sweep(store.profile)

    def ask(self) -> None:
        years = earlier_years(self.store)
        if not years:
            self.frame.set_status(NONE)
            return
        dialog = ChooseYear(years, self.frame)
        dialog.chosen.connect(self.open)
        dialog.open()

    def open(self, year: int) -> None:
        key = f"year:{year}"
        if self.frame.has_tab(key):
            self.frame.open_tab(key, "", self.frame.tab(key))
            return
        past = PastYear(self.store, year)
        self.open_ones.add(past)
        server = str(self.store.journal.fact("server", ""))
        page = YearPage(past, server, self.frame, self.reading, self.tones)
        page.print_asked.connect(partial(self.print_asked.emit, past))
        page.destroyed.connect(partial(self._gone, past))
        self.frame.open_tab(key, f"Приём {year}", page, "history", section=APPLICANTS.name)

    def _gone(self, past: PastYear, _page: object = None) -> None:
        if past in self.open_ones:
            self.open_ones.remove(past)
            self.reading.ask(f"close {past.profile.name}", past.close, lambda _: None)

    def end(self) -> None:
        """With the window: nothing of any year stays."""
        self.reading.wait()
        for past in self.open_ones:
            past.close()
        self.open_ones.clear()
