"""The papers a desk prints when it takes an application: the application itself, the receipt, the inventory (domain 4(d))."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.admissions.rules import check_digit
from common.kit.dates import in_words, show_day
from common.papers.layout import (
    Qr,
    Sheet,
    Signature,
    barcode,
    filled,
    gap,
    grid,
    heading,
    paper,
    side_by_side,
    title,
    together,
    words,
)
from common.papers.morphology import decline_title
from common.people.kinds import NameCase


@dataclass(frozen=True, slots=True)
class House:
    """The college as its papers name it."""

    full_name: str
    short_name: str
    head_post: str
    head_name: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    priority: int
    programme: str
    form: str
    base: str
    funding: str


@dataclass(frozen=True, slots=True)
class ApplicationPaper:
    """Everything that stands in an application, as text of its date."""

    house: House
    reg_no: str
    registered_on: dt.date
    last_name: str
    first_name: str
    middle_name: str
    birth_date: str
    birth_place: str
    citizenship: str
    identity: str
    snils: str
    address: str
    actual_address: str
    phone: str
    email: str
    education: str
    certificate: str
    average: str
    choices: tuple[ChoiceRow, ...]
    language: str
    needs_hostel: bool
    special_conditions: str
    first_spo: bool
    minor: bool
    representative: str
    accepted_by: str
    return_method: str = ""
    genitive: str = ""
    """The whole name as a registrar has settled it for «от …»."""


@dataclass(frozen=True, slots=True)
class FolderRow:
    name: str
    carrier: str
    count: int
    details: str
    received_on: str


@dataclass(frozen=True, slots=True)
class FolderPaper:
    """What the receipt and the inventory have in common."""

    house: House
    reg_no: str
    registered_on: dt.date
    full_name: str
    rows: tuple[FolderRow, ...]
    accepted_by: str


STATEMENTS = (
    (
        "С уставом, лицензией на образовательную деятельность, свидетельством о государственной "
        "аккредитации и приложениями к ним, образовательными программами, правилами приёма и условиями "
        "обучения ознакомлен(а)"
    ),
    "С датой предоставления оригинала документа об образовании ознакомлен(а)",
    (
        "На обработку своих персональных данных в порядке, установленном законодательством Российской "
        "Федерации, согласен(на)"
    ),
)


def _code(reg_no: str) -> str:
    """What the barcode carries: the number with its check digit."""
    return f"{reg_no}-{check_digit(reg_no)}" if any(c.isdigit() for c in reg_no) else reg_no


def _head(house: House, reg_no: str, registered_on: dt.date, person: str) -> list[Any]:
    to = [
        words(house.head_post, right=False),
        words(decline_title(house.short_name, NameCase.GENITIVE)),
        words(house.head_name),
        words(f"от {person}"),
    ]
    left = [
        words(f"Рег. № {reg_no}"),
        words(in_words(registered_on), 10),
        Qr(f"EPO:{_code(reg_no)}", 19),
    ]
    return [side_by_side(left, to, widths=(0.45, 0.55)), gap(2)]


def application_sheet(a: ApplicationPaper) -> Sheet:
    full = " ".join(filter(None, (a.last_name, a.first_name, a.middle_name)))
    pieces: list[Any] = _head(a.house, a.reg_no, a.registered_on, a.genitive or full)
    pieces += [
        title("ЗАЯВЛЕНИЕ"),
        words(
            "Прошу принять меня на обучение по образовательным программам среднего профессионального "
            "образования в порядке следующего приоритета:",
            justify=True,
        ),
        grid(
            ("№", "Специальность (профессия)", "Форма", "База", "Финансирование"),
            [(str(c.priority), c.programme, c.form, c.base, c.funding) for c in a.choices],
            (6, 50, 14, 14, 22),
        ),
        heading("О себе сообщаю"),
        side_by_side(filled("Фамилия", a.last_name), filled("Имя", a.first_name)),
        side_by_side(filled("Отчество", a.middle_name), filled("Дата рождения", a.birth_date)),
        side_by_side(filled("Гражданство", a.citizenship), filled("СНИЛС", a.snils)),
        filled("Место рождения", a.birth_place),
        filled("Документ, удостоверяющий личность", a.identity),
        filled("Адрес регистрации", a.address),
        filled("Фактический адрес", a.actual_address),
        side_by_side(filled("Телефон", a.phone), filled("Эл. почта", a.email), widths=(0.36, 0.64)),
        filled("Предыдущее образование", a.education),
        side_by_side(
            filled("Документ об образовании", a.certificate),
            filled("Средний балл", a.average),
            widths=(0.66, 0.34),
        ),
        side_by_side(
            filled("Изучаемый язык", a.language),
            filled("В общежитии", "нуждаюсь" if a.needs_hostel else "не нуждаюсь"),
        ),
        filled("Особые условия", a.special_conditions or "не требуются"),
    ]
    if a.return_method:
        pieces.append(filled("Способ возврата документов", a.return_method))
    first = "впервые" if a.first_spo else "не впервые"
    statements = (*STATEMENTS, f"Среднее профессиональное образование получаю {first}")
    signing: list[Any] = [gap(2), *(Signature(text, size=9.5) for text in statements)]
    signing += [gap(1), Signature("Поступающий", _short(a))]
    if a.minor:
        signing.append(Signature("Законный представитель", a.representative))
    signing.append(Signature("Заявление и документы принял(а)", a.accepted_by))
    pieces.append(together(*signing))
    return Sheet("Заявление о приёме", tuple(pieces), f"Заявление № {a.reg_no}")


def _short(a: ApplicationPaper) -> str:
    initials = "".join(f" {n[0]}." for n in (a.first_name, a.middle_name) if n)
    return f"{a.last_name}{initials}"


def receipt_sheet(f: FolderPaper) -> Sheet:
    rows = [
        (str(n), r.name, r.carrier, str(r.count), r.details, r.received_on)
        for n, r in enumerate(f.rows, 1)
    ]
    return Sheet(
        "Расписка о приёме документов",
        (
            words(f.house.full_name),
            title("РАСПИСКА"),
            words(f"в приёме документов к заявлению № {f.reg_no} от {show_day(f.registered_on)}"),
            filled("Поступающий", f.full_name),
            gap(2),
            *_list(
                ("№", "Документ", "Вид", "Штук", "Серия, номер, дата", "Принят"),
                rows,
                (6, 44, 16, 10, 28, 18),
            ),
            together(
                gap(3),
                words(_total(f.rows)),
                Signature("Документы принял(а)", f.accepted_by),
                Signature("Расписку получил(а)"),
                gap(2),
                side_by_side(barcode(_code(f.reg_no)), words("М. П.", right=True)),
            ),
        ),
        f"Расписка № {f.reg_no}",
    )


def _total(rows: tuple[FolderRow, ...]) -> str:
    if not rows:
        return "Документы к заявлению не приложены"
    return f"Всего документов: {len(rows)}, штук: {sum(r.count for r in rows)}"


def _list(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[int, ...]
) -> list[Any]:
    """The papers of a folder; an empty one has no table."""
    return [grid(head, rows, widths)] if rows else []


def inventory_sheet(f: FolderPaper) -> Sheet:
    rows = [
        (str(n), r.name, r.carrier, str(r.count), r.received_on, "")
        for n, r in enumerate(f.rows, 1)
    ]
    return Sheet(
        "Опись личного дела",
        (
            words(f.house.full_name),
            title("ОПИСЬ ЛИЧНОГО ДЕЛА"),
            side_by_side(
                filled("Личное дело №", f.reg_no), filled("от", show_day(f.registered_on))
            ),
            filled("Фамилия, имя, отчество", f.full_name),
            gap(2),
            *_list(
                ("№", "Документ", "Вид", "Листов", "Принят", "Отметка о возврате"),
                rows,
                (6, 48, 16, 12, 18, 30),
            ),
            together(
                gap(3),
                words(_total(f.rows)),
                Signature("Опись составил(а)", f.accepted_by),
                Signature("Документы возвращены, получил(а)"),
            ),
        ),
        f"Опись № {f.reg_no}",
    )


def package(application: ApplicationPaper, folder: FolderPaper) -> bytes:
    """The application, the receipt and the inventory in one job."""
    return paper(
        (application_sheet(application), receipt_sheet(folder), inventory_sheet(folder)),
        author=application.house.short_name,
        demo=application.house.demo,
    )
