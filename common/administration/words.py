"""Rights in the words of people: a permission, what two roles differ by, why something is seen or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from common.kit.access import Granted, Why
from common.kit.rights import Action, Permission, Permissions, Section


def permission_words(p: Permission) -> str:
    """«Деканат: изменение — документы и номера»."""
    return f"{p.section.label}: {p.action.label} — {p.pd.label}"


def grouped(permissions: Iterable[Permission]) -> Iterator[str]:
    """One line a section and action, its classes together."""
    held = set(permissions)
    for section in Section:
        for action in Action:
            classes = [p.pd for p in held if p.section is section and p.action is action]
            if classes:
                told = ", ".join(pd.label for pd in sorted(classes, key=lambda pd: str(pd.value)))
                yield f"{section.label}: {action.label} — {told}"


def difference(shipped: Permissions, own: Permissions) -> list[str]:
    """What the college's edition gives more and what less."""
    more = [f"Добавлено: {line}" for line in grouped(own - shipped)]
    return more + [f"Убрано: {line}" for line in grouped(shipped - own)]


def why_words(why: Why, on: dt.date) -> str:
    """The grants that give it, or what is lacking."""
    if why.allowed:
        return "; ".join(dict.fromkeys(f"{g.role}, {g.act}" for g in why.by))
    if not why.needs:
        return "Это меняет только оператор региона"
    said = [_narrow(g) for g in why.narrow] + [_ended(g, on) for g in why.ended]
    return "; ".join(said) or f"Ни одна роль не даёт права «{permission_words(why.needs[0])}»"


def _narrow(g: Granted) -> str:
    return f"{g.role}, {g.act}: дана не на всю организацию, область — {g.scope.label}"


def _ended(g: Granted, on: dt.date) -> str:
    if g.valid_from > on:
        return f"{g.role}, {g.act}: начнёт действовать {g.valid_from:%d.%m.%Y}"
    assert g.valid_to is not None  # noqa: S101  a grant without a term has not ended
    return f"{g.role}, {g.act}: закончилась {g.valid_to:%d.%m.%Y}"
