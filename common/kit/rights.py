"""Rights: a permission is (section, action, class of personal data); roles hold them, grants give roles a scope."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Self

from common.kit.kinds import Choice, PersonalData


class Section(Choice):
    """The 19 subsystems of the regulation and what they stand on; a section has rights of its own."""

    COLLEGES = "colleges", "Организации"
    REFERENCE = "reference", "Справочники"
    PEOPLE = "people", "Физические лица"
    PAPERS = "papers", "Шаблоны документов"
    ORDERS = "orders", "Приказы"
    ADMINISTRATION = "administration", "Администрирование"
    HANDED = "handed", "Переданное администратору"
    ORGANISATION = "organisation", "Организация"
    STAFF = "staff", "Кадровый учёт"
    ACADEMIC = "academic", "Учебная часть"
    TIMETABLE = "timetable", "Расписание"
    DEAN = "dean", "Деканат"
    DEAN_SOCIAL = "dean_social", "Деканат: профилактика и меры поддержки"
    DEAN_MILITARY = "dean_military", "Деканат: воинский учёт"
    DEAN_HOSTEL = "dean_hostel", "Деканат: общежитие"
    DEAN_PAYMENTS = "dean_payments", "Деканат: стипендии и оплата"
    ADMISSIONS = "admissions", "Приёмная комиссия"
    PRACTICE = "practice", "Производственное обучение"
    UPBRINGING = "upbringing", "Воспитательная работа"
    BRIEFINGS = "briefings", "Документы по охране труда"
    PROGRAMMES = "programmes", "Конструктор образовательных программ"
    QUALITY = "quality", "Оценка качества"
    SATISFACTION = "satisfaction", "Удовлетворённость пользователей"
    REPORTS = "reports", "Отчёты"
    INSIGHT = "insight", "Управление на основе данных"


class Action(Choice):
    READ = "read", "просмотр"
    WRITE = "write", "изменение"
    SIGN = "sign", "подписание"


class Scope(Choice):
    """What a grant reaches, the widest first."""

    REGION = "region", "регион"
    COLLEGE = "college", "организация"
    UNIT = "unit", "подразделение"
    GROUP = "group", "учебная группа"
    SELF = "self", "только своё"

    def narrower(self, other: Scope) -> Scope:
        """The narrower of the two."""
        order = list(Scope)
        return max(self, other, key=order.index)


@dataclass(frozen=True, slots=True)
class Permission:
    section: Section
    action: Action
    pd: PersonalData

    def __str__(self) -> str:
        return f"{self.section.value}.{self.action.value}.{self.pd.value}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The permission that str() wrote; ValueError where it names none."""
        section, action, pd = text.split(".")
        return cls(Section.of(section), Action.of(action), PersonalData.of(pd))


Permissions = frozenset[Permission]


def may(held: Permissions, section: Section, action: Action, pd: PersonalData) -> bool:
    return Permission(section, action, pd) in held


@functools.cache
def permissions(texts: tuple[str, ...]) -> Permissions:
    return frozenset(Permission.read(text) for text in texts)
