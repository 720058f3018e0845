"""The lists of the administration."""

from __future__ import annotations

from common.administration.entities import HandedOperation
from common.administration.kinds import HandedKind, HandedState
from common.kit.entity import spec_of
from common.kit.lists import ListSpec, column, computed, path


def what(kind: HandedKind | None, entity: str | None) -> str:
    """«Изменение: Физическое лицо»."""
    try:
        one = spec_of(entity or "").one
    except KeyError:
        one = "запись новой версии программы"
    return f"{kind.label}: {one}" if kind else one


HANDED = ListSpec(
    "handed",
    "Переданные записи",
    HandedOperation,
    (
        column(HandedOperation.handed_at, width=130),
        column(HandedOperation.author, width=210),
        computed(
            "what",
            "Что передано",
            path(HandedOperation.kind),
            path(HandedOperation.entity),
            make=what,
            width=210,
        ),
        column(HandedOperation.word, width=240),
        column(HandedOperation.state, width=190, pill=True),
        column(HandedOperation.decider, width=180),
    ),
    (("handed_at", True),),
    adds=False,
)

TONES = {
    HandedState.WAITING.label: "warn",
    HandedState.SENT.label: "ok",
    HandedState.RETURNED.label: "muted",
    HandedState.WITHDRAWN.label: "muted",
}
