"""What the long work of the admission office is given."""

from __future__ import annotations

import msgspec

from common.kit.jobs import Short, Year
from common.reference.kinds import EducationBase


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
