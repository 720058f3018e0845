"""Pure rules of accounts, roles and grants."""

from __future__ import annotations

import re

from common.administration.kinds import AccountKind, EndReason, EndTrigger
from common.kit.checks import LOOK_ALIKES
from common.kit.rights import Action, Permissions, Scope, Section

SHORTEST, LONGEST = 12, 128
"""Signs of a password; nothing else is asked of it but that it is hard to guess."""
PASSWORD_RULES = (
    f"От {SHORTEST} до {LONGEST} знаков, любых. Лучше всего фраза из нескольких не связанных слов: её легко набрать "
    "и трудно угадать. Без имени, логина и названия колледжа: такие пароли сервер не примет."
)

OF_THE_REGION = {AccountKind.OPERATOR, AccountKind.REGION_OFFICIAL}


def refuse_kind(kind: AccountKind, *, parents: bool) -> str | None:
    if kind in OF_THE_REGION:
        return f"Учётную запись вида «{kind.label}» открывает оператор региона, а не организация"
    if kind is AccountKind.PARENT and not parents:
        return "Учётные записи родителей в организации выключены; их включает оператор региона"
    return None


def refuse_scope(scope: Scope, widest: Scope) -> str | None:
    """A role is not given wider than it was made for, and a college gives nothing in the region."""
    if Scope.REGION in (scope, widest):
        return "Роль региона даёт оператор региона, а не организация"
    if scope.narrower(widest) is not scope:
        return f"Эту роль дают не шире, чем «{widest.label}»; сузьте область"
    return None


def refuse_rights(rights: Permissions, shipped: Permissions, known: Permissions) -> str | None:
    """`shipped`: of the role that is edited; `known`: of all that a college may be given."""
    if not rights:
        return "В роли нет ни одного права: отметьте хотя бы одно или закройте форму"
    administers = {p for p in rights if p.section is Section.ADMINISTRATION}
    if not administers <= shipped:
        return "Права раздела «Администрирование» есть только у правки роли, в которой они уже были"
    if strange := rights - known:
        named = min(strange, key=str)
        return f"«{named.section.label}: {named.action.label}» ({named.pd.label}): такого права нет ни у одной готовой роли"
    return None


def administers(rights: Permissions) -> bool:
    return any(p.section is Section.ADMINISTRATION and p.action is Action.WRITE for p in rights)


def refuse_length(password: str) -> str | None:
    if len(password) < SHORTEST:
        return f"Пароль короче {SHORTEST} знаков; придумайте длиннее"
    if len(password) > LONGEST:
        return f"Пароль длиннее {LONGEST} знаков; сократите его"
    return None


def refuse_same(old: str, new: str) -> str | None:
    return "Новый пароль такой же, как прежний: придумайте другой" if old == new else None


def refuse_again(new: str, again: str) -> str | None:
    return None if new == again else "Пароли не совпадают: наберите второй раз так же"


def ends_for_good(reason: EndReason, trigger: EndTrigger) -> bool:
    """A relation that has ended closes the account; leave and a term that ran out do not, and a suspicion is looked into."""
    return reason is EndReason.RELATION and trigger not in {EndTrigger.LEAVE, EndTrigger.TERM}


_LATIN, _CYRILLIC = re.compile("[a-z]", re.IGNORECASE), re.compile("[а-яё]", re.IGNORECASE)
_TO_LATIN = {theirs: ours for ours, theirs in LOOK_ALIKES.items()}


def refuse_login(login: str) -> str | None:
    """Two alphabets in one login are a slip of the layout, or meant to be taken for another (TRUST B-21)."""
    if _LATIN.search(login) and _CYRILLIC.search(login):
        return "В логине смешаны русские и латинские буквы: наберите его в одной раскладке"
    return None


def twins(login: str) -> set[str]:
    """The login, and what reads the same in the other alphabet."""
    cyrillic, latin = login.translate(LOOK_ALIKES), login.translate(_TO_LATIN)
    other = {cyrillic} if not _LATIN.search(cyrillic) else set()
    return {login} | other | ({latin} if not _CYRILLIC.search(latin) else set())


LEAST_WORDS = 10
"""Signs of a note on why access ends or comes back: a reason that nobody can read is none (regulation 10.6)."""


def says_enough(words: str) -> bool:
    return len(words.strip()) >= LEAST_WORDS
