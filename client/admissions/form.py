"""The admission form: what it begins with, what follows from what is typed, and why it may be refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from client.admissions.desk import now, own_name, today
from client.admissions.paper import ADMISSION
from client.kit.carrying import take
from client.kit.fields import Editor
from client.kit.file_strip import FileStrip
from client.kit.held import Held, Values
from client.kit.record_form import RecordForm
from client.kit.records import Body
from client.kit.screen import Part
from client.people.address_edit import AddressEdit
from client.store import filing
from client.store.store import Store
from common.admissions import rules
from common.admissions.kinds import CampaignStatus, Carrier, DocumentStage, DocumentState, Need
from common.kit import resources
from common.kit.dates import show_day
from common.kit.marks import Marks
from common.kit.rights import Action
from common.kit.spec import text_of
from common.kit.sync import LegalNumber, Save
from common.kit.wire import pack
from common.people.duplicates import Sighting
from common.people.formats import AVERAGE, marks_in
from common.people.kinds import Mark, SnilsState
from common.people.rules import RUSSIAN_PASSPORT, average_of
from common.reference.kinds import StudyForm

RUSSIA = "643"
"""Code of the Russian Federation in ОКСМ."""

Record = dict[str, Any]


class AdmissionForm(RecordForm):
    """Gives numbers from the desk's own block; a new form carries the open campaign.

    `files_offered(row, offers)`, `file_asked(Attachment)`, `file_removed(Attachment)`.
    """

    files_offered = Signal(object, object)
    file_asked = Signal(object)
    file_removed = Signal(object)
    store: Store

    def __init__(
        self, store: Store, id: UUID | None = None, carried: Mapping[str, Any] | None = None
    ) -> None:
        self.stage_of: dict[str, DocumentStage] = {}
        """When a paper of the campaign is asked for, by its name."""
        super().__init__(store, ADMISSION, id)
        if not self.held["applicant"].stored and self.campaign:
            self.store.want_numbers(self.book)
        own = self.held["applicant"].seen.get("campaign_id")
        found = store.where("campaign_stage", "campaign_id", own) if own else {}
        self.stages = list(found.values())
        self.carry(carried or {})
        self.counted: Marks | None = None
        """Marks that were typed in the place of the average."""
        self.opened_on = today(store)
        self.form_of: dict[UUID, StudyForm] = {}
        """Forms of study by their groups, as they were read once."""
        self.told_of: dict[UUID, tuple[str, str]] = {}
        """What is told of deadlines beside the papers, by the ids of their rows."""
        self.changed.connect(self._average)
        self.changed.connect(self._tell_deadlines)
        self._tell_deadlines()
        if "education" in self.held and "average" in self.held["education"].editors:
            self.editor("education", "average").left.connect(self._average)

    # ---- what it begins with

    def presets(self, part: Part) -> Values:
        match part.name:
            case "applicant":
                campaign = open_campaign(self.store)
                return {"campaign_id": UUID(campaign[0])} if campaign else {}
            case "citizenship":
                return {"country_id": self._coded("country", RUSSIA)}
            case "identity":
                return {"kind_id": self._coded("document_kind", RUSSIAN_PASSPORT)}
            case "choice":
                return {"filed_on": today(self.store)}
            case "consent":
                return {"signed_on": today(self.store)}
            case "document":
                return {"received_on": today(self.store), "received_by": own_name(self.store)}
            case _:
                return {}

    def _coded(self, entity: str, code: str) -> UUID | None:
        """The row of a regional book by its code; None while the book has not come."""
        found = next(iter(self.store.where(entity, "code", code)), None)
        return UUID(found) if found else None

    def proposals(self, part: Part, rows: Sequence[Held]) -> list[Values]:
        """The papers that the campaign asks for and the folder has not got yet."""
        if part.name != "document":
            return []
        there = {row.seen["required_document_id"] for row in rows} | {
            row.seen["name"] for row in rows
        }
        missing = {"state": DocumentState.MISSING, "received_on": None, "received_by": None}
        return [
            paper | missing
            for paper in self._required()
            if not there & {paper["required_document_id"] or paper["name"], paper["name"]}
        ]

    def _required(self) -> list[Values]:
        campaign = self.held["applicant"].seen.get("campaign_id")
        rows = self.store.where("required_document", "campaign_id", campaign) if campaign else {}
        wanted: list[tuple[UUID | None, Values]] = [(UUID(id), row) for id, row in rows.items()]
        wanted = wanted or [
            (None, row | {"need": Need.of(row["need"]), "stage": DocumentStage.of(row["stage"])})
            for row in resources.rows("reference", "required_documents.csv")
        ]
        wanted.sort(key=lambda pair: pair[1]["stage"] is not DocumentStage.APPLY)
        self.stage_of = {row["name"]: row["stage"] for _, row in wanted}
        return [
            {
                "required_document_id": id,
                "name": row["name"],
                "carrier": Carrier.ORIGINAL if row["need"] is Need.ORIGINAL else Carrier.COPY,
                "count": int(row["count"]),
            }
            for id, row in wanted
        ]

    # ---- what may be brought later

    def _tell_deadlines(self) -> None:
        """Beside each paper that is missing: the last day for it, by the stages of the campaign."""
        if "document" not in self.blocks:
            return
        forms, day = self._forms(), self.opened_on
        for row in self.blocks["document"].rows:
            stage = self.stage_of.get(row.held.value("name") or "", DocumentStage.APPLY)
            until = rules.bring_by(stage, self.stages, forms)
            missing = row.held.value("state") is DocumentState.MISSING
            late = until is not None and until < day
            said = f"срок истёк {show_day(until)}" if late and until else ""
            said = said or (f"можно донести до {show_day(until)}" if until else "")
            self._tell_deadline(row.held, said if missing else "", "warn" if late else "hint")

    def _tell_deadline(self, held: Held, said: str, kind: str) -> None:
        """An error that stands there stays: only own words are taken away."""
        editor, before = held.editors["state"], self.told_of.pop(held.id, ("", ""))
        if editor.message() not in (("", ""), before):
            return
        if said:
            editor.set_message(said, kind)
            self.told_of[held.id] = (said, kind)
        elif before[0]:
            editor.set_message(None)

    def _forms(self) -> set[StudyForm]:
        """The forms of study that are chosen."""
        chosen = {row.value("competitive_group_id") for row in self.rows("choice")} - {None}
        for id in chosen - self.form_of.keys():
            group = self.store.get("competitive_group", id)
            if group is not None:
                self.form_of[id] = group["form"]
        return {self.form_of[id] for id in chosen & self.form_of.keys()}

    # ---- what is asked of it

    @property
    def campaign(self) -> Record | None:
        own = self.held["applicant"].seen.get("campaign_id")
        return self.store.get("admission_campaign", own) if own else None

    @property
    def book(self) -> str:
        campaign = self.campaign
        return rules.number_book(campaign["year"] if campaign else today(self.store).year)

    def special_editor(self, part: str, name: str, label: str) -> Editor | None:
        if name == "full" and part in {"registration", "actual"}:
            return AddressEdit(label, stored=lambda: self.held[part].seen)
        return None

    def title(self) -> str:
        last = self.value("person", "last_name") or ""
        first = self.value("person", "first_name") or ""
        return f"{last} {first[:1] + '.' if first else ''}".strip()

    def full_name(self) -> str:
        names = ("last_name", "first_name", "middle_name")
        return " ".join(filter(None, (self.value("person", n) for n in names)))

    def sighting(self) -> Sighting | None:
        """What is typed of the person so far; None where it is too little to compare."""
        last, snils = self.value("person", "last_name"), self.value("person", "snils")
        if not snils and not (last and self.value("person", "first_name")):
            return None
        return Sighting(
            last or "",
            self.value("person", "first_name") or "",
            self.value("person", "middle_name"),
            self.value("person", "birth_date"),
            snils,
        )

    def row_limit(self, part: str) -> tuple[int, str] | None:
        campaign = self.campaign
        most = campaign["most_programmes"] if campaign and part == "choice" else None
        if not most:
            return None
        return most, f"По правилам этой кампании специальностей не больше {most}"

    # ---- refusals

    def refusal(self) -> str | None:
        """Why the college cannot take this application today, judged by the rules the server uses."""
        campaign = self.campaign
        new = not self.held["applicant"].stored
        if campaign is None:
            return "Нет открытой приёмной кампании; её открывает ответственный секретарь"
        status: CampaignStatus = campaign["status"]
        if new and (said := rules.refuse_application(status, None, today(self.store))):
            return said
        added = [row for row in self.rows("choice") if not row.stored]
        return next(filter(None, (self._refused(row, status) for row in added)), None)

    def _refused(self, row: Held, status: CampaignStatus) -> str | None:
        id = row.value("competitive_group_id")
        group = self.store.get("competitive_group", id) if id else None
        if group is None:
            return None
        stages = self.store.where("campaign_stage", "campaign_id", group["campaign_id"]).values()
        day, tests = today(self.store), group["needs_test"]
        stage = rules.acceptance_stage(stages, status, group["form"], needs_tests=tests, on=day)
        said = rules.refuse_application(status, stage, day)
        return f"«{group['name']}»: {said[:1].lower()}{said[1:]}" if said else None

    # ---- what follows from what is typed

    def values(self, part: Part) -> Values:
        values = super().values(part)
        new = not self.held[part.name].stored
        if part.name == "person" and values["snils_state"] is SnilsState.ABSENT and values["snils"]:
            values["snils_state"] = SnilsState.FORMAT_OK
        if part.name == "applicant":
            values["reg_no"] = values["reg_no"] or "Б/Н"
            values["registered_at"] = values["registered_at"] or now()
        if part.name == "education":
            values |= self._marks(values)
        if part.name == "consent" and new and not self.editor("consent", "signed_on").is_dirty():
            values["signed_on"] = today(self.store)
        return values

    def row_values(self, part: Part, row: Held, place: int) -> Values:
        values = super().row_values(part, row, place)
        if part.name == "choice" and not row.stored:
            values["filed_on"] = today(self.store)
        if part.name == "document" and values["state"] is DocumentState.RECEIVED:
            values["received_by"] = values["received_by"] or own_name(self.store)
        return values

    def _is_wanted(self, part: Part) -> bool:
        """What stands on the paper is stored: a country that nobody changed, a consent that was given."""
        if self.held[part.name].stored:
            return True
        if part.name == "citizenship":
            return self.value("citizenship", "country_id") is not None
        if part.name == "consent":
            return bool(self.value("choice", "consents_to_data"))
        return super()._is_wanted(part)

    def row_typed(self, part: str, row: Held, name: str) -> None:
        """A paper that is ticked came today."""
        day = row.editors.get("received_on")
        if part == "document" and name == "state" and day is not None and not day.value():
            received = row.value("state") is DocumentState.RECEIVED
            day.set_value(today(self.store) if received else None)

    # ---- the files on its papers

    def row_files(self, part: str, held: Held) -> FileStrip | None:
        entity = self.files.get(part)
        if entity is None or not filing.allows(self.store, entity.__tablename__, Action.READ):
            return None
        writes = filing.allows(self.store, entity.__tablename__, Action.WRITE)
        strip = FileStrip("Прикрепить скан", fixed=not writes)
        strip.offered.connect(lambda offers: self.files_offered.emit(held, offers))
        strip.open_asked.connect(self.file_asked)
        strip.remove_asked.connect(self.file_removed)
        self._show_files(entity.__tablename__, held, strip)
        return strip

    def show_files(self) -> None:
        """What is attached, and where it is, as it is now."""
        for part, entity in self.files.items():
            for row in self.blocks[part].rows if part in self.blocks else ():
                if row.strip is not None:
                    self._show_files(entity.__tablename__, row.held, row.strip)

    def _show_files(self, entity: str, held: Held, strip: FileStrip) -> None:
        strip.show_files(filing.attached_to(self.store, entity, held.id) if held.stored else ())

    def bring(self, row: Held) -> None:
        """A paper whose scan is brought has been brought itself."""
        take(row.editors["state"], DocumentState.RECEIVED)

    # ---- the average of the certificate

    def _marks(self, values: Values) -> Values:
        """The sum and the number of the marks, where the average is theirs."""
        total, count, average = self._sum()
        if not count or values["average"] != average:
            untouched = values["average"] == self.held["education"].seen.get("average")
            return {} if untouched else {"marks_sum": None, "marks_count": None}
        return {"marks_sum": total, "marks_count": count}

    def _sum(self) -> tuple[int, int, int | None]:
        marks = [row.value("mark") for row in self.rows("grade")]
        counted = [int(m.value) for m in marks if m in (Mark.THREE, Mark.FOUR, Mark.FIVE)]
        if not counted and self.counted is not None:
            total, count = self.counted.total, self.counted.count
            return total, count, average_of(total, count)
        return sum(counted), len(counted), average_of(sum(counted), len(counted))

    def _average(self) -> None:
        """Counted live, unless a person has typed another; then only the difference is told."""
        if "education" not in self.held or "average" not in self.held["education"].editors:
            return
        editor, held = self.editor("education", "average"), self.held["education"]
        self._read_marks(editor)
        _, count, average = self._sum()
        if not count:
            return
        typed = editor.is_dirty() or (
            held.seen.get("average") is not None and held.seen.get("marks_count") is None
        )
        if not typed:
            editor.set_value(average)
            editor.set_message(f"по {count} отметкам аттестата", "ok")
        elif editor.value() != average and not editor.problem():
            editor.set_message(f"по отметкам выходит {text_of(average, AVERAGE)}", "warn")
        elif not editor.problem():
            told = f"по {count} отметкам аттестата" if self.counted else None
            editor.set_message(told, "ok")

    def _read_marks(self, editor: Editor) -> None:
        """Marks typed in the place of the average are counted until another average is typed."""
        self.counted = marks_in(str(editor.written())) or self.counted
        if self.counted is not None:
            average = average_of(self.counted.total, self.counted.count)
            self.counted = self.counted if editor.value() == average else None

    # ---- saving

    def store_number(self, number: LegalNumber | None, bodies: list[Body]) -> list[Body]:
        """The number that the journal gave in this transaction goes into the record."""
        id = self.held["applicant"].id
        text = (
            rules.registration_number(number.series, number.number)
            if number
            else f"Б/Н-{id.int % 10**6:06d}"
        )
        for body in bodies:
            if isinstance(body, Save) and body.id == id and body.create:
                body.set["reg_no"] = (None, pack(text))
        return bodies

    def save_application(self) -> None:
        new = not self.held["applicant"].stored
        self.save(book=self.book if new else None, fill=self.store_number)


def open_campaign(store: Store) -> tuple[str, Record] | None:
    """The newest campaign that takes applications."""
    every = store.all("admission_campaign").items()
    taking = [c for c in every if c[1]["status"] in rules.OPEN_STATES]
    return max(taking, key=lambda c: c[1]["year"], default=None)
