"""The state of the link to the server, in words, with an icon and a colour: never by colour alone."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from common.kit.words import counted


class Link(enum.Enum):
    """(icon, tone)"""

    ONLINE = "cloud-check", "ok"
    SYNCING = "refresh-cw", "accent"
    OFFLINE = "cloud-off", "warn"
    STUCK = "cloud-alert", "bad"
    DECIDE = "circle-alert", "warn"
    ENDED = "lock", "bad"
    CLOSED = "circle-alert", "bad"

    @property
    def icon(self) -> str:
        return self.value[0]

    @property
    def tone(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class LinkState:
    """`since` is the last exchange when the link is there, and its loss when it is not; `why` says more in the tooltip."""

    link: Link
    since: dt.datetime | None = None
    waiting: int = 0
    troubled: int = 0
    why: str = ""
    files: int = 0

    def words(self, *, short: bool = False) -> str:
        """Short where the window is narrow: the state, its time and the number stay."""
        parts = (self._state(short=short), self._waiting(short=short), self._troubled(short=short))
        return " · ".join(filter(None, parts))

    def _state(self, *, short: bool) -> str:
        at = self.since.strftime("%H:%M") if self.since else ""
        match self.link:
            case Link.ONLINE:
                return f"На связи, обмен в {at}" if at and not short else f"На связи {at}".strip()
            case Link.SYNCING:
                return "Идёт обмен" if short else "Идёт обмен с сервером"
            case Link.DECIDE:
                number = counted(self.troubled, "запись", "записи", "записей")
                return f"Решить: {self.troubled}" if short else f"Ждут вашего решения: {number}"
            case Link.ENDED:
                return "Нужен вход" if short else "Обмен остановлен: войдите снова"
            case Link.CLOSED:
                return "Доступ прекращён"
            case Link.STUCK:
                lost = "Сервер занят" if short else "Сервер отвечает, но записи не принимает"
            case _:
                lost = "Нет связи"
        return f"{lost} с {at}" if at else lost

    def _troubled(self, *, short: bool) -> str:
        """What needs a person is told in every state, also without a link."""
        if not self.troubled or self.link is Link.DECIDE:
            return ""
        return f"решить: {self.troubled}" if short else f"ждут вашего решения: {self.troubled}"

    def _waiting(self, *, short: bool) -> str:
        """Files are told apart from records: they go by a queue of their own."""
        if self.link is Link.CLOSED:
            return ""
        if not self.waiting + self.files:
            return "" if short or self.link is Link.SYNCING else "всё отправлено"
        if short:
            return "ждут: " + " + ".join(self._short())
        records = counted(self.waiting, "запись", "записи", "записей") if self.waiting else ""
        files = counted(self.files, "файл", "файла", "файлов") if self.files else ""
        return f"ждут отправки: {', '.join(filter(None, (records, files)))}"

    def _short(self) -> list[str]:
        records = [str(self.waiting)] if self.waiting else []
        return records + ([counted(self.files, "файл", "файла", "файлов")] if self.files else [])
