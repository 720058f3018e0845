"""`epo-server transfer …`: an applicant's record goes to another college; and the keys by which the region knows a human being."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from common.kit.errors import NotFound
from server.administration.service import places
from server.admissions.transfer import Order, finish, finish_all, send
from server.kit import person_keys
from server.kit.acts import Act, Acts
from server.kit.commit import commit
from server.kit.session import Clock, CollegeSession


def add_transfer(parser: argparse.ArgumentParser, shared: Any, run: Callable[[Act], Any]) -> None:
    acts = Acts(parser, shared, run)
    sending = acts.add("send", send_applicant, "перевести заявление в другую организацию")
    sending.add_argument("applicant", help="идентификатор поступающего")
    sending.add_argument("--to", required=True, help="код организации, куда переводят")
    sending.add_argument("--as", dest="login", required=True, help="логин того, кто переводит")
    acts.add("resume", resume, "закончить переводы, которые прервал сбой")
    acts.add("keys", fill_keys, "заново посчитать ключи людей")


def send_applicant(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    try:
        applicant = UUID(arguments.applicant)
    except ValueError:
        raise NotFound(f"Поступающего «{arguments.applicant}» нет") from None
    job = send(engine, Order(applicant, arguments.to, arguments.login), now=now)
    finish(engine, job, now=now)
    sys.stdout.write(
        "Переведено: человек и его документы. Номер, выбор групп и сканы новая организация вносит сама\n"
    )
    return 0


def resume(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    sys.stdout.write(f"Закончено переводов: {finish_all(engine, now=now)}\n")
    return 0


def fill_keys(engine: sa.Engine, arguments: argparse.Namespace, *, now: Clock) -> int:
    """Portion by portion, each a transaction of its own; said again it changes nothing."""
    for id, _ in places(engine, None, now):
        after: UUID | None = None
        while True:
            with CollegeSession(engine, id, now=now) as db:
                after = person_keys.fill(db, after)
                commit(db, "person_keys")
            if after is None:
                break
    sys.stdout.write("Ключи людей посчитаны\n")
    return 0
