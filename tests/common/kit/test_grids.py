"""Other people's tables: two rows of headers, merged cells, hidden columns, dates as text, a sheet without end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import common.all  # noqa: F401  the declarations
from common.kit import exchange, limited, sheets
from common.kit.entity import spec_of
from common.kit.errors import Invalid
from common.kit.examining import Asked, Fate, Plan, examine, ways_to_match
from common.kit.grids import Grid, read_grid, text_rows
from common.kit.kinds import PersonalData
from common.kit.labels import Names
from common.kit.marking import HEADER, Mark
from common.kit.rights import Action, Permission, Section
from common.kit.xlsx import Cell
from tests.hostile import billion_laughs

ALL = frozenset(Permission(s, a, c) for s in Section for a in Action for c in PersonalData)
PERSON = exchange.columns(spec_of("person"), ALL, Action.WRITE)
Books = dict[str, dict[str, dict[str, Any]]]


def saved(path: Path, rows: list[list[Any]], *, merged: str = "", hidden: str = "") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    if hidden:
        page.column_dimensions[hidden].hidden = True
    book.create_sheet("Другой")
    book.save(path)
    return path


def dry(
    rows: list[tuple[Cell, ...]], titles: list[str], *, entity: str = "person", books: Books = {}, **asked: Any  # noqa: B006  it is only read
) -> Plan:  # fmt: skip
    wanted = exchange.columns(spec_of(entity), ALL, Action.WRITE)
    grid = Grid("", (tuple(titles), *rows))
    heads = exchange.find_heads(grid, wanted)
    order = Asked(spec_of(entity), wanted, heads.places, **asked)
    names = Names(lambda name: books.get(name, {}))
    return examine(order, exchange.data_rows(grid, heads), names)


def why(plan: Plan) -> list[str]:
    headers = {c.name: c.header for c in plan.asked.columns}
    return [line.why(headers) for line in plan.lines]


def test_headers_in_two_rows_under_a_title_are_found_and_what_is_hidden_is_said(
    tmp_path: Path,
) -> None:
    path = saved(
        tmp_path / "Список поступающих.xlsx",
        [
            ["Колледж", None, None, None],
            ["Поступающий", None, "Документы", None],
            ["Фамилия", "Имя", "СНИЛС", "Дата рождения"],
            ["Ёлкина", "Анна", "112-233-445 95", dt.date(2010, 4, 11)],
        ],
        merged="A2:B2",
        hidden="C",
    )
    grid = limited.read_grid(path)
    heads = exchange.find_heads(grid, PERSON)
    assert (grid.sheets, heads.last) == (("Sheet", "Другой"), 2)
    assert heads.places == {"last_name": 0, "first_name": 1, "snils": 2, "birth_date": 3}
    said = exchange.peculiarities(grid)
    assert "скрытые столбцы: C." in said[0]
    assert "объединённые ячейки: 1." in said[1]
    double = exchange.heads_at(grid, 2, 2, PERSON)
    assert double.titles[:2] == ("Поступающий Фамилия", "Поступающий Имя")
    assert double.places == heads.places


def test_a_sheet_of_200_000_rows_is_refused_in_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=False)
    assert book.active is not None
    book.active["A1"], book.active["A200000"] = "Фамилия", "Ёлкина"
    book.save(tmp_path / "Длинная.xlsx")
    with pytest.raises(Invalid, match=r"строк: 200000\. За один раз вносится не больше 100000"):
        limited.read_grid(tmp_path / "Длинная.xlsx")


def test_a_hostile_grid_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(billion_laughs())
    with pytest.raises(Invalid, match=r"Файл|таблиц"):
        limited.read_grid(tmp_path / "x.xlsx")


def test_csv_is_read_in_both_encodings_of_the_country(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "cp1251"):
        path = tmp_path / f"{encoding}.csv"
        path.write_text("Фамилия;Имя\r\nЁлкина;'=1+1\r\n", encoding=encoding)
        assert read_grid(path).rows == (("Фамилия", "Имя"), ("Ёлкина", "=1+1"))


def test_cells_are_read_by_what_their_field_is() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("ёлкина", "АННА", "11.04.2010", "ж", 11223344595),
        ("Иванов", "Иван", 40644, "муж", "1,12E+10"),
        ("Петров", "Пётр", "31.02.2010", "да", 1.5),
        ("Сидоров", None, dt.date(2009, 5, 6), "", "112-233-445 96"),
    ]
    plan = dry(rows, ["Фамилия", "Имя", "Дата рожд.", "Пол", "СНИЛС"])
    good = plan.lines[0]
    assert good.fate is Fate.NEW
    assert [good.values[n] for n in ("last_name", "first_name", "birth_date", "snils")] == [
        "Ёлкина", "Анна", dt.date(2010, 4, 11), "11223344595",
    ]  # fmt: skip
    assert [line.fate for line in plan.lines[1:]] == [Fate.REFUSED] * 3
    said = why(plan)
    assert said[1].startswith("СНИЛС: Excel испортил число (например 1,12E+10)")
    assert "Дата рождения: Такого дня нет" in said[2]
    assert "Пол: Нет значения «да». Есть: Мужской; Женский" in said[2]
    assert "СНИЛС: Excel испортил число" in said[2]
    assert "Имя: заполните поле" in said[3]
    assert "СНИЛС: " in said[3]


def test_a_reference_is_found_by_its_name_and_namesakes_are_named() -> None:
    one, two, three = (f"{n:032x}" for n in (1, 2, 3))
    person = {f.name: None for f in spec_of("person").fields} | {"first_name": "Анна"}
    books: Books = {
        "person": {
            one: person | {"last_name": "Ёлкина"},
            two: person | {"last_name": "Ёлкина"},
            three: person | {"last_name": "Белова"},
        },
    }
    rows: list[tuple[Cell, ...]] = [
        ("белова анна", "Мобильный телефон", "8 913 123-45-67", "да"),
        ("Елкина Анна", "Мобильный телефон", "8 913 123-45-67", "да"),
        (f"Ёлкина Анна [{two}]", "Мобильный телефон", "8 913 123-45-67", "да"),
        ("Нет Такой", "Мобильный телефон", "8 913 123-45-67", "да"),
    ]
    titles = [spec_of("contact")[n].label for n in ("person_id", "kind", "value", "is_primary")]
    plan = dry(rows, titles, entity="contact", books=books)
    assert [line.fate for line in plan.lines] == [
        Fate.NEW, Fate.REFUSED, Fate.NEW, Fate.REFUSED,
    ], why(plan)  # fmt: skip
    assert [plan.lines[n].values["person_id"].hex for n in (0, 2)] == [three, two]
    said = why(plan)
    assert one in said[1]
    assert two in said[1]
    assert "нет записи «Нет Такой»" in said[3]


def test_the_same_row_twice_and_a_taken_key_are_refused() -> None:
    campaign = {f.name: f.default for f in spec_of("admission_campaign").fields}
    books: Books = {"admission_campaign": {f"{1:032x}": campaign | {"year": 2026, "name": "Приём"}}}
    person = ("Ёлкина", "Анна", "11.04.2010")
    doubled = dry([person, person], ["Фамилия", "Имя", "Дата рождения"])
    assert why(doubled) == ["", "повторяет строку 2"]
    titles = [spec_of("admission_campaign")[n].label for n in ("year", "name")]
    rows: list[tuple[Cell, ...]] = [(2026, "Приём 2026"), (2026, "Ещё один")]
    known = dry(rows, titles, entity="admission_campaign", books=books, match=("year",))
    assert [line.fate for line in known.lines] == [Fate.CHANGED, Fate.REFUSED]
    assert why(known)[1] == "это та же запись, что в строке 2"
    unknown = dry(rows, titles, entity="admission_campaign", books=books)
    assert why(unknown)[0].startswith("такая запись уже есть")


def test_no_record_is_known_again_by_a_name_alone() -> None:
    places = {c.name: n for n, c in enumerate(PERSON)}
    assert ways_to_match(spec_of("person"), places) == [
        ("snils",),
        ("last_name", "first_name", "birth_date"),
    ]


def test_what_is_copied_from_a_spreadsheet_keeps_its_lines_and_zeros() -> None:
    assert text_rows('01\t"два\nслова"\t1\u00a0234,50\r\n02\t\t') == (
        ("01", "два\nслова", "1\u00a0234,50"),
        ("02", None, None),
    )


def test_a_copy_of_the_table_shows_what_is_wrong_and_keeps_the_rest(tmp_path: Path) -> None:
    source = saved(tmp_path / "Мой список.xlsx", [["Фамилия", "Дата"], ["Ёлкина", "31.02.2010"]])
    target = tmp_path / "Мой список с пометками.xlsx"
    limited.mark(source, target, "Sheet", 1, [Mark(2, [1], "=Такого дня нет")])
    page = openpyxl.load_workbook(target)["Sheet"]
    assert [c.value for c in page[1]] == ["Фамилия", "Дата", HEADER]
    assert [c.value for c in page[2]] == ["Ёлкина", "31.02.2010", "=Такого дня нет"]
    assert page["C2"].data_type == "s"
    assert page["B2"].fill.fgColor.rgb != page["A2"].fill.fgColor.rgb
    assert read_grid(target).sheets == ("Sheet", "Другой")


def test_what_this_person_may_not_write_is_no_column() -> None:
    clerk = frozenset(p for p in ALL if p.pd is not PersonalData.P2)
    names = {c.name for c in exchange.columns(spec_of("person"), clerk, Action.WRITE)}
    assert {"last_name", "birth_date"} <= names
    assert not names & {"snils", "inn", "nationality"}


def test_a_long_table_comes_back_whole(tmp_path: Path) -> None:
    rows = [(f"{n:05d}", n) for n in range(1_248)]
    sheets.write(tmp_path / "x.xlsx", "Лист", ["Код", "№"], rows)
    assert sheets.read(tmp_path / "x.xlsx").rows == tuple(rows)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Фамилия\tАдрес\nИванов\tг. Кемерово, ул. Ленина, 1; кв. 2, 3\n",
            [("Фамилия", "Адрес"), ("Иванов", "г. Кемерово, ул. Ленина, 1; кв. 2, 3")],
        ),
        (
            "Фамилия;Балл;Рост\nИванов;4,25;1,81\nПетров;3,5;1,7\n",
            [("Фамилия", "Балл", "Рост"), ("Иванов", "4,25", "1,81"), ("Петров", "3,5", "1,7")],
        ),
        ("Фамилия,Имя\nИванов,Пётр\n", [("Фамилия", "Имя"), ("Иванов", "Пётр")]),
        (
            "Адрес\nг. Кемерово, ул. Ленина, 1\nг. Юрга, ул. Мира, 2\n",
            [("Адрес",), ("г. Кемерово, ул. Ленина, 1",), ("г. Юрга, ул. Мира, 2",)],
        ),
        (
            '"Поступающие, 2026 год"\nПриём, очно\nФамилия;Балл\nИванов;4,25\n',
            [("Поступающие, 2026 год", None), ("Приём, очно", None), ("Фамилия", "Балл"), ("Иванов", "4,25")],
        ),
        (
            '"Фамилия; имя",Балл\n"Иванов; Пётр",4\n',
            [("Фамилия; имя", "Балл"), ("Иванов; Пётр", "4")],
        ),
        (
            'Приём, очно\nФамилия;Адрес\nИванов;"Юрга;\nул. Мира"\n',
            [("Приём, очно", None), ("Фамилия", "Адрес"), ("Иванов", "Юрга;\nул. Мира")],
        ),
        (
            "Приём, очно\n" + "Иванов;Пётр\n" * 1_000,
            [("Приём, очно", None), *[("Иванов", "Пётр")] * 1_000],
        ),
    ],
    ids=["tab", "semicolon", "comma", "addresses", "titles_above", "quoted", "two_lines", "long"],
)  # fmt: skip
def test_cells_are_divided_by_what_stands_in_the_headers(
    tmp_path: Path, text: str, rows: list[tuple[Cell, ...]]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    assert list(read_grid(path).rows) == rows


def test_pasted_cells_are_divided_by_tabs_alone() -> None:
    assert text_rows("Иванов\tг. Кемерово, ул. Ленина, 1") == (
        ("Иванов", "г. Кемерово, ул. Ленина, 1"),
    )
    assert text_rows("г. Кемерово, ул. Ленина, 1; кв. 2") == (
        ("г. Кемерово, ул. Ленина, 1; кв. 2",),
    )


def test_the_label_is_taken_off_and_nothing_of_the_value() -> None:
    titles = ["Фамилия", "Имя", "Отчество", "Дата рождения"]
    (said,) = why(dry([("Ёлкина", "Анна", "9", "11.04.2010")], titles))
    assert said == "Отчество: уберите цифры"
    long = "Ё" * 200 + "»: 9"
    (said,) = why(dry([("Ёлкина", "Анна", long, "11.04.2010")], titles))
    assert said.startswith("Отчество: не длиннее")
