"""Closed lists of the reference books (domain 2(a))."""

from __future__ import annotations

from common.kit.kinds import Choice


class ProgrammeKind(Choice):
    PPSSZ = "ppssz", "ППССЗ"
    PPKRS = "ppkrs", "ППКРС"
    OPPO = "oppo", "ОППО"


class Offered(Choice):
    IMPLEMENTED = "implemented", "Реализуется"
    PLANNED = "planned", "Планируется"
    CLOSED = "closed", "Закрыта"


class EducationBase(Choice):
    BASIC = "9", "9 классов"
    SECONDARY = "11", "11 классов"
    SPO = "spo", "СПО"


class StudyForm(Choice):
    FULL_TIME = "full_time", "Очная"
    PART_TIME = "part_time", "Очно-заочная"
    EXTRAMURAL = "extramural", "Заочная"


class DocumentUse(Choice):
    """Which field a kind of document is offered in."""

    IDENTITY = "identity", "Удостоверяет личность"
    EDUCATION = "education", "Об образовании"
