"""Closed lists of admissions (domain 4, S.2)."""

from __future__ import annotations

from common.kit.kinds import Choice


class CampaignStatus(Choice):
    PREPARATION = "preparation", "Подготовка"
    OPEN = "open", "Открыта"
    RATING = "rating", "Рейтинг"
    ENROLLMENT = "enrollment", "Зачисление"
    ADDITIONAL = "additional", "Дополнительный набор"
    CLOSED = "closed", "Закрыта"


class StageKind(Choice):
    ACCEPT = "accept", "Приём заявлений"
    TESTS = "tests", "Вступительные испытания"
    ORIGINALS = "originals", "Приём оригиналов"
    ENROLL = "enroll", "Зачисление"
    ADDITIONAL = "additional", "Дополнительный набор"
    PAID = "paid", "Заключение договоров"


class Funding(Choice):
    REGIONAL_BUDGET = "regional_budget", "Областной бюджет"
    FEDERAL_BUDGET = "federal_budget", "Федеральный бюджет"
    LOCAL_BUDGET = "local_budget", "Местный бюджет"
    PAID = "paid", "Договор об оказании платных услуг"
    TARGET = "target", "Целевое обучение"


class Source(Choice):
    PERSONAL = "personal", "Лично"
    EPGU = "epgu", "Госуслуги"
    MAIL = "mail", "Почта"
    EMAIL_SITE = "email_site", "Электронная почта, сайт"
    REGION_PORTAL = "region_portal", "Региональный портал"


class ReturnMethod(Choice):
    PERSONAL = "personal", "Лично или через доверенное лицо"
    POST = "post", "Почтой"
    ELECTRONIC = "electronic", "В электронной форме"


class ApplicationState(Choice):
    """The labels are those of domain S.2, exactly."""

    DRAFT = "draft", "Черновик"
    SUBMITTED = "submitted", "Подано"
    UNDER_CHECK = "under_check", "На проверке"
    DOCUMENTS_REQUESTED = "documents_requested", "Запрошены документы"
    ACCEPTED = "accepted", "Принято"
    IN_RATING = "in_rating", "Участвует в конкурсе"
    RECOMMENDED = "recommended", "Рекомендовано к зачислению"
    ENROLLED = "enrolled", "Зачислено"
    NOT_PASSED = "not_passed", "Не прошло по конкурсу"
    WITHDRAWN = "withdrawn", "Отозвано"
    REFUSED = "refused", "Отклонено"
    DOCUMENT_RETURNED = "document_returned", "Документы возвращены"


class OriginalState(Choice):
    NONE = "none", "Не представлен"
    COPY = "copy", "Копия"
    ORIGINAL = "original", "Оригинал"
    E_CONFIRMED = "e_confirmed", "Подтверждён электронно"


class Need(Choice):
    ORIGINAL = "original", "Оригинал"
    COPY = "copy", "Копия"
    BOTH = "both", "Оригинал и копия"


class DocumentStage(Choice):
    APPLY = "apply", "При подаче"
    ENROLL = "enroll", "К зачислению"


class DocumentState(Choice):
    MISSING = "missing", "Не сдан"
    RECEIVED = "received", "Принят"
    REJECTED = "rejected", "Отклонён"
    RETURNED = "returned", "Возвращён"


class Carrier(Choice):
    ORIGINAL = "original", "Оригинал"
    COPY = "copy", "Копия"


class BenefitRight(Choice):
    FIRST_ORDER = "first_order", "Первоочередное зачисление"
    PREFERENTIAL = "preferential", "Преимущественное право"
    QUOTA = "quota", "Особая квота"
