"""The long work of the admission office."""

from __future__ import annotations

from common.admissions.jobs import EXPORT, IMPORT, REPORT, AdmissionsReport, ImportApplications
from common.admissions.lists import APPLICANTS
from server.admissions.board import report
from server.admissions.importing import import_job
from server.kit.jobs import Work
from server.kit.listed import export_of

WORKS = (
    export_of(APPLICANTS, EXPORT, "Выгрузить список поступающих"),
    Work(REPORT, "Ход приёма страницей", AdmissionsReport, report, resumes=True),
    Work(
        IMPORT,
        "Загрузить заявления из таблицы",
        ImportApplications,
        import_job,
        file=True,
        resumes=True,
    ),
)
