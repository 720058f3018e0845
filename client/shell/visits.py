"""«Журнал посещений», «Кто открывал эту карточку» and «Сеансы»: read from the server, never kept at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import Qt

from client.kit.buttons import button
from client.kit.editors import Book
from client.kit.fields import FormatEdit
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit, LookupEdit
from client.kit.rows import Column, FixedRows, TextLine, answering
from client.net.link import Link
from client.shell.online import LongPage, OnlinePage, Piece
from client.shell.record_words import moment
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.kit import formats
from common.kit.entity import spec_of
from common.kit.visits import DeskSession, SessionEnded, Sessions, Visit, VisitsAsked
from common.kit.words import counted

TONES = {
    AccessKind.LOGIN_OK.label: "ok",
    AccessKind.LOGIN_FAIL.label: "bad",
    AccessKind.DENIED.label: "bad",
    AccessKind.P3_READ.label: "warn",
    AccessKind.EXPORT.label: "warn",
    AccessKind.PRINT.label: "accent",
    AccessKind.PASSWORD_CHANGE.label: "accent",
}
HERE, THERE = "Этот сеанс", "Открыт"


def moment_of(text: str) -> str:
    return moment(dt.datetime.fromisoformat(text)) if text else ""


class VisitRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("at", "Когда", 140, sortable=False),
        Column("name", "Кто", 210, sortable=False),
        Column("kind", "Событие", 220, pill=True, sortable=False),
        Column("what", "С чем", 180, sortable=False),
        Column("computer", "Рабочее место", 150, sortable=False),
        Column("login", "Логин", 120, sortable=False),
    )


def visit_line(visit: Visit) -> TextLine:
    what = spec_of(visit.entity).one if visit.entity else ""
    failed = visit.kind == AccessKind.LOGIN_FAIL.value
    who = visit.name or (visit.login if failed else "сервер")
    kind = AccessKind.of(visit.kind).label
    texts = (moment_of(visit.at), who, kind, what, visit.computer, visit.login)
    return TextLine(visit.id, texts)


class VisitsPage(LongPage):
    """The newest first; with a record, only who opened it."""

    rows, tones = VisitRows, TONES
    unit = ("событие", "события", "событий")

    def __init__(
        self, store: Store, server: str, *, row: UUID | None = None, name: str = ""
    ) -> None:
        title = f"Кто открывал: {name}" if row else "Журнал посещений"
        empty = "Эту карточку с особыми сведениями никто не открывал" if row else "Событий нет"
        super().__init__(store, server, title, empty=empty)
        self.row = row
        book = Book(store, "account")
        self.account = LookupEdit(book.find, book.label, "Кто", note_of=book.note)
        kinds = [(kind.value, kind.label) for kind in AccessKind]
        self.kind = ChoiceEdit(kinds, "Событие")
        self.since = FormatEdit(formats.DAY, "С какого дня")
        self.until = FormatEdit(formats.DAY, "По какой день")
        if row is None:
            self._add_filters()
        self.reload()

    def _add_filters(self) -> None:
        fields = (self.account, self.kind, self.since, self.until)
        for place, field in enumerate(fields):
            made = FieldRow(field.label(), field)
            made.stack(stacked=True)
            self.filters.addWidget(made, 2 if place < 2 else 1, Qt.AlignmentFlag.AlignTop)
            field.changed.connect(self.reload)

    def asked(self, before: str = "") -> VisitsAsked:
        account, day, last = self.account.value(), self.since.value(), self.until.value()
        return VisitsAsked(
            account=account.hex if account else "",
            kind=self.kind.value() or "",
            row=self.row.hex if self.row else "",
            since=_begins(day) if day else "",
            until=_begins(last + dt.timedelta(days=1)) if last else "",
            before=before,
        )

    def piece(self, after: str) -> Callable[[Link], Piece]:
        asked = self.asked(after)

        def read(link: Link) -> Piece:
            answer = link.visits(asked)
            rows, more = answer.rows, answer.more
            return Piece(
                [visit_line(v) for v in rows], f"{rows[-1].at}|{rows[-1].id}" if more else ""
            )

        return read


def _begins(day: dt.date) -> str:
    """Midnight on the wall of this computer."""
    return dt.datetime.combine(day, dt.time()).astimezone().isoformat()


class SessionRows(FixedRows[TextLine]):
    columns: Sequence[Column] = (
        Column("name", "Кто", 220, sortable=False),
        Column("computer", "Рабочее место", 180, sortable=False),
        Column("state", "Сеанс", 130, pill=True, sortable=False),
        Column("since", "Вошёл", 140, sortable=False),
        Column("seen", "Последняя отправка", 150, sortable=False),
        Column("lasts", "Доступ до", 140, sortable=False),
        Column("login", "Логин", 120, sortable=False),
    )


def session_line(each: DeskSession) -> TextLine:
    texts = (
        each.name,
        each.computer,
        HERE if each.this else THERE,
        moment_of(each.since),
        moment_of(each.seen),
        moment_of(each.lasts_to),
        each.login,
    )
    return TextLine(each.id, texts)


class SessionsPage(OnlinePage):
    """The sign-ins that last; Del ends the chosen one."""

    def __init__(self, store: Store, server: str) -> None:
        tones = {HERE: "accent", THERE: "ok"}
        super().__init__(store, server, SessionRows([], tones), "Сеансы", empty="Сеансов нет")
        self.tones = tones
        self.found: list[DeskSession] = []
        self.may_end = any(str(p) == "administration.write.P1" for p in store.permissions())
        if self.may_end:
            self.top.insertWidget(1, button("Закончить сеанс  Del", "log-out", run=self.end))
            self.table.delete_asked.connect(lambda _keys: self.end())
        self.table.filter_asked.connect(lambda _text: self._show())
        self.table.show_loading()
        self.reload()

    def reload(self) -> None:
        self.ask("sessions", lambda link: link.sessions(), self._take)

    def end(self) -> None:
        """The desk is signed out at its next request; what it has not sent stays on it."""
        key = self.table.current_key()
        chosen = next((each for each in self.found if each.id == key), None)
        if chosen is None:
            self.said.setText("Выберите сеанс, который закончить")
        elif chosen.this:
            self.said.setText("Это ваш сеанс: чтобы выйти, закройте программу или заблокируйте её")
        else:
            self.ask("end", lambda link: link.end_session(chosen.id), self._ended)

    def _ended(self, _answer: SessionEnded) -> None:
        self.reload()

    def _take(self, answer: Sessions) -> None:
        self.found = answer.rows
        self._show()

    def _show(self) -> None:
        lines = answering([session_line(each) for each in self.found], self.table.quick.text())
        self.table.refresh(SessionRows(lines, self.tones), total=len(self.found))
        self.said.setText(counted(len(lines), "сеанс", "сеанса", "сеансов"))
