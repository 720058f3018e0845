"""Papers by templates of Word, for what is chosen in front: a list's rows, or the card that is open."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from client.kit.list_screen import ListScreen
from client.kit.record_page import RecordPage
from client.shell.by_template import ByTemplate, FieldsWindow, words_of
from client.shell.frame import MainFrame
from client.store.store import Store
from client.store.templating import Made

FIELDS = "fields"
CHOOSE = "Выберите записи в списке или откройте карточку: по ним и делается документ"
FIRST = "Сначала запишите карточку (Ctrl+S): документ делается по записанному"


class Templates(QObject):
    """`opened(Path)` for the paper that was made, or the folder of several."""

    opened = Signal(object)

    def __init__(self, store: Store, frame: MainFrame, settings: QSettings) -> None:
        super().__init__(frame)
        self.store, self.frame, self.settings = store, frame, settings
        self.opened.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))

    def print(self) -> None:
        """Ctrl+Shift+P."""
        found = self._chosen()
        if isinstance(found, str):
            self.frame.set_status(found)
            return
        asked = ByTemplate(self.store, *found, self.settings, self.frame)
        asked.made.connect(self._tell)
        asked.fields_asked.connect(asked.reject)  # over the window that it was asked from
        asked.fields_asked.connect(lambda: self._fields(found[0]))
        asked.open()

    def open_fields(self) -> None:
        found = self._subject()
        if found is None:
            self.frame.set_status("Откройте список или карточку: поля у каждого свои")
        else:
            self._fields(found)

    def _fields(self, entity: str) -> None:
        key = f"{FIELDS}:{entity}"
        if not self.frame.has_tab(key):
            made = FieldsWindow(entity)
            made.said.connect(self.frame.set_status)
            self.frame.open_tab(key, "Поля шаблонов", made, "list-tree")
        self.frame.open_tab(key, "", self.frame.tab(key))

    def _subject(self) -> str | None:
        match self.frame.current_page():
            case ListScreen() as listed:
                return listed.spec.main
            case RecordPage() as page:
                plan = page.form.plan
                return str(plan.part(plan.main).spec.name)
            case _:
                return None

    def _chosen(self) -> tuple[str, list[UUID]] | str:
        """The entity and the records, or why there are none."""
        page, entity = self.frame.current_page(), self._subject()
        if entity is None:
            return CHOOSE
        if isinstance(page, RecordPage):
            stored = page.form.held[page.form.plan.main].stored and not page.form.is_dirty()
            return (entity, [page.main_id()]) if stored else FIRST
        assert isinstance(page, ListScreen)  # noqa: S101  the other that has a subject
        current = page.table.current_key()
        keys = page.table.selected_keys() or ([] if current is None else [current])
        return (entity, [UUID(str(key)) for key in keys]) if keys else CHOOSE

    def _tell(self, made: Made) -> None:
        self.frame.set_status(words_of(made))
        if made.files:
            one = len(made.files) == 1
            self.opened.emit(made.files[0] if one else Path(made.files[0]).parent)
