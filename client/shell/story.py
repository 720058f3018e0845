"""What happened to an operation, told to the person who made it."""

from __future__ import annotations

from collections.abc import Sequence

from client.shell.merge import Merge
from client.shell.record_words import moment
from common.kit.sync import Command, Delete, Status
from common.kit.words import counted, plural

STAYS = "Обе версии останутся в журнале."
OTHER = "другой пользователь (кто именно, видит администратор)"
"""The feed does not carry who changed a row."""


def story(merge: Merge) -> str:
    entry = merge.trouble.entry
    at = moment(entry.op.at)
    if merge.whole:
        done = "удалили" if isinstance(merge.body, Delete) else "изменили"
        they = "изменил" if isinstance(merge.body, Delete) else "удалил"
        return f"Вы {done} запись {at}, а {OTHER} её {they}. {STAYS}"
    if merge.conflict and merge.rows:
        return f"Вы изменили запись {at}, её же изменил {OTHER}. {_numbers(merge)} {STAYS}"
    if isinstance(merge.body, Command):
        return f"Отправлено {at}. {_why(entry.status)}"
    return f"Вы записали это {at}. {_why(entry.status)} {STAYS}"


def _numbers(merge: Merge) -> str:
    contested = sum(row.contested for row in merge.rows)
    by_itself = len(merge.rows) - contested
    chosen = f"По {counted(contested, 'полю', 'полям', 'полям')} нужен ваш выбор"
    if not by_itself:
        return f"{chosen}."
    merged = counted(by_itself, "поле", "поля", "полей")
    return f"{merged} {plural(by_itself, 'слилось', 'слились', 'слились')} само; {chosen[:1].lower()}{chosen[1:]}."


def _why(status: Status) -> str:
    match status:
        case Status.REFUSED:
            return "Сервер отклонил запись по правилу. Исправьте её (F2) и отправьте снова, отправьте как есть или закройте."
        case Status.QUARANTINED:
            return (
                "На это у вас нет права. Если право вернули, отправьте ещё раз; если нет, закройте."
            )
        case Status.HELD:
            return "Сервер отложил запись до решения. Отправьте её ещё раз, когда решение принято."
        case Status.FAILED:
            return "Сервер не справился с записью; администратор об этом извещён. Отправьте ещё раз позже."
        case Status.CONFLICT:
            return "Сервер просит подтвердить запись: отправьте ещё раз или закройте."
        case Status.APPLIED:
            return "Сервер принял запись, но с замечанием. Прочтите его и закройте со словом, что сделано."
        case _:
            return ""


def held_words(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    shown = "; ".join(titles[:3])
    more = f" и ещё {len(titles) - 3}" if len(titles) > 3 else ""
    return f"За этой записью ждут: {shown}{more}. Они уйдут вместе с решением."
