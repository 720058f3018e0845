"""Printing by a Word template of one's own, and the names that such a template may use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from client.kit.asking import Asking
from client.kit.buttons import button
from client.kit.long_work import LongWork
from client.kit.rows import Column, FixedRows, TextLine, answering
from client.kit.table import PagedTable
from client.kit.theme import theme
from client.kit.words import ElidedLabel, plain
from client.store.store import Store
from client.store.templating import Made, look, write_papers
from common.kit.entity import spec_of
from common.kit.errors import EpoError, Invalid
from common.kit.words import counted
from common.papers.docx_template import LARGEST
from common.papers.field_tree import walk
from common.papers.filling import Told
from common.papers.filters import FILTERS
from common.papers.nodes import Kind

SAID = (
    "Документы сохраняются на этот компьютер, каждый в свой файл Word; о печати будет запись "
    "в журнале посещений. Имена полей — в окне «Поля шаблонов»."
)
FILTER = "Шаблоны Word (*.docx)"
KEPT = "template/file"
MARGIN = 40
"""Pixels that a window leaves beside itself on a small screen."""


class FaultRows(FixedRows[TextLine]):
    columns = (
        Column("place", "Где", 200),
        Column("tag", "Метка", 170),
        Column("said", "Что не так", 440),
    )


class Template(NamedTuple):
    path: Path
    content: bytes
    told: Told


class ByTemplate(Asking):
    """`made(Made)` when the papers are there; `fields_asked` for the names that a template may use."""

    made = Signal(object)
    fields_asked = Signal()

    def __init__(
        self,
        store: Store,
        entity: str,
        ids: Sequence[UUID],
        settings: QSettings,
        parent: QWidget,
    ) -> None:
        super().__init__("Печать по шаблону Word", SAID, "Сделать документы…", parent)
        self.store, self.entity, self.ids, self.settings = store, entity, tuple(ids), settings
        self.template: Template | None = None
        self.resize(min(theme().px(880), parent.screen().availableGeometry().width() - MARGIN), 0)
        self.name = ElidedLabel("Шаблон не выбран", role="strong")
        self.choose_button = button("Выбрать шаблон…", "file-up", run=self.choose)
        self.fields_button = button(
            "Поля шаблонов…", "list", quiet=True, run=self.fields_asked.emit
        )
        self.meaning = plain("", role="muted")
        self.meaning.setWordWrap(True)
        self.trouble = plain("")
        self.trouble.setProperty("tone", "error")
        self.trouble.setWordWrap(True)
        self.faults = PagedTable(FaultRows([], {}), "Ошибки шаблона", empty="Ошибок нет")
        self.faults.setMinimumHeight(theme().px(220))
        self.faults.filter_asked.connect(lambda _text: self._narrow())
        self._lines: list[TextLine] = []
        self.work = LongWork()
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(self.fields_button)
        line.addWidget(self.choose_button)
        self.fields.addLayout(line)
        for widget in (self.meaning, self.trouble, self.faults, self.work):
            self.fields.addWidget(widget)
        for each in (self.choose_button, self.fields_button):
            each.setAutoDefault(False)
        for hidden in (self.trouble, self.faults):
            hidden.hide()
        self._explain()
        last = str(settings.value(KEPT, ""))
        self.choose_button.setFocus()
        if last:
            self.take(Path(last))

    def _explain(self) -> None:
        self.yes.setEnabled(self.template is not None and not self.template.told.faults)
        known = spec_of(self.entity)
        words = counted(len(self.ids), "запись", "записи", "записей")
        said = [f"«{known.title}»: {words}"]
        if self.template is not None:
            told = self.template.told
            faults = counted(len(told.faults), "ошибка", "ошибки", "ошибок")
            said.append(f"в шаблоне {faults}" if told.faults else "шаблон проверен, ошибок нет")
        self.meaning.setText("; ".join(said))

    # ---- the template

    def choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Шаблон Word", str(self.settings.value(KEPT, "")), FILTER
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Check it; what is wrong is listed by its place."""
        if self.work.busy:
            return
        self.trouble.hide()
        self.template = None
        self.name.setText(path.name)
        self._explain()
        self.work.run(
            f"Проверяется «{path.name}»",
            lambda _told: self._checked(path),
            self._taken,
            self._refused,
        )
        self.grow()

    def _checked(self, path: Path) -> Template:
        content = _read(path)
        return Template(path, content, look(self.store, self.entity, content))

    def _taken(self, template: Template) -> None:
        self.template = template
        self.settings.setValue(KEPT, str(template.path))
        self._list([(f.place, f.tag, f.said) for f in template.told.faults])
        self._explain()
        (self.faults.view if template.told.faults else self.yes).setFocus()

    def _list(self, said: Sequence[tuple[str, str, str]]) -> None:
        lines = [TextLine(str(n), texts) for n, texts in enumerate(said)]
        self._lines = lines
        self._narrow()
        self.faults.setVisible(bool(lines))
        self.grow()

    def _narrow(self) -> None:
        shown = answering(self._lines, self.faults.quick.text())
        self.faults.refresh(FaultRows(shown, {}), total=len(self._lines))

    def _refused(self, fault: EpoError) -> None:
        self.trouble.setText(fault.message)
        self.trouble.show()
        self._explain()
        self.choose_button.setFocus()
        self.grow()

    # ---- the papers

    def agree(self) -> None:
        if self.work.busy or not self.yes.isEnabled():
            return
        where = QFileDialog.getExistingDirectory(self, "Куда сохранить документы")
        if where:
            self.write(Path(where))

    def write(self, folder: Path) -> None:
        if self.template is None or self.work.busy:
            return
        path, content, _ = self.template
        self.trouble.hide()
        self.yes.setEnabled(False)
        self.work.run(
            "Документы делаются",
            lambda told: write_papers(
                self.store, self.entity, self.ids, path, content, folder, told
            ),
            self._made,
            self._refused,
        )
        self.grow()

    def _made(self, made: Made) -> None:
        if made.refused or made.why:
            self._refused(EpoError(words_of(made)))
            self._list([(name, "", why) for name, why in made.refused])
        else:
            self.accept()
        self.made.emit(made)

    def reject(self) -> None:
        """While papers are being made Esc stops that; once more closes the window."""
        if self.work.busy and self.template is not None:
            self.work.cancel()
        else:
            super().reject()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid(f"«{path.name}» слишком велик для шаблона: уменьшите картинки в нём")
        return path.read_bytes()
    except FileNotFoundError:
        raise Invalid(f"«{path.name}» больше нет на прежнем месте: выберите шаблон снова") from None
    except PermissionError:
        raise Invalid(f"«{path.name}» занят: закройте его в Word и выберите снова") from None
    except OSError as fault:
        raise Invalid(f"«{path.name}» не читается: {fault.strerror}") from fault


def words_of(made: Made) -> str:
    """For the status line."""
    said = [f"Сделано: {counted(len(made.files), 'документ', 'документа', 'документов')}"]
    if made.refused:
        said.append(f"не сделано: {len(made.refused)}")
    if made.why:
        said.append(made.why)
    if made.doubtful:
        said.append(
            f"проверьте падежи: {', '.join(made.doubtful[:3])}{'…' * (len(made.doubtful) > 3)}"
        )
    return "; ".join(said)


class FieldRows(FixedRows[TextLine]):
    columns = (
        Column("tag", "В шаблоне пишут", 420),
        Column("label", "Что это", 220),
        Column("kind", "Вид", 110),
        Column("sample", "Пример", 180),
    )


class FieldsWindow(QWidget):
    """Every name that a template about such records may use; Enter copies the tag."""

    said = Signal(str)

    def __init__(self, entity: str) -> None:
        super().__init__()
        self.entity = entity
        self.lines = [*_field_lines(entity), *_filter_lines()]
        self.table = PagedTable(FieldRows(self.lines, {}), "Поля шаблонов", empty="Такого поля нет")
        title = ElidedLabel(f"Поля шаблонов: {spec_of(entity).title.lower()}", role="title")
        how = plain(
            "Enter копирует метку: вставьте её в документ Word. Повтор: {% для строка из список %} "
            "… {% конец %}; выбор: {% если поле %} … {% иначе %} … {% конец %} — каждую метку в своём "
            "абзаце или в своей строке таблицы.",
            role="muted",
        )
        how.setWordWrap(True)
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 12, 16, 14)
        body.setSpacing(10)
        for widget in (title, how):
            body.addWidget(widget)
        body.addWidget(self.table, 1)
        self.setFocusProxy(self.table.quick)
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.opened.connect(self._copy)
        self._show()

    def _show(self) -> None:
        lines = answering(self.lines, self.table.quick.text())
        self.table.refresh(FieldRows(lines, {}), total=len(self.lines))

    def _copy(self, key: str) -> None:
        QGuiApplication.clipboard().setText(key)
        self.said.emit(f"Скопировано: {key}")


def _field_lines(entity: str) -> list[TextLine]:
    found = []
    for path, node in walk(entity):
        if node.kind is Kind.RECORD:
            continue
        name = ".".join(path)
        tag = f"{{% для строка из {name} %}}" if node.kind is Kind.LIST else f"{{{{ {name} }}}}"
        found.append(TextLine(tag, (tag, node.label, node.kind.label, node.sample)))
    return found


def _filter_lines() -> list[TextLine]:
    return [
        TextLine(f"| {name}", (f"… | {name}", each.does, "Написание", ""))
        for name, each in FILTERS.items()
    ]
