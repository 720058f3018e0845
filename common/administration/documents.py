"""Papers of issued access: slips to be cut, ten on a sheet, and the journal in which each owner signs (domain 1, A10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from common.kit.dates import show_day
from common.kit.issuing import Slip
from common.papers.layout import (
    WIDE,
    WIDTH,
    Sheet,
    Signature,
    escape,
    gap,
    grid,
    paper,
    style,
    title,
    words,
)

ACROSS, DOWN = 2, 5
HEIGHT = 50 * mm
LOGIN = "Логин: <b>{}</b>"
CODE = "Код: <font face='Courier-Bold' size='14'>{}</font>"
ONCE = "Код действует один раз, до {} {:%H:%M}. При входе придумайте свой пароль и никому его не сообщайте."
CUT = Color(0.6, 0.6, 0.6)


@dataclass(frozen=True, slots=True)
class Issue:
    """What stands on the papers besides the slips themselves."""

    college: str
    server: str
    issuer: str
    issued_on: dt.date
    zone: ZoneInfo
    """In which the end of a code is read."""


def slips_paper(issue: Issue, slips: Sequence[Slip]) -> bytes:
    """The only place where the codes are written."""
    cards = Sheet("Карточки доступа", (_cut(issue, slips),), "Разрежьте по пунктиру")
    journal = Sheet(
        "Журнал выдачи логинов",
        _journal(issue, slips),
        f"{issue.college} · Журнал выдачи логинов",
        wide=True,
    )
    return paper([cards, journal], author=issue.college)


def _cut(issue: Issue, slips: Sequence[Slip]) -> Table:
    """Full rows, so that the paper is cut in straight lines."""
    cells: list[list[Flowable]] = [_card(issue, slip) for slip in slips]
    cells += [[gap(1)]] * (-len(cells) % ACROSS)
    rows = [cells[at : at + ACROSS] for at in range(0, len(cells), ACROSS)]
    table = Table(rows, colWidths=[WIDTH / ACROSS] * ACROSS, rowHeights=[HEIGHT] * len(rows))
    table.setStyle(
        TableStyle(
            [
                ("INNERGRID", (0, 0), (-1, -1), 0.4, CUT, None, (2, 2)),
                ("BOX", (0, 0), (-1, -1), 0.4, CUT, None, (2, 2)),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LEFTPADDING", (0, 0), (-1, -1), 10),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _card(issue: Issue, slip: Slip) -> list[Flowable]:
    until = slip.valid_to.astimezone(issue.zone)
    small = style(8)
    return [
        Paragraph(escape(_short(issue.college, 150)), small),
        Paragraph(escape(_short(slip.name, 70)), style(12, bold=True, spaceBefore=2)),
        Paragraph(escape(_short(slip.post, 110)), small),
        Paragraph(LOGIN.format(escape(slip.login)), style(11, spaceBefore=3)),
        Paragraph(CODE.format(escape(slip.code)), style(11, spaceBefore=2)),
        Paragraph(escape(f"Адрес сервера: {issue.server}"), style(8, spaceBefore=3)),
        Paragraph(escape(ONCE.format(show_day(until.date()), until)), small),
    ]


def _short(text: str, most: int) -> str:
    """A card has room for so much: its height is that of the others."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _journal(issue: Issue, slips: Sequence[Slip]) -> tuple[Flowable, ...]:
    """Signed by those who received; no code stands here."""
    rows = [
        (str(n), show_day(issue.issued_on), slip.name, slip.post, slip.login, "")
        for n, slip in enumerate(slips, 1)
    ]
    return (
        words(issue.college, right=False),
        title("Журнал выдачи логинов"),
        words(
            "Логин и одноразовый код получены лично. С обязанностью хранить пароль в тайне и не передавать "
            "доступ другим лицам ознакомлены."
        ),
        grid(
            ("№", "Дата", "ФИО", "Должность, группа", "Логин", "Подпись"),
            rows,
            (1, 2.4, 8, 8, 4, 5),
            width=WIDE,
        ),
        gap(6),
        Signature("Выдал", issue.issuer),
    )
