"""The core of the admission office: campaign, places, applicants, their applications and papers (domain 4(a))."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from sqlalchemy.orm import Mapped

from common.admissions import rules
from common.admissions.kinds import (
    ApplicationState,
    BenefitRight,
    CampaignStatus,
    Carrier,
    DocumentStage,
    DocumentState,
    Funding,
    Need,
    OriginalState,
    ReturnMethod,
    Source,
    StageKind,
)
from common.kit.attached import Attached
from common.kit.columns import choice, day, flag, integer, moment, ref, text, unique
from common.kit.entity import CollegeOwned, link
from common.kit.formats import DAY
from common.kit.kinds import P0, P1, P2, P3
from common.kit.rights import Action, Section
from common.kit.shared_views import LONGEST, SharedView, tell_asked
from common.people.entities import Person, PriorEducation
from common.reference.entities import BenefitKind, OrgSpecialty
from common.reference.kinds import EducationBase, ProgrammeKind, StudyForm


class AdmissionCampaign(CollegeOwned):
    """Приёмная кампания (4.1): one main campaign a year."""

    __tablename__ = "admission_campaign"
    __title__ = "Приёмные кампании"
    __one__ = "Приёмная кампания"
    __section__ = Section.ADMISSIONS
    __table_args__ = (unique("year"),)

    year: Mapped[int] = integer("Год", 2000, 2100, pd=P0)
    name: Mapped[str] = text("Наименование", 200, pd=P0, search=True)
    status: Mapped[CampaignStatus] = choice(
        "Состояние", CampaignStatus, pd=P0, default=CampaignStatus.PREPARATION
    )
    commission_order_number: Mapped[str | None] = text(
        "№ приказа о комиссии", 30, pd=P0, in_list=False, default=None
    )
    commission_order_date: Mapped[dt.date | None] = day(
        "Дата приказа о комиссии", pd=P0, format=DAY, in_list=False, default=None
    )
    chair: Mapped[str | None] = text("Председатель", 200, pd=P0, in_list=False, default=None)
    secretary: Mapped[str | None] = text(
        "Ответственный секретарь", 200, pd=P0, in_list=False, default=None
    )
    most_programmes: Mapped[int | None] = integer(
        "Специальностей у поступающего, не более", 1, 20, pd=P0, in_list=False, default=None
    )
    work_hours: Mapped[str | None] = text("Часы работы", 200, pd=P0, in_list=False, default=None)
    address: Mapped[str | None] = text("Адрес комиссии", 500, pd=P0, in_list=False, default=None)
    phone: Mapped[str | None] = text("Телефон комиссии", 50, pd=P0, in_list=False, default=None)


class CampaignStage(CollegeOwned):
    __tablename__ = "campaign_stage"
    __title__ = "Этапы кампании"
    __one__ = "Этап кампании"
    __section__ = Section.ADMISSIONS
    __part_of__ = "campaign_id"
    __checks__ = (rules.check_stage,)

    campaign_id: Mapped[UUID] = ref("Кампания", "admission_campaign", pd=P0, in_list=False)
    kind: Mapped[StageKind] = choice("Этап", StageKind, pd=P0, default=StageKind.ACCEPT)
    form: Mapped[StudyForm] = choice(
        "Форма обучения", StudyForm, pd=P0, default=StudyForm.FULL_TIME
    )
    needs_tests: Mapped[bool] = flag("С испытаниями", pd=P0, default=False)
    date_from: Mapped[dt.date] = day("С", pd=P0, format=DAY)
    date_to: Mapped[dt.date] = day("По", pd=P0, format=DAY)
    time_to: Mapped[str | None] = text("До часа", 5, pd=P0, default=None)
    campaign: Mapped[AdmissionCampaign] = link("CampaignStage", "campaign_id", "AdmissionCampaign")


class CompetitiveGroup(CollegeOwned):
    """Конкурсная группа (4.2): places of one speciality, base, form and funding."""

    __tablename__ = "competitive_group"
    __title__ = "Конкурсные группы"
    __one__ = "Конкурсная группа"
    __section__ = Section.ADMISSIONS
    __part_of__ = "campaign_id"
    __tells__ = ("funding", "base", "form", "places")
    __checks__ = (rules.check_group,)
    __table_args__ = (
        unique("campaign_id", "org_specialty_id", "qualification", "base", "form", "funding"),
    )

    campaign_id: Mapped[UUID] = ref("Кампания", "admission_campaign", pd=P0, in_list=False)
    org_specialty_id: Mapped[UUID] = ref("Специальность", "org_specialty", pd=P0)
    name: Mapped[str] = text("Название группы", 300, pd=P0, search=True)
    qualification: Mapped[str] = text("Квалификация", 200, pd=P0, in_list=False, default="")
    base: Mapped[EducationBase] = choice("База", EducationBase, pd=P0, default=EducationBase.BASIC)
    form: Mapped[StudyForm] = choice(
        "Форма обучения", StudyForm, pd=P0, default=StudyForm.FULL_TIME
    )
    funding: Mapped[Funding] = choice(
        "Финансирование", Funding, pd=P0, default=Funding.REGIONAL_BUDGET
    )
    programme: Mapped[ProgrammeKind] = choice(
        "Вид программы", ProgrammeKind, pd=P0, default=ProgrammeKind.PPSSZ
    )
    places: Mapped[int] = integer("Мест", 0, 2000, pd=P0)
    target_places: Mapped[int] = integer("Из них целевых", 0, 2000, pd=P0, default=0)
    quota_places: Mapped[int] = integer("Из них по квоте", 0, 2000, pd=P0, default=0)
    duration: Mapped[str | None] = text("Срок обучения", 30, pd=P0, default=None)
    needs_test: Mapped[bool] = flag("Вступительные испытания", pd=P0, default=False)
    professionalitet: Mapped[bool] = flag("Профессионалитет", pd=P0, default=False)
    group_size: Mapped[int | None] = integer("Размер группы", 1, 200, pd=P0, default=None)
    order_number: Mapped[str | None] = text(
        "№ приказа о КЦП", 50, pd=P0, in_list=False, default=None
    )
    order_date: Mapped[dt.date | None] = day(
        "Дата приказа о КЦП", pd=P0, format=DAY, in_list=False, default=None
    )
    campaign: Mapped[AdmissionCampaign] = link(
        "CompetitiveGroup", "campaign_id", "AdmissionCampaign"
    )
    org_specialty: Mapped[OrgSpecialty] = link(
        "CompetitiveGroup", "org_specialty_id", "OrgSpecialty"
    )


class RequiredDocument(CollegeOwned):
    """Перечень документов (4.9)."""

    __tablename__ = "required_document"
    __title__ = "Требуемые документы"
    __one__ = "Требуемый документ"
    __section__ = Section.ADMISSIONS
    __part_of__ = "campaign_id"

    campaign_id: Mapped[UUID] = ref("Кампания", "admission_campaign", pd=P0, in_list=False)
    name: Mapped[str] = text("Документ", 200, pd=P0, search=True)
    condition: Mapped[str | None] = text("Для кого", 300, pd=P0, default=None)
    need: Mapped[Need] = choice("Вид", Need, pd=P0, default=Need.COPY)
    count: Mapped[int] = integer("Штук", 1, 20, pd=P0, default=1)
    stage: Mapped[DocumentStage] = choice(
        "Когда", DocumentStage, pd=P0, default=DocumentStage.APPLY
    )
    blocks_enrolment: Mapped[bool] = flag("Без него не зачисляют", pd=P0, default=False)
    campaign: Mapped[AdmissionCampaign] = link(
        "RequiredDocument", "campaign_id", "AdmissionCampaign"
    )


class Applicant(CollegeOwned):
    """A person in one campaign, with one registration number and one package of papers."""

    __tablename__ = "applicant"
    __title__ = "Поступающие"
    __one__ = "Поступающий"
    __section__ = Section.ADMISSIONS
    __brings__ = ("person_id",)
    __root__ = "created_by"
    __yearly__ = "campaign_id"

    person_id: Mapped[UUID] = ref("Физическое лицо", "person", pd=P0, in_list=False)
    campaign_id: Mapped[UUID] = ref("Кампания", "admission_campaign", pd=P0, in_list=False)
    reg_no: Mapped[str] = text("Рег. №", 20, pd=P0, search=True)
    registered_at: Mapped[dt.datetime] = moment("Дата регистрации", pd=P0)
    source: Mapped[Source] = choice("Источник", Source, pd=P0, default=Source.PERSONAL)
    prior_education_id: Mapped[UUID | None] = ref(
        "Документ об образовании", "prior_education", pd=P1, in_list=False, default=None
    )
    language_studied: Mapped[str | None] = text(
        "Изучаемый язык", 50, pd=P1, in_list=False, default=None
    )
    needs_hostel: Mapped[bool] = flag("Нуждается в общежитии", pd=P1, default=False)
    return_method: Mapped[ReturnMethod] = choice(
        "Способ возврата документов",
        ReturnMethod,
        pd=P1,
        in_list=False,
        default=ReturnMethod.PERSONAL,
    )
    target_contract: Mapped[str | None] = text(
        "Договор с мед. организацией (целевой)", 300, pd=P2, in_list=False, default=None
    )
    special_conditions: Mapped[str | None] = text(
        "Особые условия (ОВЗ, инвалидность)", 500, pd=P3, in_list=False, default=None
    )
    medical_ok: Mapped[bool | None] = flag(
        "Медицинская справка 086/у", pd=P3, in_list=False, default=None
    )
    military_record: Mapped[str | None] = text(
        "Приписное свидетельство", 200, pd=P3, in_list=False, default=None
    )
    unread: Mapped[str | None] = text(
        "Не разобрано при загрузке", 4000, pd=P2, in_list=False, multiline=True, default=None
    )
    person: Mapped[Person] = link("Applicant", "person_id", "Person")
    campaign: Mapped[AdmissionCampaign] = link("Applicant", "campaign_id", "AdmissionCampaign")
    prior_education: Mapped[PriorEducation | None] = link(
        "Applicant", "prior_education_id", "PriorEducation"
    )


class Application(CollegeOwned):
    """Заявление: one choice of an applicant, by priority, with the flags of the paper form."""

    __tablename__ = "application"
    __title__ = "Заявления"
    __one__ = "Заявление"
    __section__ = Section.ADMISSIONS
    __part_of__ = "applicant_id"
    __ordered__ = "priority"
    __table_args__ = (unique("applicant_id", "competitive_group_id"),)

    applicant_id: Mapped[UUID] = ref("Поступающий", "applicant", pd=P0, in_list=False)
    competitive_group_id: Mapped[UUID] = ref("Конкурсная группа", "competitive_group", pd=P0)
    priority: Mapped[int] = integer("Приоритет", 1, 20, pd=P0, default=1)
    filed_on: Mapped[dt.date] = day("Дата заявления", pd=P0, format=DAY)
    state: Mapped[ApplicationState] = choice(
        "Состояние", ApplicationState, pd=P0, default=ApplicationState.SUBMITTED
    )
    original: Mapped[OriginalState] = choice(
        "Документ об образовании", OriginalState, pd=P0, default=OriginalState.COPY
    )
    original_at: Mapped[dt.date | None] = day(
        "Оригинал принят", pd=P0, format=DAY, in_list=False, default=None
    )
    agreed: Mapped[bool] = flag("Согласие на зачисление", pd=P0, default=False)
    agreed_on: Mapped[dt.date | None] = day(
        "Дата согласия", pd=P0, format=DAY, in_list=False, default=None
    )
    first_spo: Mapped[bool] = flag("СПО получает впервые", pd=P0, in_list=False, default=True)
    acquainted: Mapped[bool] = flag(
        "Ознакомлен с уставом, лицензией, аккредитацией, правилами приёма",
        pd=P0,
        in_list=False,
        default=True,
    )
    knows_original_date: Mapped[bool] = flag(
        "Ознакомлен с датой предоставления оригинала", pd=P0, in_list=False, default=True
    )
    consents_to_data: Mapped[bool] = flag(
        "Согласен на обработку персональных данных", pd=P0, in_list=False, default=True
    )
    withdrawn_on: Mapped[dt.date | None] = day(
        "Отозвано", pd=P0, format=DAY, in_list=False, default=None
    )
    decision: Mapped[str | None] = text("Решение", 500, pd=P0, in_list=False, default=None)
    exclusion_reason: Mapped[str | None] = text(
        "Причина исключения", 500, pd=P0, in_list=False, default=None
    )
    applicant: Mapped[Applicant] = link("Application", "applicant_id", "Applicant")
    competitive_group: Mapped[CompetitiveGroup] = link(
        "Application", "competitive_group_id", "CompetitiveGroup"
    )


class ApplicantAchievement(CollegeOwned):
    """Achievements give no points; they break ties."""

    __tablename__ = "applicant_achievement"
    __title__ = "Индивидуальные достижения"
    __one__ = "Индивидуальное достижение"
    __section__ = Section.ADMISSIONS
    __part_of__ = "applicant_id"

    applicant_id: Mapped[UUID] = ref("Поступающий", "applicant", pd=P1, in_list=False)
    name: Mapped[str] = text("Достижение", 300, pd=P1)
    level: Mapped[str | None] = text("Уровень", 100, pd=P1, default=None)
    document: Mapped[str | None] = text("Подтверждающий документ", 300, pd=P1, default=None)
    applicant: Mapped[Applicant] = link("ApplicantAchievement", "applicant_id", "Applicant")


class AdmissionBenefit(CollegeOwned):
    """Rights under ст. 71 of 273-ФЗ; restricted data as a whole."""

    __tablename__ = "admission_benefit"
    __title__ = "Особые права поступающих"
    __one__ = "Особое право поступающего"
    __section__ = Section.ADMISSIONS
    __part_of__ = "applicant_id"

    applicant_id: Mapped[UUID] = ref("Поступающий", "applicant", pd=P3, in_list=False)
    right: Mapped[BenefitRight] = choice("Право", BenefitRight, pd=P3)
    benefit_kind_id: Mapped[UUID | None] = ref(
        "Льгота", "benefit_kind", pd=P3, regional=True, default=None
    )
    legal_basis: Mapped[str | None] = text("Правовое основание", 300, pd=P3, default=None)
    document: Mapped[str | None] = text("Документ о праве", 300, pd=P3, default=None)
    verified_by: Mapped[str | None] = text("Кто проверил", 200, pd=P3, default=None)
    applicant: Mapped[Applicant] = link("AdmissionBenefit", "applicant_id", "Applicant")
    benefit_kind: Mapped[BenefitKind | None] = link(
        "AdmissionBenefit", "benefit_kind_id", "BenefitKind", regional=True
    )


class ApplicantDocument(CollegeOwned):
    """A paper in the applicant's folder."""

    __tablename__ = "applicant_document"
    __title__ = "Принятые документы"
    __one__ = "Принятый документ"
    __section__ = Section.ADMISSIONS
    __part_of__ = "applicant_id"

    applicant_id: Mapped[UUID] = ref("Поступающий", "applicant", pd=P1, in_list=False)
    required_document_id: Mapped[UUID | None] = ref(
        "По перечню", "required_document", pd=P1, in_list=False, default=None
    )
    name: Mapped[str] = text("Документ", 200, pd=P1)
    carrier: Mapped[Carrier] = choice("Вид", Carrier, pd=P1, default=Carrier.COPY)
    count: Mapped[int] = integer("Штук", 1, 50, pd=P1, default=1)
    details: Mapped[str | None] = text("Серия, номер, дата", 100, pd=P1, default=None)
    received_on: Mapped[dt.date | None] = day("Дата приёма", pd=P1, format=DAY, default=None)
    received_by: Mapped[str | None] = text("Кто принял", 200, pd=P1, default=None)
    state: Mapped[DocumentState] = choice(
        "Состояние", DocumentState, pd=P1, default=DocumentState.RECEIVED
    )
    applicant: Mapped[Applicant] = link("ApplicantDocument", "applicant_id", "Applicant")


class DocumentScan(Attached, CollegeOwned):
    """Скан принятого документа."""

    __tablename__ = "document_scan"
    __title__ = "Сканы документов"
    __one__ = "Скан документа"
    __section__ = Section.ADMISSIONS
    __part_of__ = "document_id"

    document_id: Mapped[UUID] = ref("Документ", "applicant_document", pd=P2, in_list=False)
    document: Mapped[ApplicantDocument] = link("DocumentScan", "document_id", "ApplicantDocument")


class AdmissionsView(SharedView, CollegeOwned):
    """Changed by whoever signs in the office: it is its heads who say how it looks at its lists."""

    __tablename__ = "admissions_view"
    __title__ = "Общие виды списков приёма"
    __one__ = "Общий вид списка"
    __section__ = Section.ADMISSIONS
    __changed_by__ = Action.SIGN

    asked_p2: Mapped[str] = text(
        "Отбор по документам", LONGEST, pd=P2, in_list=False, told=tell_asked, default=""
    )
