"""Closed lists of administration (domain 1(a))."""

from __future__ import annotations

from common.kit.kinds import Choice


class AccountKind(Choice):
    OPERATOR = "operator", "Оператор АИС"
    REGION_OFFICIAL = "region_official", "Работник органа власти"
    ORG_ADMIN = "org_admin", "Администратор организации"
    STAFF = "staff", "Работник"
    TEACHER = "teacher", "Педагогический работник"
    STUDENT = "student", "Обучающийся"
    APPLICANT = "applicant", "Поступающий"
    PARTNER = "partner", "Работодатель"
    PARENT = "parent", "Родитель"


class AccountState(Choice):
    PENDING = "pending", "Не выдана"
    ACTIVE = "active", "Действует"
    MUST_CHANGE_PASSWORD = "must_change_password", "Ждёт смены пароля"
    SUSPENDED = "suspended", "Приостановлена"
    CLOSED = "closed", "Закрыта"
    DESTROYED = "destroyed", "Уничтожена"


class HandedState(Choice):
    """What became of an operation that its author has handed to an administrator."""

    WAITING = "waiting", "Ждёт администратора"
    SENT = "sent", "Отправлено администратором"
    RETURNED = "returned", "Возвращено автору"
    WITHDRAWN = "withdrawn", "Автор решил сам"


class HandedKind(Choice):
    CREATE = "create", "Новая запись"
    CHANGE = "change", "Изменение"
    DELETE = "delete", "В корзину"
    RESTORE = "restore", "Из корзины"


class SlipPurpose(Choice):
    FIRST = "first", "Первый вход"
    RESET = "reset", "Вместо забытого пароля"


class EndReason(Choice):
    """Why access ends (regulation 10.5.1–10.5.3)."""

    RELATION = "relation", "Окончание трудовых или образовательных отношений"
    SUSPICIOUS = "suspicious", "Подозрительные действия"
    INTRUSION = "intrusion", "Несанкционированный доступ"
