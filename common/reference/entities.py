"""Reference books: regional rows by the operator, college rows beside them (domain 2)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.kit import checks
from common.kit.columns import choice, day, flag, integer, ref, text, unique
from common.kit.dated import Dated, refuse_backwards
from common.kit.entity import CollegeOwned, Regional, link
from common.kit.formats import PROGRAMME_CODE
from common.kit.kinds import P0
from common.kit.rights import Section
from common.reference.kinds import DocumentUse, EducationBase, Offered, ProgrammeKind, StudyForm


class Specialty(Dated, Regional):
    """A specialty or profession of SPO; the same code has carried different names over time."""

    __tablename__ = "specialty"
    __title__ = "Специальности и профессии"
    __one__ = "Специальность (профессия)"
    __section__ = Section.REFERENCE
    __coded__ = True
    __checks__ = (refuse_backwards,)
    __table_args__ = (unique("code", "list_basis", "name", regional=True),)

    code: Mapped[str] = text("Код", 8, pd=P0, format=PROGRAMME_CODE, search=True)
    name: Mapped[str] = text("Наименование", 255, pd=P0, search=True)
    kind: Mapped[ProgrammeKind] = choice("Вид программы", ProgrammeKind, pd=P0)
    ugs_code: Mapped[str] = text("Укрупнённая группа", 8, pd=P0)
    list_basis: Mapped[str] = text("Перечень", 30, pd=P0, help="приказ, утвердивший перечень")
    qualifications: Mapped[str | None] = text(
        "Квалификации", 1000, pd=P0, in_list=False, default=None
    )


class OrgSpecialty(CollegeOwned):
    """A specialty that the college teaches or plans to (2.3)."""

    __tablename__ = "org_specialty"
    __title__ = "Специальности организации"
    __one__ = "Специальность организации"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("specialty_id"),)

    specialty_id: Mapped[UUID] = ref("Специальность", "specialty", pd=P0, regional=True)
    offered: Mapped[Offered] = choice("Состояние", Offered, pd=P0, default=Offered.IMPLEMENTED)
    short_code: Mapped[str] = text("Обозначение в названии группы", 10, pd=P0)
    licence_since: Mapped[dt.date | None] = day("В лицензии с", pd=P0, default=None)
    accredited_until: Mapped[dt.date | None] = day("Аккредитация до", pd=P0, default=None)
    specialty: Mapped[Specialty] = link("OrgSpecialty", "specialty_id", "Specialty", regional=True)


class Country(Regional):
    """ОКСМ: countries of the world."""

    __tablename__ = "country"
    __title__ = "Страны (ОКСМ)"
    __one__ = "Страна"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код ОКСМ", 3, pd=P0, check=checks.country_code)
    name: Mapped[str] = text("Страна", 200, pd=P0, search=True)
    full_name: Mapped[str | None] = text("Полное название", 300, pd=P0, in_list=False, default=None)


class RussianRegion(Regional):
    __tablename__ = "russian_region"
    __title__ = "Субъекты Российской Федерации"
    __one__ = "Субъект Российской Федерации"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 2, pd=P0)
    name: Mapped[str] = text("Регион", 200, pd=P0, search=True)


class DocumentKind(Regional):
    """Kinds of identity and education documents, by the dictionary of the superservice."""

    __tablename__ = "document_kind"
    __title__ = "Виды документов"
    __one__ = "Вид документа"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 10, pd=P0)
    name: Mapped[str] = text("Вид документа", 300, pd=P0, search=True)
    use: Mapped[DocumentUse] = choice("Назначение", DocumentUse, pd=P0)


class BenefitKind(Regional):
    """Kinds of benefits (2.7)."""

    __tablename__ = "benefit_kind"
    __title__ = "Льготы"
    __one__ = "Льгота"
    __section__ = Section.REFERENCE
    __table_args__ = (unique("code", regional=True),)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Льгота", 400, pd=P0, search=True)
    category: Mapped[str] = text("Категория", 40, pd=P0)
    restricted: Mapped[bool] = flag("Особые сведения", pd=P0, default=True)


class AdmissionDeadline(Dated, Regional):
    """Dates of admission that law sets: 20.06, 15.08, 25.11 live here, not in code."""

    __tablename__ = "admission_deadline"
    __title__ = "Сроки приёма"
    __one__ = "Срок приёма"
    __section__ = Section.REFERENCE
    __checks__ = (refuse_backwards,)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Срок", 200, pd=P0)
    form: Mapped[StudyForm | None] = choice("Форма обучения", StudyForm, pd=P0, default=None)
    base: Mapped[EducationBase | None] = choice("База", EducationBase, pd=P0, default=None)
    month: Mapped[int] = integer("Месяц", 1, 12, pd=P0)
    day_of_month: Mapped[int] = integer("День", 1, 31, pd=P0)


class SuspicionLimit(Dated, Regional):
    """From how much on the server finds work suspicious, and whether access is suspended at once (TRUST B-27)."""

    __tablename__ = "suspicion_limit"
    __title__ = "Пороги подозрительных действий"
    __one__ = "Порог подозрительных действий"
    __section__ = Section.REFERENCE
    __checks__ = (refuse_backwards,)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Признак", 200, pd=P0)
    most: Mapped[int] = integer("Начиная с", 1, 1_000_000_000, pd=P0)
    minutes: Mapped[int] = integer("За минут", 1, 44_640, pd=P0)
    suspends: Mapped[bool] = flag("Доступ приостанавливается", pd=P0, default=False)
    hour_from: Mapped[int | None] = integer("С часа", 0, 23, pd=P0, default=None)
    hour_to: Mapped[int | None] = integer("До часа", 0, 23, pd=P0, default=None)


class RetentionTerm(Dated, Regional):
    """How long something is kept: the journal of visits, years at the desks, what long work has made."""

    __tablename__ = "retention_term"
    __title__ = "Сроки хранения"
    __one__ = "Срок хранения"
    __section__ = Section.REFERENCE
    __checks__ = (refuse_backwards,)

    code: Mapped[str] = text("Код", 40, pd=P0)
    name: Mapped[str] = text("Что хранится", 200, pd=P0)
    months: Mapped[int] = integer("Месяцев, не меньше", 1, 1200, pd=P0)
