"""Loads applications from a workbook: set-based, in short transactions, idempotent; the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from common.admissions import rules
from common.admissions.entities import (
    AdmissionCampaign,
    CompetitiveGroup,
)
from common.admissions.importing import COLUMNS, Fault, Read, find_columns, read_rows
from common.admissions.jobs import ImportApplications
from common.colleges.entities import College
from common.kit import sheets
from common.kit.errors import Invalid, NotFound
from common.kit.ids import new_id
from common.kit.keys import search_key
from common.kit.limited import read_table
from common.kit.progress import Cancelled, unwatched
from common.kit.sheets import Sheet
from common.people.rules import RUSSIAN_PASSPORT
from common.reference.entities import Country, DocumentKind, OrgSpecialty, Specialty
from common.reference.kinds import EducationBase
from server.admissions.import_desk import Desk
from server.admissions.import_lines import Line
from server.admissions.import_writing import Terms
from server.kit.commit import commit
from server.kit.jobs import Ending, Running
from server.kit.session import Author, Clock, CollegeSession

STOPPED = (
    "Отменено: просмотрено строк {done} из {rows}, записанное осталось. "
    "Чтобы закончить, загрузите тот же файл снова: повтор ничего не удвоит"
)
BATCH = 100
"""Rows of the workbook a transaction: some 900 records."""


@dataclass(slots=True)
class Report:
    """What `epo-server import` prints, and a job says."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    """Cells that could not be taken apart and are kept as text."""

    def words(self) -> str:
        refused = len({fault.row for fault in self.errors})
        said = f"Строк {self.rows}: создано {self.created}, изменено {self.changed}, без изменений {self.unchanged}"
        return f"{said}, не загружено {refused}" if refused else said


def import_applications(
    engine: sa.Engine,
    college: str,
    path: Path,
    *,
    mapping: Mapping[str, str],
    campaign: str | None,
    dry_run: bool,
    now: Clock,
) -> Report:
    """Load a workbook into the open campaign of a college; Invalid, NotFound say why it cannot begin."""
    sheet = read_table(path)
    owner = _college(engine, College.code == college, college, now)
    loader = Loader(engine, owner, sheet.headers, mapping, now=now, dry_run=dry_run)
    return loader.run(sheet, campaign)


def import_job(run: Running, asked: ImportApplications) -> Ending:
    """The same, asked for at a desk; what was refused comes back as a table."""
    try:
        sheet = read_table(run.given)
    except Invalid as fault:
        raise Invalid(fault.message.replace(run.given.name, asked.name)) from None
    owner = _college(run.engine, College.id == run.college_id, run.college_id.hex, run.now)
    mapping = {"base": asked.base.value}
    loader = Loader(
        run.engine, owner, sheet.headers, mapping, now=run.now, dry_run=asked.dry_run, job=run
    )
    report = loader.run(sheet, asked.campaign or None)
    faults = [("Ошибка", f) for f in report.errors] + [
        ("Сохранено текстом", f) for f in report.notes
    ]
    if faults:
        rows = [(kind, f.row, f.column, f.message) for kind, f in faults]
        sheets.write(run.made, "Замечания", ("Замечание", "Строка", "Столбец", "Что не так"), rows)
    begins = "Проверено без записи. " if asked.dry_run else ""
    told = f"Замечания к {Path(asked.name).stem[:150]}.xlsx"
    return Ending(f"{begins}{report.words()}", told if faults else "")


def _college(engine: sa.Engine, which: sa.ColumnElement[bool], said: str, now: Clock) -> College:
    with CollegeSession(engine, new_id(), now=now) as db:
        found = db.scalars(sa.select(College).where(which)).one_or_none()
    if found is None:
        raise NotFound(f"Организации «{said}» нет")
    return found


class Loader:
    """One run over one file."""

    def __init__(
        self,
        engine: sa.Engine,
        college: College,
        headers: Sequence[str],
        mapping: Mapping[str, str],
        *,
        now: Clock,
        dry_run: bool,
        job: Running | None = None,
    ) -> None:
        self.engine, self.college, self.headers = engine, college, headers
        self.mapping, self.now, self.dry_run = mapping, now, dry_run
        self.places = find_columns(headers)
        self.report = Report()
        self.author = job.author if job else Author(request_id=f"import-{new_id().hex}")
        self.step = job.step if job else unwatched

    def session(self) -> CollegeSession:
        return CollegeSession(self.engine, self.college.id, now=self.now, author=self.author)

    def run(self, sheet: Sheet, campaign: str | None) -> Report:
        """Cancelled says how much had been written: that stays, and the same file goes on from there."""
        rows, faults = read_rows(sheet)
        self.choose_campaign(campaign)
        self.report.errors += faults
        self.report.rows = len(rows) + len({f.row for f in faults})
        for start in range(0, len(rows), BATCH):
            try:
                self.step(start, len(rows))
            except Cancelled:
                raise Cancelled(STOPPED.format(done=start, rows=len(rows))) from None
            self.load(rows[start : start + BATCH])
        self.step(len(rows), len(rows))
        self.report.errors.sort(key=lambda f: f.row)
        return self.report

    def choose_campaign(self, asked: str | None) -> None:
        with self.session() as db:
            every = db.scalars(
                sa.select(AdmissionCampaign).where(AdmissionCampaign.deleted_at.is_(None))
            ).all()
            fit = [
                c
                for c in every
                if (str(c.year) == asked or str(c.id) == asked or c.name == asked)
                if asked
            ] or [c for c in every if not asked and c.status in rules.OPEN_STATES]
            if len(fit) != 1:
                names = "; ".join(c.name for c in fit or every)
                raise Invalid(
                    f"Укажите кампанию ключом --campaign (год). Есть: {names or 'ни одной'}"
                )
            self.campaign = fit[0]
            self.groups = _groups(db, self.campaign.id)
            kinds = sa.select(DocumentKind.id).where(DocumentKind.code == RUSSIAN_PASSPORT)
            self.terms = Terms(
                campaign=self.campaign,
                zone=ZoneInfo(self.college.zone),
                base=EducationBase.of(self.mapping.get("base", "9")),
                passport_kind=db.scalars(kinds).one(),
                countries=_countries(db),
                header=self.header,
            )

    # ---- a batch

    def load(self, rows: Sequence[Read]) -> None:
        with self.session() as db:
            desk = Desk(db, self.campaign.id, rows)
            for row in rows:
                self._load_row(db, desk, row)
            if self.dry_run or not (db.new or db.dirty):
                db.rollback()
            else:
                commit(db, "import.applications")

    def _load_row(self, db: CollegeSession, desk: Desk, row: Read) -> None:
        group = self._group(row)
        if group is None:
            return
        line = Line(self.terms, db, desk, row)
        if faults := line.write(group):
            self.report.errors += [Fault(row.row, self.header(k), text) for k, text in faults]
            line.undo()
            return
        if line.created_application:
            self.report.created += 1
        elif line.touched:
            self.report.changed += 1
        else:
            self.report.unchanged += 1
        self.report.notes += [
            Fault(row.row, self.header(k), "Не разобрано, сохранено текстом") for k in line.unread
        ]

    def header(self, key: str) -> str:
        if key in self.places:
            return self.headers[self.places[key]]
        return next((c.header for c in COLUMNS if c.key == key), key)

    def _group(self, row: Read) -> CompetitiveGroup | None:
        """The competitive group of a row; where two match, the mapping decides or both are named."""
        said = str(row.get("programme"))
        found = [
            g
            for code, name, g in self.groups
            if code in said or search_key(name) in search_key(said)
        ]
        if not found:
            known = ", ".join(sorted({code for code, _, _ in self.groups}))
            self._refuse(row, "programme", f"Нет конкурсной группы «{said}». Есть: {known}")
        for key, wanted in (("form", row.get("form")), ("funding", row.get("funding"))):
            if found and wanted is not None:
                fit = [g for g in found if getattr(g, key) is wanted]
                if not fit:
                    names = "; ".join(g.name for g in found)
                    self._refuse(row, key, f"Такой группы нет. Есть: {names}")
                found = fit
        if "base" in self.mapping:
            found = [g for g in found if g.base.value == self.mapping["base"]] or found
        if len(found) > 1:
            names = "; ".join(g.name for g in found)
            said = f"Подходят несколько групп: {names}. Уточните форму, финансирование или базу"
            self._refuse(row, "programme", said)
            return None
        return found[0] if found else None

    def _refuse(self, row: Read, key: str, message: str) -> None:
        if not any(f.row == row.row for f in self.report.errors):
            self.report.errors.append(Fault(row.row, self.header(key), message))


def _groups(db: CollegeSession, campaign: UUID) -> list[tuple[str, str, CompetitiveGroup]]:
    query = (
        sa.select(Specialty.code, Specialty.name, CompetitiveGroup)
        .join(OrgSpecialty, OrgSpecialty.id == CompetitiveGroup.org_specialty_id)
        .join(Specialty, Specialty.id == OrgSpecialty.specialty_id)
        .where(CompetitiveGroup.campaign_id == campaign, CompetitiveGroup.deleted_at.is_(None))
        .order_by(CompetitiveGroup.name)
    )
    return [(code, name, group) for code, name, group in db.execute(query)]


def _countries(db: CollegeSession) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for country in db.scalars(sa.select(Country)):
        for name in (country.code, country.name, country.full_name):
            if name:
                found[search_key(name)] = country.id
        if country.code == "643":
            found |= dict.fromkeys(("рф", "российское", "русское"), country.id)
    return found
