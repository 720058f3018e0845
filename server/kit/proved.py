"""When a copy of the database was last proved by opening it: a copy that nobody has opened is a hope, not a backup."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from common.kit.words import counted
from server.kit.database import reader
from server.kit.tables import server_fact

PROVED = "backup_proved"
FRESH = dt.timedelta(days=1)
NEVER = (
    "Ни одна копия базы ещё не проверена. Снимите и проверьте: epo-server backup ФАЙЛ --recipient age1… "
    "--key КЛЮЧ"
)
OLD = (
    "Последняя проверенная копия базы снята {at:%d.%m.%Y %H:%M} UTC, {ago} назад. Рабочие места не стирают того, "
    "чего нет в двух проверенных копиях. Проверьте новую: epo-server backup ПАПКА --key КЛЮЧ"
)


def note_proved(engine: sa.Engine, made_at: dt.datetime) -> None:
    """The copy that was made at that moment opens and is whole; an older one changes nothing."""
    known = last_proved(engine)
    if known is not None and known >= made_at:
        return
    with engine.begin() as connection:
        connection.execute(sa.delete(server_fact).where(server_fact.c.name == PROVED))
        connection.execute(
            sa.insert(server_fact).values(name=PROVED, value=made_at.astimezone(dt.UTC).isoformat())
        )


def last_proved(engine: sa.Engine) -> dt.datetime | None:
    """When the newest of the proved copies was made."""
    query = sa.select(server_fact.c.value).where(server_fact.c.name == PROVED)
    with reader(engine).connect() as connection:
        said = connection.scalar(query)
    return dt.datetime.fromisoformat(said) if said else None


def state(engine: sa.Engine, now: dt.datetime) -> str:
    """`proved`, `old` or `never`: one word for probes."""
    at = last_proved(engine)
    return "never" if at is None else "proved" if now - at <= FRESH else "old"


def words(engine: sa.Engine, now: dt.datetime) -> str:
    """What an operator should know of it; empty where there is nothing to do."""
    at = last_proved(engine)
    if at is None:
        return NEVER
    if now - at <= FRESH:
        return ""
    hours = int((now - at).total_seconds() // 3600)
    ago = (
        counted(hours // 24, "сутки", "суток", "суток")
        if hours >= 48
        else counted(hours, "час", "часа", "часов")
    )
    return OLD.format(at=at, ago=ago)
