"""Closed lists about a human being (domain 0.2)."""

from __future__ import annotations

from common.kit.kinds import Choice


class Sex(Choice):
    MALE = "M", "Мужской"
    FEMALE = "F", "Женский"


class SnilsState(Choice):
    ABSENT = "absent", "Не указан"
    FORMAT_OK = "format_ok", "Проверен по контрольному числу"
    CONFIRMED = "confirmed", "Подтверждён"
    REJECTED = "rejected", "Отклонён"


class NameCase(Choice):
    GENITIVE = "gen", "Родительный"
    DATIVE = "dat", "Дательный"
    ACCUSATIVE = "acc", "Винительный"
    INSTRUMENTAL = "ins", "Творительный"
    PREPOSITIONAL = "pre", "Предложный"


class CaseSource(Choice):
    AUTO = "auto", "Программа"
    MANUAL = "manual", "Вручную"


class CitizenshipKind(Choice):
    MAIN = "main", "Основное"
    SECOND = "second", "Второе"
    STATELESS = "stateless", "Без гражданства"


class AddressKind(Choice):
    REGISTRATION = "registration", "Регистрации"
    ACTUAL = "actual", "Фактический"
    TEMPORARY = "temporary", "Временный"


class ContactKind(Choice):
    MOBILE = "mobile", "Мобильный телефон"
    HOME = "home", "Домашний телефон"
    EMAIL = "email", "Электронная почта"
    MESSENGER = "messenger", "Мессенджер"


class Kinship(Choice):
    MOTHER = "mother", "Мать"
    FATHER = "father", "Отец"
    GUARDIAN = "guardian", "Опекун"
    CUSTODIAN = "custodian", "Попечитель"
    FOSTER = "foster", "Приёмный родитель"
    SPOUSE = "spouse", "Супруг(а)"
    OTHER = "other", "Иное"


class ConsentKind(Choice):
    PERSONAL_DATA = "personal_data", "Обработка персональных данных"
    PUBLICATION = "publication", "Распространение персональных данных"


class SignedBy(Choice):
    SELF = "self", "Сам(а)"
    REPRESENTATIVE = "representative", "Законный представитель"


class PriorLevel(Choice):
    BASIC_GENERAL = "basic_general", "Основное общее (9 классов)"
    SECONDARY_GENERAL = "secondary_general", "Среднее общее (11 классов)"
    NPO = "npo", "Начальное профессиональное"
    SPO = "spo", "Среднее профессиональное"
    VO = "vo", "Высшее"
    NONE = "none", "Нет документа об образовании"


class Honours(Choice):
    NONE = "none", "Нет"
    GOLD = "gold", "Золотая медаль"
    SILVER = "silver", "Серебряная медаль"
    WITH_HONOURS = "with_honours", "С отличием"


class Mark(Choice):
    THREE = "3", "3"
    FOUR = "4", "4"
    FIVE = "5", "5"
    PASSED = "passed", "зачтено"
    EXEMPT = "exempt", "освобождён"
