"""The policy, computed from declarations and role rows: operation → permissions → scope → fields by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from common.administration.entities import Role
from common.kit.buckets import sections_of, tops_of
from common.kit.entity import describe, entities, spec_of
from common.kit.ids import REGION
from common.kit.kinds import PersonalData
from common.kit.rights import Action, Permission, Permissions, permissions
from common.kit.spec import EntitySpec
from server.kit.database import reader
from server.kit.session import Clock, CollegeSession


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API; an operation without a route here does not start."""

    method: str
    path: str
    name: str
    who: str


ROUTES = (
    Route("GET", "/health/live", "Сервер запущен", "anybody"),
    Route("GET", "/health/ready", "Сервер готов", "anybody"),
    Route("POST", "/api/sign-in", "Вход", "anybody"),
    Route("POST", "/api/sign-out", "Выход", "signed_in"),
    Route("GET", "/api/me", "Кто я", "signed_in"),
    Route("POST", "/api/sync/pull", "Получить изменения", "signed_in"),
    Route("POST", "/api/sync/push", "Передать операции", "signed_in"),
    Route("POST", "/api/sync/offer", "Сверить операции", "signed_in"),
    Route("POST", "/api/sync/seal", "Запечатать то, чего автору больше не видеть", "desk"),
    Route("POST", "/api/file", "Передать часть файла", "signed_in"),
    Route("GET", "/api/file", "Получить часть файла", "signed_in"),
    Route("GET", "/api/openapi.json", "Описание API", "signed_in"),
)


def guard(spec: EntitySpec, action: Action, pd: PersonalData) -> tuple[Permission, ...]:
    """Any of these opens the class of this entity."""
    return tuple(Permission(section, action, pd) for section in sections_of(spec.name))


def policy(engine: sa.Engine, *, now: Clock) -> dict[str, Any]:
    """What is promised, as it is enforced."""
    with CollegeSession(reader(engine), REGION, now=now) as db:
        rows = db.execute(sa.select(Role.code, Role.name, Role.permissions)).all()
    roles = {code: permissions(tuple(text.split())) for code, _, text in rows}
    return {
        "routes": [
            {"method": r.method, "path": r.path, "name": r.name, "who": r.who} for r in ROUTES
        ],
        "records": [_record(spec, roles) for spec in map(describe, entities())],
        "roles": [{"code": code, "name": name} for code, name, _ in rows],
    }


def _record(spec: EntitySpec, roles: dict[str, Permissions]) -> dict[str, Any]:
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
                        code
                        for code, held in roles.items()
                        if held.intersection(guard(spec, action, pd))
                        and not (spec.regional and action is Action.WRITE)
                    )
                    for action in Action
                },
            }
            for pd in spec.classes
        },
    }
