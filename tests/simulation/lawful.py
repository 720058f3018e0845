"""What a rule forbids: nothing else may be refused (I16)."""

from __future__ import annotations

from client.kit.records import Body
from common.kit.sync import Command, Operation, Outcome, Save
from tests.simulation.world import World

UNLAWFUL = "Я" * 600
"""A value that a rule forbids."""
SAID = (
    "Такая запись уже есть",
    "Запись ссылается на другую",
    "Не сказано",
    "Удалить нельзя",
    "Сначала верните из корзины",
)
NOWHERE = "Такой записи на сервере нет"
"""Of one whose making was given up."""


def is_lawful(world: World, op: Operation, outcome: Outcome) -> bool:
    pairs = op.body.set if isinstance(op.body, Save) else {}
    values = [new for _, new in pairs.values()]
    required = [n for n in outcome.fields if n in pairs and pairs[n][1] is None]
    said = SAID if _is_there(world, op.body) else (*SAID, NOWHERE)
    return bool(required) or UNLAWFUL in values or outcome.text.startswith(said)


def _is_there(world: World, body: Body) -> bool:
    """At the centre, in the basket too: nothing is ever erased there."""
    if isinstance(body, Command):
        return False
    return bool(world.rows(f"SELECT 1 FROM {body.entity} WHERE id = ?", body.id.hex))
