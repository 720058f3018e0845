"""What happened to an operation, told to the person who made it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from client.shell.merge import Merge
from client.shell.record_words import moment
from client.store.entry import Entry, Handed
from common.kit.sync import Command, Delete, Status, Writer
from common.kit.words import counted, plural

STAYS = "Обе версии останутся в журнале."
OTHER = "другой пользователь (кто именно, видит администратор)"
"""Where the centre has not said, or the value has been changed once more since it did."""
YOURSELF = "вы сами на другом компьютере"


def story(merge: Merge) -> str:
    entry = merge.trouble.entry
    at = moment(entry.op.at)
    if merge.whole:
        done = "удалили" if isinstance(merge.body, Delete) else "изменили"
        they = "изменили" if isinstance(merge.body, Delete) else "удалили"
        part = "" if any(row.fixed for row in merge.rows) else _of_a_part(entry)
        return f"Вы {done} запись {at}, а на сервере её {they}: {_others(merge)}. {part}{STAYS}"
    if merge.conflict and merge.rows:
        return (
            f"Вы изменили запись {at}, её же изменили: {_others(merge)}. {_numbers(merge)} {STAYS}"
        )
    if isinstance(merge.body, Command):
        return f"Отправлено {at}. {_why(entry.status)}"
    return f"Вы записали это {at}. {_why(entry.status)} {STAYS}"


def _of_a_part(entry: Entry) -> str:
    """A change that stands in no field of the record itself is told in the centre's words."""
    return f"{entry.said}. " if entry.said and isinstance(entry.op.body, Delete) else ""


def _others(merge: Merge) -> str:
    """Everybody whose value stands against one's own, once each."""
    rows = [row for row in merge.rows if row.contested or row.fixed]
    hands = [writer for row in rows if (writer := _newest(merge, row.name))]
    names = [_name(writer, merge.trouble.entry.op.author) for writer in hands]
    return ", ".join(dict.fromkeys(names)) or OTHER


def _name(writer: Writer, own: UUID) -> str:
    return YOURSELF if writer.account == own else writer.name


def wrote(writer: Writer, own: UUID) -> str:
    """«Петрова Анна Сергеевна, тел. +7 3842 00-00-10, 24.11.2026 13:40, секретарь»: what is needed most comes first."""
    stranger = writer.account != own
    phone = f"тел. {writer.phone}" if writer.phone and stranger else ""
    said = (_name(writer, own), phone, moment(writer.at), writer.post if stranger else "")
    return ", ".join(filter(None, said))


def whom_to_call(merge: Merge, name: str) -> str:
    """Who gave the centre the value of this field, an atom being one value; empty where nobody is known."""
    hand = _newest(merge, name)
    return (
        f"Значение сервера записали: {wrote(hand, merge.trouble.entry.op.author)}" if hand else ""
    )


def _newest(merge: Merge, name: str) -> Writer | None:
    hands = [row.writer for row in merge.together(name) if row.writer is not None]
    return max(hands, key=lambda writer: writer.at, default=None)


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


def handed_words(entry: Entry) -> str:
    """Where it stands with an administrator, and what he said of it last."""
    if entry.handed is Handed.ASKED:
        return "Передаётся администратору. Вы можете решить и сами."
    if entry.handed is Handed.WAITING:
        return "Запись у администратора: он отправит её или вернёт вам. Вы можете решить и сами."
    if entry.handed is Handed.RETURNED and entry.answer is not None:
        return f"Администратор вернул запись: «{entry.answer.word}» ({wrote(entry.answer.who, entry.op.author)})."
    return ""


def held_words(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    shown = "; ".join(titles[:3])
    more = f" и ещё {len(titles) - 3}" if len(titles) > 3 else ""
    return f"За этой записью ждут: {shown}{more}. Они уйдут вместе с решением."
