"""The 32 columns of a real college's workbook (domain 4(d)) and how a row of it is read; pure, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.admissions.kinds import Funding, OriginalState
from common.kit import formats
from common.kit.cells import as_text, day_in, long_number
from common.kit.errors import Invalid
from common.kit.keys import search_key
from common.kit.sheets import Sheet
from common.kit.unreadable import Unreadable
from common.kit.xlsx import Cell
from common.people.formats import AVERAGE
from common.people.names import full_name
from common.reference.kinds import StudyForm


@dataclass(frozen=True, slots=True)
class Column:
    """`read` makes the value of a cell or raises Unreadable."""

    key: str
    header: str
    read: Callable[[Cell], Any]
    synonyms: tuple[str, ...] = ()
    required: bool = False


def _birth(cell: Cell) -> dt.date | None:
    day = day_in(cell)
    if day and not 1930 <= day.year <= 2020:
        raise Unreadable(f"Год рождения {day.year}? Проверьте дату")
    return day


def _long_number(kind: formats.Format) -> Callable[[Cell], Any]:
    """Numbers that Excel may have spoilt: 1,12E+10, lost zeros."""
    return lambda cell: _sound(kind, long_number(kind, cell))


def _checked(kind: formats.Format) -> Callable[[Cell], Any]:
    return lambda cell: _sound(kind, kind.parse(as_text(cell)))


def _sound(kind: formats.Format, value: Any) -> Any:
    if value is not None and (fault := kind.check(value)):
        raise Unreadable(fault[:1].upper() + fault[1:])
    return value


def _text(length: int) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        text = as_text(cell)
        if len(text) > length:
            raise Unreadable(f"Не длиннее {length} знаков, сейчас {len(text)}")
        return text or None

    return read


def _name(cell: Cell) -> tuple[str, str | None, str | None] | None:
    last, first, middle = full_name(as_text(cell))
    if not last:
        return None
    if first is None:
        raise Unreadable("Нужны хотя бы фамилия и имя через пробел")
    if any(c.isdigit() for c in last + first + (middle or "")):
        raise Unreadable("В ФИО есть цифры")
    return last, first, middle


def _funding(cell: Cell) -> Funding | None:
    said = search_key(as_text(cell))
    if not said:
        return None
    for stem, funding in (
        ("федерал", Funding.FEDERAL_BUDGET),
        ("местн", Funding.LOCAL_BUDGET),
        ("целев", Funding.TARGET),
        ("бюджет", Funding.REGIONAL_BUDGET),
        ("коммерц", Funding.PAID),
        ("внебюджет", Funding.PAID),
        ("договор", Funding.PAID),
        ("плат", Funding.PAID),
    ):
        if stem in said and not (stem == "бюджет" and "внебюджет" in said):
            return funding
    raise Unreadable("Пишут «бюджет» или «коммерция»")


def _form(cell: Cell) -> StudyForm | None:
    said = search_key(as_text(cell))
    if not said:
        return None
    for stems, form in (
        (("очно-заоч", "вечер"), StudyForm.PART_TIME),
        (("заоч",), StudyForm.EXTRAMURAL),
        (("очн", "дневн"), StudyForm.FULL_TIME),
    ):
        if said.startswith(stems):
            return form
    raise Unreadable("Форма обучения: очная, очно-заочная или заочная")


def _original(cell: Cell) -> OriginalState | None:
    said = search_key(as_text(cell))
    if not said:
        return None
    if "ориг" in said or "подлин" in said:
        return OriginalState.ORIGINAL
    if "коп" in said:
        return OriginalState.COPY
    if "электрон" in said:
        return OriginalState.E_CONFIRMED
    if said in {"нет", "-"}:
        return OriginalState.NONE
    raise Unreadable("Тип документов: оригинал, копия или нет")


def _right(cell: Cell) -> str | None:
    """What stands in the cell of a right, where it is not a «no»."""
    text = as_text(cell)
    return None if search_key(text) in {"", "нет", "-", "0"} else text[:300]


COLUMNS = (
    Column("reg_no", "Рег.номер", _text(20), ("рег №", "регистрационный номер", "рег. №")),
    Column("programme", "Специальность", _text(300), ("профессия", "специальность (профессия)"), required=True),
    Column("name", "ФИО", _name, ("фио поступающего", "фамилия имя отчество"), required=True),
    Column("citizenship", "Гражданство", _text(200)),
    Column("nationality", "Национальность", _text(100)),
    Column("birth_date", "Дата рождения", _birth, required=True),
    Column("birth_place", "Место рождения", _text(500)),
    Column("address", "Адрес местожительства", _text(1024), ("адрес регистрации", "адрес")),
    Column("actual_address", "Фактический адрес", _text(1024), ("адрес проживания",)),
    Column("certificate", "Серия, № аттестата", _text(60), ("аттестат", "номер аттестата")),
    Column("certificate_day", "Дата выдачи", day_in, ("дата выдачи аттестата",)),
    Column("school", "Год окончания, наименование УЗ", _text(500), ("учебное заведение",)),
    Column("passport", "Паспортные данные", _text(1000), ("паспорт",)),
    Column("department_code", "Код подразделения", _checked(formats.DEPARTMENT_CODE)),
    Column("registered_on", "Дата регистрации", day_in, ("дата подачи",)),
    Column("inn", "ИНН", _long_number(formats.INN)),
    Column("snils", "СНИЛС", _long_number(formats.SNILS)),
    Column("medical_policy", "Медицинский полис", _text(40), ("полис", "полис омс")),
    Column("military_record", "Приписное свидетельство", _text(200)),
    Column("target_contract", "Договор с мед. организацией", _text(300), ("целевой договор",)),
    Column("phone", "Телефон", _text(200), ("телефоны", "контактный телефон")),
    Column("email", "Email", _checked(formats.EMAIL), ("e-mail", "эл. почта", "почта")),
    Column("relative1", "Представитель 1", _text(1000), ("представитель 1 (фио+тел; место работы; паспорт)", "представитель")),
    Column("relative2", "Представитель 2", _text(1000), ("представитель 2 (фио+тел; место работы; паспорт)",)),
    Column("profile_marks", "Отметки по профильным предметам", _text(500)),
    Column("average", "Средний балл", _checked(AVERAGE)),
    Column("funding", "Бюджет/коммерция", _funding, ("финансирование", "основа обучения")),
    Column("needs_hostel", "Нуждается в общежитии", _checked(formats.FLAG), ("общежитие",)),
    Column("original", "Тип поданных документов", _original),
    Column("form", "Форма обучения", _form),
    Column("first_order", "Первоочередное зачисление", _right),
    Column("preferential", "Преимущественное право", _right),
)  # fmt: skip

HEADERS = tuple(column.header for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` is the number Excel shows; `column` the header's text in the file."""

    row: int
    column: str
    message: str


@dataclass(slots=True)
class Read:
    """One row: its values by column key, and what could not be taken apart."""

    row: int
    values: dict[str, Any]
    unread: list[str] = field(default_factory=list)

    def get(self, key: str) -> Any:
        return self.values.get(key)


def find_columns(headers: Sequence[str]) -> dict[str, int]:
    """Places of the known columns by key; Invalid names those that must be there and are not."""
    keys = [search_key(h).rstrip(".") for h in headers]
    places: dict[str, int] = {}
    for column in COLUMNS:
        wanted = {search_key(name).rstrip(".") for name in (column.header, *column.synonyms)}
        place = next((i for i, key in enumerate(keys) if key in wanted), None)
        if place is not None:
            places[column.key] = place
    missing = [c.header for c in COLUMNS if c.required and c.key not in places]
    if missing:
        raise Invalid(
            f"В первой строке нет столбцов: {', '.join(missing)}. Возьмите образец таблицы и перенесите данные в него"
        )
    return places


def read_rows(sheet: Sheet) -> tuple[list[Read], list[Fault]]:
    """Rows that can be loaded, and every fault by cell; an empty row is passed over."""
    places = find_columns(sheet.headers)
    good: list[Read] = []
    faults: list[Fault] = []
    for place, line in enumerate(sheet.rows):
        if all(cell is None for cell in line):
            continue
        row, found = _read(sheet.number(place), line, places, sheet.headers)
        faults += found
        if not found:
            good.append(row)
    return good, faults


def _read(
    number: int, line: Sequence[Cell], places: Mapping[str, int], headers: Sequence[str]
) -> tuple[Read, list[Fault]]:
    row, faults = Read(number, {}), []
    for column in COLUMNS:
        if column.key not in places:
            continue
        place = places[column.key]
        cell = line[place] if place < len(line) else None
        try:
            value = column.read(cell)
        except Unreadable as fault:
            faults.append(Fault(number, headers[place], str(fault)))
            continue
        if value is None and column.required:
            faults.append(
                Fault(number, headers[place], "Заполните ячейку: без неё строку не загрузить")
            )
        row.values[column.key] = value
    return row, faults
