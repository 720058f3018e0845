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


class EndTrigger(Choice):
    """What ended access, one of the three reasons being its ground (regulation 9.3.4, 10.5)."""

    BY_HAND = "by_hand", "Решение администратора"
    DISMISSAL = "dismissal", "Увольнение или отчисление"
    LEAVE = "leave", "Отпуск или временная нетрудоспособность"
    REFUSAL = "refusal", "Отказ в приёме или отзыв заявлений"
    CAMPAIGN = "campaign", "Закрытие приёмной кампании"
    WITHDRAWAL = "withdrawal", "Отзыв согласия на обработку персональных данных"
    DETECTION = "detection", "Замечено сервером"
    TERM = "term", "Истёк срок назначения"


CHOSEN_BY_HAND = (EndTrigger.DISMISSAL, EndTrigger.LEAVE, EndTrigger.BY_HAND)
"""The others are told by what has happened in other rooms."""


class OperatorKind(Choice):
    """What the region's operator is told of (regulation 9.3.4, 9.3.6, 10.7)."""

    GRANTED = "granted", "Назначена роль"
    GRANT_EXTENDED = "grant_extended", "Продлено назначение роли"
    GRANT_ENDED = "grant_ended", "Завершено назначение роли"
    ACCESS_ENDED = "access_ended", "Прекращён доступ"
    RESUMED = "resumed", "Возобновлён доступ"
    DESTROYED = "destroyed", "Уничтожен логин"
    SUSPICION = "suspicion", "Замечены подозрительные действия"


class Sign(Choice):
    """What the server looks for in the journal of visits; how much of it is too much stands in dated rows (TRUST B-27)."""

    FOREIGN = "foreign", "Обращения к записям других организаций"
    EXPORTS = "exports", "Выгружено строк"
    PLACES = "places", "Входы с разных компьютеров сразу"
    CARDS = "cards", "Открыто карточек с особыми сведениями"
    NIGHT = "night", "Просмотр, печать и выгрузка ночью"
    REFUSALS = "refusals", "Отказы в правах"
    GUESSES = "guesses", "Неудачные входы"


class AccessKind(Choice):
    """The eleven kinds of event of the journal of visits (domain A10)."""

    LOGIN_OK = "login_ok", "Вход"
    LOGIN_FAIL = "login_fail", "Неудачный вход"
    LOGOUT = "logout", "Выход"
    TOKEN_REFRESH = "token_refresh", "Продление доступа"
    PASSWORD_CHANGE = "password_change", "Смена пароля"
    LOCK = "lock", "Блокировка"
    UNLOCK = "unlock", "Разблокировка"
    DENIED = "denied", "Отказано в праве"
    EXPORT = "export", "Выгрузка"
    PRINT = "print", "Печать"
    P3_READ = "p3_read", "Просмотр особых сведений"


TOLD_BY_DESKS = frozenset(
    {AccessKind.LOCK, AccessKind.UNLOCK, AccessKind.EXPORT, AccessKind.PRINT, AccessKind.DENIED}
)
"""What happens at a desk, with or without a link, and is told of when there is one."""
