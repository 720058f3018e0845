"""What the long work of the admission office is given."""

from __future__ import annotations

import msgspec

from common.kit.jobs import Short, Year
from common.reference.kinds import EducationBase

EXPORT, IMPORT, REPORT = "export-applicants", "import-applications", "admissions-report"

TAKES = {EXPORT: "admissions.read.P1", IMPORT: "admissions.write.P3", REPORT: "admissions.read.P0"}
"""The permission that each kind takes; the server's policy has it in the row of the kind's route."""


class AdmissionsReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the campaign of that year; nought: of the open one."""

    year: Year = 0


class ImportApplications(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table itself is sent after this, piece by piece."""

    name: Short
    size: int
    campaign: Short = ""
    base: EducationBase = EducationBase.BASIC
    dry_run: bool = False
