"""The policy, computed from declarations and role rows: operation → permissions → scope → fields by class."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from common.administration.entities import Role
from common.kit.access import Granted, opens
from common.kit.buckets import tops_of
from common.kit.entity import describe, entities, spec_of
from common.kit.ids import REGION
from common.kit.rights import Action, Permission, Permissions, Scope, permissions
from common.kit.spec import EntitySpec
from common.kit.sync import (
    ADOPT,
    CLOSE,
    DESTROY_LOGIN,
    END_ACCESS,
    HAND,
    NOTE,
    READ,
    RESUME_ACCESS,
    RETURN_HANDED,
    SEND_HANDED,
)
from server.kit.database import reader
from server.kit.session import Clock, CollegeSession


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API; an operation without a route here does not start."""

    method: str
    path: str
    name: str
    who: str
    """`anybody`, `signed_in`, `desk`, `browser` (a page, for whoever has signed in there), or the permission that it takes; of officials `region`, which opens what their roles read, or `region.` with a permission."""


ROUTES = (
    Route("GET", "/health/live", "Сервер запущен", "anybody"),
    Route("GET", "/health/ready", "Сервер готов", "anybody"),
    Route("POST", "/api/sign-in", "Вход", "anybody"),
    Route("POST", "/api/sign-out", "Выход", "signed_in"),
    Route("GET", "/api/me", "Кто я", "signed_in"),
    Route("POST", "/api/sync/pull", "Получить изменения", "signed_in"),
    Route("POST", "/api/sync/year", "Прочитать прежний год", "signed_in"),
    Route("POST", "/api/sync/push", "Передать операции", "signed_in"),
    Route("POST", "/api/sync/offer", "Сверить операции", "signed_in"),
    Route("POST", "/api/sync/seal", "Запечатать то, чего автору больше не видеть", "desk"),
    Route("POST", "/api/file", "Передать часть файла", "signed_in"),
    Route("GET", "/api/file", "Получить часть файла", "signed_in"),
    Route("POST", "/api/credentials", "Выдать коды входа", "administration.write.P1"),
    Route("GET", "/api/asked", "Что повторить после восстановления", "administration.write.P0"),
    Route("POST", "/api/asked/decide", "Решить, что повторить", "administration.write.P0"),
    Route("GET", "/api/numbers", "Номера рабочих мест", "administration.write.P0"),
    Route("POST", "/api/numbers/close", "Погасить номера", "administration.write.P0"),
    Route("GET", "/api/sealed", "Запечатанная работа", "administration.write.P1"),
    Route("GET", "/api/jobs", "Мои долгие работы", "signed_in"),
    Route("POST", "/api/jobs/cancel", "Отменить долгую работу", "signed_in"),
    Route("POST", "/api/jobs/input", "Передать таблицу для долгой работы", "signed_in"),
    Route("GET", "/api/jobs/result", "Получить то, что сделала долгая работа", "signed_in"),
    Route(
        "POST", "/api/jobs/start/admissions-report", "Ход приёма страницей", "admissions.read.P0"
    ),
    Route(
        "POST",
        "/api/jobs/start/export-applicants",
        "Выгрузить список поступающих",
        "admissions.read.P1",
    ),
    Route(
        "POST",
        "/api/jobs/start/import-applications",
        "Загрузить заявления из таблицы",
        "admissions.write.P3",
    ),
    Route("POST", "/api/password", "Сменить свой пароль", "signed_in"),
    Route("GET", "/api/region/events", "События доступа", "region.administration.read.P1"),
    Route("GET", "/api/region/rows", "Записи организаций", "region"),
    Route("GET", "/api/access/visits", "Журнал посещений", "administration.read.P1"),
    Route("GET", "/api/access/sessions", "Сеансы", "administration.read.P1"),
    Route("POST", "/api/access/sessions/end", "Закончить сеанс", "administration.write.P1"),
    Route("GET", "/api/history", "История записей", "signed_in"),
    Route("GET", "/sign-in", "Страница входа", "anybody"),
    Route("POST", "/sign-in", "Войти в браузере", "anybody"),
    Route("GET", "/static/{name}", "Вид страниц", "anybody"),
    Route("POST", "/sign-out", "Выйти в браузере", "browser"),
    Route("GET", "/", "Страница «Кто я и что мне можно»", "browser"),
    Route("GET", "/sessions", "Страница своих сеансов", "browser"),
    Route("POST", "/sessions/end", "Закончить свой сеанс", "browser"),
    Route("GET", "/password", "Страница смены пароля", "browser"),
    Route("POST", "/password", "Сменить свой пароль в браузере", "browser"),
    Route("GET", "/manual", "Руководство: содержание и поиск", "browser"),
    Route("GET", "/manual/{name}", "Страница руководства", "browser"),
    Route("GET", "/manual/pictures/{name}", "Картинка руководства", "browser"),
    Route("GET", "/api/openapi.json", "Описание API", "signed_in"),
)


OFFICIAL, OVER_ALL = "region", "region."


@dataclass(frozen=True, slots=True)
class Act:
    """One command of a push; a command without a row here lets no server start."""

    command: str
    name: str
    who: str
    """`signed_in` (of oneself or one's own desk), `record` (what the record that it names takes), or the permission."""


ACTS = (
    Act(ADOPT, "Принять запись сервера вместо своей", "record"),
    Act(CLOSE, "Закрыть свою операцию словом", "signed_in"),
    Act(READ, "Отметить просмотр особых сведений", "signed_in"),
    Act(NOTE, "Отметить событие рабочего места", "signed_in"),
    Act("lease_numbers", "Получить номера своего рабочего места", "signed_in"),
    Act(HAND, "Передать свою операцию администратору", "signed_in"),
    Act(SEND_HANDED, "Отправить переданное от своего имени", "handed.write.P0"),
    Act(RETURN_HANDED, "Вернуть переданное автору", "handed.write.P0"),
    Act(END_ACCESS, "Прекратить доступ", "administration.write.P1"),
    Act(RESUME_ACCESS, "Возобновить доступ", "administration.write.P1"),
    Act(DESTROY_LOGIN, "Уничтожить логин", "administration.write.P1"),
)
WHOEVER = ("signed_in", "record")
RULED = {act.command: act for act in ACTS}


def refuse_command(held: Permissions, command: str) -> str:
    """Why one who holds these permissions may not; empty where he may, and where no row says anything."""
    act = RULED.get(command)
    if act is None or act.who in WHOEVER or Permission.read(act.who) in held:
        return ""
    return f"Нет права: {act.name[:1].lower()}{act.name[1:]}"


def opens_route(method: str, path: str, held: Permissions, region: Permissions) -> bool:
    """May one who holds these in his college, and those over the region? The route says which of both it takes."""
    route = next(r for r in ROUTES if (r.method, r.path) == (method, path))
    if route.who == OFFICIAL:
        return bool(region)
    counted = region if route.who.startswith(OVER_ALL) else held
    return Permission.read(route.who.removeprefix(OVER_ALL)) in counted


def policy(engine: sa.Engine, *, now: Clock) -> dict[str, Any]:
    """What is promised, as it is enforced: for each shipped role, granted as widely as it may be."""
    with CollegeSession(reader(engine), REGION, now=now) as db:
        rows = db.execute(sa.select(Role.code, Role.name, Role.scope, Role.permissions)).all()
    roles = {code: _granted(scope, text) for code, _, scope, text in rows}
    officials = {
        code: permissions(tuple(text.split()))
        for code, _, scope, text in rows
        if scope is Scope.REGION
    }
    return {
        "routes": [
            {"method": r.method, "path": r.path, "name": r.name, "who": r.who} for r in ROUTES
        ],
        "commands": [{"command": a.command, "name": a.name, "who": a.who} for a in ACTS],
        "records": [_record(spec, roles, officials) for spec in map(describe, entities())],
        "roles": [
            {"code": code, "name": name, "scope": scope.value} for code, name, scope, _ in rows
        ],
    }


def _granted(widest: Scope, text: str) -> Permissions:
    """What the role opens in a college; the region's roles open its books alone."""
    held = permissions(tuple(text.split()))
    if widest is not Scope.REGION:
        return held
    return Granted("", held, widest, "", dt.date.min).opens()


def _record(
    spec: EntitySpec, roles: dict[str, Permissions], officials: dict[str, Permissions]
) -> dict[str, Any]:
    """`region`: who reads this class of every college's rows, by the routes of the region alone."""
    return {
        "entity": spec.name,
        "title": spec.title,
        "scope": "region" if spec.regional else "college",
        "own": [f"{top}.{spec_of(top).root}" for top in tops_of(spec.name) if spec_of(top).root],
        "classes": {
            pd.value: {
                "fields": [f.name for f in spec.facet(pd)],
                **{
                    action.value: sorted(
                        code for code, held in roles.items() if opens(held, spec, action, pd)
                    )
                    for action in Action
                },
                "region": sorted(
                    code
                    for code, held in officials.items()
                    if not spec.regional and opens(held, spec, Action.READ, pd)
                ),
            }
            for pd in spec.classes
        },
    }
