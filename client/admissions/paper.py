"""The admission form as a Screen: one scrollable paper, its lines in the order of the paper."""

from __future__ import annotations

from client.kit.screen import Card, Part, Screen, line, rows
from common.admissions.entities import (
    AdmissionBenefit,
    Applicant,
    ApplicantAchievement,
    ApplicantDocument,
    Application,
    DocumentScan,
)
from common.admissions.kinds import DocumentState
from common.kit import resources
from common.kit.formats import PHONE
from common.people.entities import (
    Address,
    CertificateGrade,
    Consent,
    Contact,
    IdentityDocument,
    Person,
    PersonCitizenship,
    PriorEducation,
    Relative,
)
from common.people.formats import AVERAGE_OR_MARKS
from common.people.kinds import AddressKind, ConsentKind, ContactKind

SUBJECTS = tuple(row["name"] for row in resources.rows("reference", "subjects.csv"))

OF_PERSON = ("person_id", "person")
OF_APPLICANT = ("applicant_id", "applicant")

PARTS = (
    Part(
        "applicant",
        Applicant,
        optional=False,
        points_at={"person_id": "person", "prior_education_id": "education"},
    ),
    Part("person", Person, optional=False),
    Part("citizenship", PersonCitizenship, OF_PERSON),
    Part("identity", IdentityDocument, OF_PERSON),
    Part("registration", Address, OF_PERSON, {"kind": AddressKind.REGISTRATION}),
    Part("actual", Address, OF_PERSON, {"kind": AddressKind.ACTUAL}),
    Part("mobile", Contact, OF_PERSON, {"kind": ContactKind.MOBILE}),
    Part("email", Contact, OF_PERSON, {"kind": ContactKind.EMAIL}),
    Part("education", PriorEducation, OF_PERSON),
    Part("grade", CertificateGrade, ("prior_education_id", "education"), many=True),
    Part("choice", Application, OF_APPLICANT, many=True, numbered="priority"),
    Part("relative", Relative, OF_PERSON, many=True),
    Part("benefit", AdmissionBenefit, OF_APPLICANT, many=True),
    Part("achievement", ApplicantAchievement, OF_APPLICANT, many=True),
    Part("document", ApplicantDocument, OF_APPLICANT, many=True),
    Part("consent", Consent, OF_PERSON, {"kind": ConsentKind.PERSONAL_DATA}, optional=False),
)


CARDS = (
    Card(
        "1. Поступающий",
        (
            line("person", Person.last_name),
            line("person", Person.first_name),
            line("person", Person.middle_name),
            line("person", Person.birth_date),
            line("person", Person.sex),
            line("person", Person.snils),
            line("person", Person.inn),
            line("person", Person.birth_place),
            line("citizenship", PersonCitizenship.country_id, label="Гражданство", pinnable=True),
            line("person", Person.nationality),
        ),
    ),
    Card(
        "2. Удостоверение личности",
        (
            line("identity", IdentityDocument.kind_id, label="Документ", pinnable=True),
            line(
                "identity",
                IdentityDocument.series,
                IdentityDocument.number,
                label="Серия и номер",
                advance=(4, 6),
            ),
            line("identity", IdentityDocument.issued_on, label="Выдан"),
            line("identity", IdentityDocument.department_code),
            line("identity", IdentityDocument.issued_by),
        ),
    ),
    Card(
        "3. Адрес и связь",
        (
            line("registration", Address.full, label="Адрес регистрации"),
            line("actual", Address.full, label="Фактический адрес"),
            line("mobile", Contact.value, label="Телефон", format=PHONE),
            line("email", Contact.value, label="Эл. почта"),
        ),
    ),
    Card(
        "4. Образование",
        (
            line("education", PriorEducation.level, pinnable=True),
            line("education", PriorEducation.number, label="Номер аттестата"),
            line("education", PriorEducation.issued_on, label="Выдан"),
            line("education", PriorEducation.org_name, label="Кем выдан"),
            line("education", PriorEducation.graduation_year, pinnable=True),
            line("education", PriorEducation.average, format=AVERAGE_OR_MARKS),
            line("applicant", Applicant.language_studied),
        ),
    ),
    Card(
        "5. Отметки аттестата",
        (
            rows(
                "grade",
                line(
                    "grade", CertificateGrade.subject_name, CertificateGrade.mark, suggest=SUBJECTS
                ),
                add="Добавить предмет",
            ),
        ),
    ),
    Card(
        "6. Специальности по приоритету",
        (
            rows(
                "choice",
                line("choice", Application.competitive_group_id, creates=True),
                line("choice", Application.original, Application.agreed),
                add="Добавить специальность",
            ),
        ),
    ),
    Card(
        "7. Принятые документы",
        (
            rows(
                "document",
                line(
                    "document",
                    ApplicantDocument.state,
                    ApplicantDocument.name,
                    label="Принят",
                    tick=(DocumentState.MISSING, DocumentState.RECEIVED),
                ),
                line(
                    "document",
                    ApplicantDocument.carrier,
                    ApplicantDocument.count,
                    ApplicantDocument.details,
                    ApplicantDocument.received_on,
                ),
                add="Добавить документ",
                files=DocumentScan,
            ),
        ),
    ),
    Card(
        "8. Законные представители и родственники",
        (
            rows(
                "relative",
                line("relative", Relative.relation, Relative.last_name),
                line("relative", Relative.first_name, Relative.middle_name),
                line("relative", Relative.phone, Relative.work_place),
                line("relative", Relative.identity, Relative.is_legal_representative),
                add="Добавить представителя",
            ),
        ),
    ),
    Card(
        "9. Особые права",
        (
            rows(
                "benefit",
                line("benefit", AdmissionBenefit.right),
                line("benefit", AdmissionBenefit.benefit_kind_id),
                line("benefit", AdmissionBenefit.document, AdmissionBenefit.legal_basis),
                add="Добавить право",
            ),
        ),
    ),
    Card(
        "10. Индивидуальные достижения",
        (
            rows(
                "achievement",
                line("achievement", ApplicantAchievement.name),
                line("achievement", ApplicantAchievement.level, ApplicantAchievement.document),
                add="Добавить достижение",
            ),
        ),
    ),
    Card(
        "11. Условия",
        (
            line("applicant", Applicant.needs_hostel, label="Общежитие"),
            line("applicant", Applicant.source, pinnable=True),
            line("applicant", Applicant.return_method, pinnable=True),
            line("applicant", Applicant.special_conditions),
        ),
    ),
    Card(
        "12. Подписи на заявлении",
        (
            line("choice", Application.acquainted, label="Ознакомление"),
            line("choice", Application.first_spo, label="Впервые"),
            line("choice", Application.knows_original_date, label="Срок оригинала"),
            line("choice", Application.consents_to_data, label="Согласие"),
            line("consent", Consent.signed_on, label="Согласие подписано"),
        ),
    ),
)

ADMISSION = Screen("Новое заявление", PARTS, CARDS, "applicant")
