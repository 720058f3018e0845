"""The tab of one application: its number, its paper, and the warning that such a person is there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from client.admissions import strangers
from client.admissions.form import AdmissionForm
from client.admissions.twins import Twin, find_twins
from client.kit.background import Background
from client.kit.banner import Banner, Way
from client.kit.carrying import held_of
from client.kit.comparison import Comparison, side_by_side
from client.kit.file_strip import Offer
from client.kit.held import Held
from client.kit.icons import icon
from client.kit.reading import note_card
from client.kit.record_page import RecordPage
from client.kit.records import Attachment, Touched, watching
from client.kit.theme import theme
from client.kit.words import ElidedLabel
from client.store import filing
from client.store.store import Store
from common.admissions.entities import DocumentScan
from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.kit.words import counted

TWIN_MS = 250
TIGHT = 400
"""Pixels at scale 1 under which the main button is named by its last word."""

NO_CHOICE = "Записано без специальности: в конкурс заявление не попадёт, пока её не указать"
ROWS_TOO = "Специальности, документы и другие строки, которых там нет, перейдут сами"
MERGES = {
    False: f"{ROWS_TOO}; это заявление закроется незаписанным.",
    True: f"{ROWS_TOO}; это заявление уйдёт в корзину, когда то будет записано.",
}
"""What becomes of an application that is merged into another, stored or not."""


def keep_scans(store: Store, paper: UUID, offers: Sequence[Offer]) -> list[str]:
    """Attach each of them; what is said of those that were refused."""
    said = []
    for offer in offers:
        try:
            filing.attach(store, DocumentScan.__tablename__, paper, offer.name, offer.content())
        except EpoError as fault:
            said.append(fault.message)
    return said


class AdmissionPage(RecordPage):
    """One application: beside its form the number, the paper, and who it may be a double of.

    `next_asked`, `print_asked(id)`, `open_asked(id)`, `merge_asked(id of the other, keys)`, `file_asked(Attachment)`, `removed(words, undo)`.
    """

    form: AdmissionForm
    fold_under = 800  # the name, the number and the draft stand beside the buttons
    next_asked = Signal()
    print_asked = Signal(str)
    open_asked = Signal(str)
    merge_asked = Signal(str, list)
    file_asked = Signal(object)
    removed = Signal(str, object)
    touched = Signal(object)
    """Records changed, here or by a pull; from any thread."""

    def __init__(
        self,
        store: Store,
        id: UUID | None = None,
        pinned: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`pinned` is what the applicant before left for this one."""
        super().__init__(AdmissionForm(store, id, pinned), "Новое заявление", parent)
        self.store = store
        self.background = Background(self)
        self.keeping = Background(self)
        """Stores scans: it waits for nothing else."""
        self.number = ElidedLabel(role="muted")
        self.before = ""
        """What was stored a moment ago: its number is told to the applicant, and the next form is there already."""
        self.top.insertWidget(1, self.number)
        self.warning = Banner("warn")
        self.body.insertWidget(1, self.warning)
        self.standing = ""
        """What is to be known of this application beside its doubles: why it may not be stored, or what it lacks."""
        self._doubled = False
        self._add_buttons()
        self._twin_timer = QTimer(self, singleShot=True, interval=TWIN_MS)
        self._twin_timer.timeout.connect(self._look_for_twins)
        self.form.changed.connect(self._twin_timer.start)
        self.form.files_offered.connect(self._attach)
        self.form.file_asked.connect(self.file_asked)
        self.form.file_removed.connect(self._remove)
        self.touched.connect(self._refresh, Qt.ConnectionType.QueuedConnection)
        self.destroyed.connect(watching(store, self.touched.emit))
        self.show_state()

    def _add_buttons(self) -> None:
        """Storing and going on is what is done most."""
        self.save.setProperty("primary", "")
        self.save.setIcon(icon("save"))
        self.print = self.add_button("Печать", "Ctrl+P", "printer", self.print_it)
        self.save_next = self.add_button(
            "Записать и следующее", "", "", self.store_and_leave, primary=True
        )
        self.save_next.setToolTip("Ctrl+Enter")

    def only_read(self) -> None:
        super().only_read()
        self.save_next.hide()
        self.buttons.remove(self.save_next)

    def banner_buttons(self) -> list[QPushButton]:
        return [*self.warning.buttons, *super().banner_buttons()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        tight = self.width() < theme().px(TIGHT)
        self.save_next.setText("Следующее" if tight else self.save_next.accessibleName())

    def side_buttons(self) -> tuple[QPushButton, ...]:
        return self.save, self.print

    def show_state(self) -> None:
        super().show_state()
        self.heading.setText(self.form.full_name() or self.title)
        self.number.setText(self.reg_no() or self.before)
        refused = self.form.refusal() or ""
        self.standing = refused or self._lack()
        if refused or not self._doubled:
            self.warning.say(self.standing)

    def _lack(self) -> str:
        """A half-finished application is stored all the same, and says what it will not do."""
        choices = self.form.blocks.get("choice")
        stored = self.form.held["applicant"].stored
        return NO_CHOICE if stored and choices and not self.form.rows("choice") else ""

    def reg_no(self) -> str:
        """«№ …», once there is one."""
        reg_no = self.form.held["applicant"].seen.get("reg_no")
        return f"№ {reg_no}" if reg_no else ""

    def follow(self, done: str) -> None:
        """Begun when that one was stored."""
        self.before = f"записано {done}"
        self.show_state()

    # ---- scans of its papers

    def _attach(self, row: Held, offers: Sequence[Offer]) -> None:
        """The paper is stored first: a scan hangs on a record."""
        if not row.stored:
            self.form.bring(row)
            if not self.store_it():
                return
        self.faults.say("")
        self.keeping.ask(
            f"attach {new_id()}",
            lambda: keep_scans(self.store, row.id, offers),
            lambda said: self.faults.say(" · ".join(said)),
        )

    def may_close(self) -> bool:
        """A scan that was brought is kept before its form goes."""
        self.keeping.wait()
        return super().may_close()

    def _remove(self, file: Attachment) -> None:
        removed = filing.remove(self.store, file.entity, UUID(file.id))
        self.removed.emit(f"Скан «{file.name}» убран", lambda: filing.put_back(self.store, removed))

    def _refresh(self, touched: Touched) -> None:
        if touched.keys() & {entity.__tablename__ for entity in self.form.files.values()}:
            self.form.show_files()

    # ---- duplicates

    def _look_for_twins(self) -> None:
        sighting = self.form.sighting()
        if sighting is None:
            self._doubled = False
            self.warning.say(self.standing)
            return
        own = self.form.held["person"].id.hex
        self.background.ask(
            "twins", lambda: find_twins(self.store, sighting, own), self._show_twins
        )

    def _show_twins(self, twins: list[Twin]) -> None:
        self._doubled = bool(twins)
        if not twins:
            self.warning.say(self.standing)
            return
        best, others = twins[0], len(twins) - 1
        more = f" и ещё {counted(others, 'запись', 'записи', 'записей')}" if others else ""
        ways: list[Way] = [("Сравнить", lambda: self.compare(best))]
        if best.applicant_id:
            ways.append(("Открыть", lambda: self._open_twin(best)))
        ways.append(("Это другой человек", lambda: self._dismiss(twins)))
        self.warning.say(
            f"Похоже, такой человек уже есть: {best.words}{more} ({', '.join(best.reasons)})", ways
        )

    def compare(self, twin: Twin) -> None:
        """What is typed beside what is stored of the other, read only."""
        id = UUID(twin.applicant_id) if twin.applicant_id else None
        if id is not None:
            note_card(self.store, self.form.plan, id)
        other = held_of(self.store, self.form.plan, id, person_id=UUID(twin.person_id))
        pairs = side_by_side(self.store, self.form.plan, self.form.held, other)
        merges = MERGES[self.form.held["applicant"].stored] if id is not None else ""
        dialog = Comparison(("Это заявление", twin.words), pairs, self, merges=merges)
        dialog.merge_asked.connect(lambda keys: self.merge_asked.emit(twin.applicant_id, keys))
        dialog.open_asked.connect(lambda: self._open_twin(twin))
        dialog.other.connect(lambda: self._dismiss([twin]))
        dialog.open()

    def _open_twin(self, twin: Twin) -> None:
        self.open_asked.emit(twin.applicant_id)

    def _dismiss(self, twins: list[Twin]) -> None:
        """Nobody is asked of these two again, here at once and at the other desks once both are stored."""
        strangers.keep(self.store, self.form.held["person"].id.hex, [t.person_id for t in twins])
        self._share_strangers()
        self._doubled = False
        self.warning.say(self.standing)
        self._look_for_twins()

    def _share_strangers(self) -> None:
        self.background.ask("strangers", lambda: strangers.share(self.store), lambda _: None)

    # ---- storing

    def refusal(self) -> str | None:
        return self.form.refusal()

    def write(self) -> None:
        self.form.save_application()
        self._share_strangers()

    def store_and_leave(self) -> None:
        """In a series the next one begins."""
        if self.store_it():
            self.next_asked.emit()

    def print_it(self) -> None:
        if not self.form.is_dirty() or self.store_it():
            if self.form.held["applicant"].stored:
                self.print_asked.emit(self.main_id().hex)
            else:
                self.faults.say("Печатать ещё нечего: заполните и запишите заявление")
