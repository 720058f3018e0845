"""Copy, export, import and paste as a person does them, on a desk without a network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

import common.all  # noqa: F401  the declarations
from client.net.link import Link
from client.shell.import_pages import CheckPage, ColumnsPage, SheetPage
from client.shell.import_state import pasted
from client.shell.tables import PICTURE
from client.store import importing
from client.store.exporting import TOO_MANY_PAGES, Reach
from client.store.store import Store
from client.store.syncing import run
from common.admissions.lists import APPLICANTS
from common.kit import sheets
from common.kit.entity import spec_of
from common.kit.examining import Fate
from common.kit.formats import SNILS
from common.kit.grids import read_grid, text_rows
from common.kit.labels import Names
from common.kit.progress import unwatched
from common.kit.rights import Action
from common.papers.tables import MOST_ROWS
from common.people.kinds import Sex
from tests.client.conftest import Dress
from tests.client.shell.table_desk import (
    CLERK,
    PATIENCE,
    SECRETARY,
    Desk,
    clip,
    people,
    press,
    snils,
)
from tests.demo_world import World
from tests.hostile import FORMULAS, MARKUP
from tests.widget_checks import everything_wrong

OpenDesk = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path, qtbot: QtBot, dress: Dress) -> Iterator[OpenDesk]:
    made: list[Desk] = []

    def build(people: list[dict[str, Any]] = [], role: Any = SECRETARY) -> Desk:  # noqa: B006  it is only read
        desk = Desk(tmp_path / "profile", qtbot, role)
        desk.put(people)
        made.append(desk)
        desk.show()
        return desk

    yield build
    for desk in made:
        desk.frame.close()
        desk.store.close()


# ---- out


def test_14_copied_rows_are_text_and_a_table_and_come_back_as_they_were(
    open_desk: OpenDesk,
) -> None:
    names = [*FORMULAS.values(), *MARKUP.values(), "0012"]
    desk = open_desk([
        {"last_name": name, "first_name": "Анна", "birth_date": dt.date(2010, 4, 11), "snils": "01234567890"}
        for name in names
    ])  # fmt: skip
    table = desk.screen.table
    table.view.setFocus()
    table.view.selectAll()
    held = Qt.KeyboardModifier.ControlModifier
    press(table.view, Qt.Key.Key_C, held | Qt.KeyboardModifier.ShiftModifier)
    data = QGuiApplication.clipboard().mimeData()
    head, *rows = text_rows(data.text())
    shown = [list(row) for row in table.model.source.rows(0, len(names))]
    places = [[c.id for c in table.model.source.columns].index(id) for id in table.shown_columns()]
    assert list(head) == [table.model.source.columns[p].title for p in places]
    assert [list(row) for row in rows] == [
        [" ".join(row[p].split()) or None for p in places] for row in shown
    ]
    assert not any(
        c.startswith(("=", "@", "+1+")) for r in data.text().splitlines() for c in r.split("\t")
    )
    html = data.html()
    assert "mso-number-format:'\\@'" in html
    assert "012-345-678 90" in html
    assert not any(sign in html for sign in ("<b>", "<img", "<script"))
    press(table.view, Qt.Key.Key_C, held)
    assert len(text_rows(QGuiApplication.clipboard().text())) == len(names)


def test_16_an_export_of_1_248_rows_is_reread_equal_with_no_formula_and_is_written_down_first(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    some = people(1_248)
    some[0]["last_name"], some[1]["last_name"] = "=1+1", "+1+cmd"
    desk = open_desk(some)
    path = tmp_path / "Мои документы" / "Люди за год.xlsx"
    path.parent.mkdir()
    assert desk.write(Reach.SEEN, path) == "Сохранено: Люди за год.xlsx, 1\u00a0248 строк"
    page = openpyxl.load_workbook(path).active
    assert page is not None
    above = [page.cell(n, 1).value for n in (1, 2)]
    assert above[0] == "Физические лица. Без отбора. Строк: 1\u00a0248"
    assert str(above[1]).endswith("Кузьмина О. П.")
    head = [cell.value for cell in page[3]]
    rows = list(page.iter_rows(min_row=4))
    shown = desk.screen.source.rows(0, 1_248)
    place, mine = head.index("СНИЛС"), [c.title for c in desk.screen.source.columns].index("СНИЛС")
    assert [row[place].value for row in rows] == [row[mine] for row in shown]
    assert {row[place].data_type for row in rows} == {"s"}
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    day = head.index("Дата рождения")
    assert rows[0][day].is_date
    assert {row[0].value for row in rows} >= {"=1+1", "+1+cmd"}
    assert desk.notes() == [{"kind": "export", "entity": "person", "rows": 1_248}]
    table = desk.screen.table
    table.view.selectAll()
    with desk.qtbot.waitSignal(table.copying.copied, timeout=PATIENCE):
        table.copying.copy(headed=False)
    assert len(text_rows(QGuiApplication.clipboard().text())) == 1_248


def test_a_filter_its_words_and_a_text_with_semicolons(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk(people(9))
    desk.screen.table.quick.setText("елкинаа")
    desk.screen.table.filter_asked.emit("елкинаа")
    desk.settle()
    seen = desk.screen.source.count()
    assert 0 < seen < 9
    desk.write(Reach.SEEN, tmp_path / "x.csv")
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert lines[0] == f"Физические лица. Отбор: елкинаа. Строк: {seen}"
    assert len(lines) == seen + 3
    desk.write(Reach.ALL, tmp_path / "y.csv")
    assert len((tmp_path / "y.csv").read_text("utf-8-sig").splitlines()) == 9 + 3


def test_a_list_on_paper_repeats_its_head_and_numbers_its_pages(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    import pypdfium2

    desk = open_desk(
        [*people(80), {"last_name": "<b>Щ" * 20, "first_name": "Щ" * 90, "birth_date": None}]
    )
    desk.write(Reach.SEEN, tmp_path / "Люди.pdf")
    book = pypdfium2.PdfDocument(tmp_path / "Люди.pdf")
    pages = [page.get_textpage().get_text_range() for page in book]
    assert len(pages) > 1
    assert all("Фамилия" in text for text in pages)
    assert f"стр. 2 из {len(pages)}" in pages[1]
    assert "<b>Щ" in "".join(pages)
    book.close()


def test_a_paper_that_nobody_reads_is_refused_and_nothing_is_said_to_have_left(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    desk = open_desk(people(2))
    desk.repeat(MOST_ROWS)
    said = desk.write(Reach.SEEN, tmp_path / "Люди.pdf")
    assert said == TOO_MANY_PAGES.format(most=MOST_ROWS, rows=2 * MOST_ROWS)
    assert desk.notes() == []
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_stopped_export_leaves_no_half_a_file(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk(people(3))
    desk.repeat(30_000)
    dialog = desk.dialog()
    dialog.write(Reach.SEEN, tmp_path / "Люди.xlsx")
    desk.qtbot.waitUntil(lambda: dialog.work._at[0] > 0, timeout=PATIENCE)
    dialog.reject()
    desk.qtbot.waitUntil(lambda: not dialog.work.busy, timeout=PATIENCE)
    assert dialog.trouble.text() == "Остановлено"
    assert [p.name for p in tmp_path.iterdir()] == ["profile"]


def test_what_the_role_may_not_see_is_not_there(open_desk: OpenDesk, tmp_path: Path) -> None:
    none = type(
        "Role", (), {"permissions": [p for p in CLERK.permissions if p.pd.value in ("P0", "P1")]}
    )
    desk = open_desk(people(1), none)
    for reach in Reach:
        desk.write(reach, tmp_path / f"{reach.name}.xlsx")
        headers = read_grid(tmp_path / f"{reach.name}.xlsx").rows[2]
        assert "Фамилия" in headers
        assert not {"СНИЛС", "ИНН", "Национальность"} & set(headers)


# ---- in

TITLES = "Фамилия\tИмя\tОтчество\tДата рождения\tСНИЛС\tПол"


def five_hundred() -> str:
    """As Excel puts them on the clipboard: spaces that do not break, days of all kinds, zeros at the front, spoilt numbers."""
    lines = [TITLES]
    for n in range(500):
        number = "1,12E+10" if n % 100 == 7 else SNILS.show(snils(n)).replace(" ", "\u00a0")
        day = ("11.04.2010", "1.9.2009", "2010-04-11", "31.02.2010")[3 if n % 100 == 9 else n % 3]
        lines.append(f"Ёлкина{'бвгде'[n % 5]}\tАнна\u00a0\t\t{day}\t{number}\tж")
    return "\r\n".join(lines)


def test_15_of_500_pasted_rows_the_good_ones_go_in_and_one_key_takes_all_back(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk()
    clip(five_hundred())
    view = desk.screen.table.view
    desk.screen.table.stack.setCurrentWidget(view)
    view.setFocus()
    press(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wizard = desk.wizard()
    page = wizard.page
    assert isinstance(page, CheckPage)
    assert (page.plan.count(Fate.NEW), page.plan.count(Fate.REFUSED)) == (490, 10)
    assert desk.store.all("person") == {}
    said = [line.why(page.every.headers) for line in page.plan.lines if line.faults]
    assert sum("Excel испортил число" in why for why in said) == 5
    assert sum("Такого дня нет" in why for why in said) == 5
    row = page.plan.lines[0]
    assert row.values["birth_date"] == dt.date(2010, 4, 11)
    assert (row.values["snils"], row.values["sex"]) == (snils(0), Sex.FEMALE)
    wizard.go_on()
    desk.rest(wizard)
    assert len(desk.store.all("person")) == 490
    assert desk.frame.undo_bar.text.text() == "490 записей создано"
    desk.front(view)
    press(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.tables.background.wait()
    assert desk.store.all("person") == {}


def test_a_pasted_picture_and_an_empty_clipboard_are_told_of(open_desk: OpenDesk) -> None:
    desk = open_desk()
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    QGuiApplication.clipboard().setMimeData(data)
    desk.tables.paste(desk.screen)
    assert desk.frame.notice.text.text() == PICTURE
    clip("  ")
    desk.tables.paste(desk.screen)
    assert desk.frame.notice.text.text().startswith("В буфере нет ячеек")


def test_cells_without_headers_stand_as_the_columns_of_the_screen(open_desk: OpenDesk) -> None:
    desk = open_desk()
    clip("Ёлкина\tАнна\tПетровна\t11.04.2010")
    desk.tables.paste(desk.screen)
    page = desk.wizard().page
    assert isinstance(page, CheckPage)
    (line,) = page.plan.lines
    assert line.fate is Fate.NEW
    assert [line.values[n] for n in ("last_name", "middle_name", "birth_date")] == [
        "Ёлкина", "Петровна", dt.date(2010, 4, 11),
    ]  # fmt: skip


def test_a_file_goes_in_by_keys_alone_and_its_titles_are_known_the_next_time(
    open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    path = tmp_path / "Список из школы № 5.xlsx"
    rows = [("Ёлкина", "Анна", "11.04.2010"), ("Белова", "Ольга", "32.04.2010")]
    sheets.write(path, "Лист", ["Фам. ребёнка", "Имя", "Д/р"], rows, ["Школа № 5"])
    desk.tables.read(desk.screen, path)
    wizard = desk.wizard()
    first = wizard.page
    assert isinstance(first, SheetPage)
    enter = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    press(first.head.line, *enter)
    page = desk.page(wizard)
    assert isinstance(page, ColumnsPage)
    assert [e.value() for e in page.editors.values()] == ["", "first_name", ""]
    for place, said in ((0, "Фамилия"), (2, "Дата рождения")):
        page.editors[place].line.setText(said)
        page.editors[place].settle()
    press(page.editors[0].line, *enter)
    check = desk.page(wizard)
    assert isinstance(check, CheckPage)
    assert [line.fate for line in check.plan.lines] == [Fate.NEW, Fate.REFUSED]
    assert "⚠ 32.04.2010" in check.every.rows(1, 2)[0]
    marked = tmp_path / "с пометками.xlsx"
    wizard.write_marks(marked)
    desk.rest(wizard)
    assert wizard.trouble.text() == "Сохранено: с пометками.xlsx"
    proposed: list[str] = []

    def choose(_parent: object, _title: str, place: str, _kinds: str) -> tuple[str, str]:
        proposed.append(place)
        return str(tmp_path / "список 1.2"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    wizard.save_marks()
    desk.rest(wizard)
    assert proposed == [str(path.with_name(f"{path.stem} с пометками.xlsx"))]
    assert wizard.trouble.text() == "Сохранено: список 1.2.xlsx"
    assert str(read_grid(marked).rows[3][3]).startswith("Дата рождения: Такого дня нет")
    desk.front(check.table.view)
    press(check.table.view, *enter)
    desk.rest(wizard)
    assert len(desk.store.all("person")) == 1
    assert importing.remembered(desk.store, spec_of("person"))["фам. ребенка"] == "last_name"


def test_an_exported_list_that_was_changed_comes_back_as_changes_and_no_more(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    desk = open_desk(people(3))
    path = tmp_path / "Люди.xlsx"
    desk.write(Reach.RECORDS, path)
    book = openpyxl.load_workbook(path)
    page = book.active
    assert page is not None
    place = [cell.value for cell in page[3]].index("Отчество") + 1
    page.cell(5, place).value = "Петровна"
    book.save(path)
    desk.tables.read(desk.screen, path)
    wizard = desk.wizard()
    wizard.go_on()
    wizard.go_on()
    desk.rest(wizard)
    check = wizard.page
    assert isinstance(check, CheckPage)
    assert [line.fate for line in check.plan.lines] == [Fate.SAME, Fate.CHANGED, Fate.SAME]
    wizard.go_on()
    desk.rest(wizard)
    names = sorted(str(p["middle_name"]) for p in desk.store.all("person").values())
    assert names == ["None", "None", "Петровна"]
    desk.frame.undo_bar.undo()
    desk.tables.background.wait()
    assert {p["middle_name"] for p in desk.store.all("person").values()} == {None}


def test_the_centre_takes_what_was_loaded_and_takes_it_back(
    filled_store: Store, region: World
) -> None:
    store, names = filled_store, Names(filled_store.all)
    spec = spec_of("contact")
    titles = "\t".join(spec[n].label for n in ("person_id", "kind", "value", "is_primary"))
    rows = [
        f"{names.written('person', UUID(id))}\tМобильный телефон\t8 913 000-00-{n:02d}\tнет"
        for n, id in enumerate(sorted(store.all("person"))[:20])
    ]
    kinds = importing.related(store, "applicant")
    loading = pasted(store, kinds, APPLICANTS, (), "\n".join([titles, *rows]))
    assert loading.spec is spec
    before = set(store.all("contact"))
    done = importing.apply(store, loading.examine(unwatched))
    link = Link(region.address, str(store.journal.fact("token", "")))

    def fresh() -> int:
        """How many there are more when everything is sent."""
        while store.counts().waiting:
            assert run(store, link).online
        assert store.counts().troubled == 0
        return len(set(store.all("contact")) - before)

    assert fresh() == 20
    importing.undo(store, done)
    assert fresh() == 0
    link.close()


def test_a_person_is_not_made_by_a_table_where_nobody_would_see_him(filled_store: Store) -> None:
    kinds = importing.related(filled_store, "applicant")
    loading = pasted(
        filled_store, kinds, APPLICANTS, (), f"{TITLES}\nЁлкина\tАнна\t\t11.04.2010\t\tж"
    )
    loading.barred = importing.brought()
    (line,) = loading.examine(unwatched).lines
    assert loading.spec.name == "person"
    assert (
        line.why({}) == "Новую запись вносят в карточке «Поступающий»; таблицей меняют те, что есть"
    )


def test_who_may_not_write_people_brings_none(open_desk: OpenDesk) -> None:
    reader = type(
        "Role", (), {"permissions": [p for p in CLERK.permissions if p.action is Action.READ]}
    )
    desk = open_desk(people(1), reader)
    clip(TITLES)
    desk.tables.paste(desk.screen)
    assert desk.frame.notice.text.text().startswith("Нет права вносить")


@pytest.mark.parametrize(("dark", "scale"), [(False, 1.5), (True, 1.0)])
def test_nothing_is_wrong_with_the_windows_of_tables(
    open_desk: OpenDesk, dress: Dress, tmp_path: Path, *, dark: bool, scale: float
) -> None:
    dress(dark=dark, scale=scale)
    desk = open_desk()
    desk.frame.resize(800, 600)
    dialog = desk.dialog()
    found = {"save": everything_wrong(dialog)}
    dialog.reject()
    path = tmp_path / "Список.xlsx"
    sheets.write(path, "Лист", TITLES.split("\t")[:3], [("Ёлкина", "Анна", "Петровна")])
    desk.tables.read(desk.screen, path)
    wizard = desk.wizard()
    for name in ("sheet", "columns", "check"):
        page = desk.page(wizard)
        QApplication.processEvents()
        found[name] = everything_wrong(wizard)
        if not isinstance(page, CheckPage):
            wizard.go_on()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert wizard.width() <= 800
    assert wizard.minimumSizeHint().height() <= 560
