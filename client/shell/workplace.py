"""Opens what a person works on in the tabs of the window: sections, records, papers, and the drafts of the last time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from client.administration.forms import FORMS as ADMINISTRATION_FORMS
from client.administration.lists import (
    ACCOUNTS,
    GRANTS,
    HANDED,
    ORG_ROLES,
    ROLES,
    SUSPICIONS,
    GrantScreen,
)
from client.administration.lists import TONES as ADMINISTRATION_TONES
from client.admissions import printing
from client.admissions.campaigns import CAMPAIGN, FORMS
from client.admissions.paper import ADMISSION
from client.admissions.screens import AdmissionPage
from client.admissions.tones import TONES
from client.kit.background import Background
from client.kit.list_screen import ListScreen
from client.kit.merging import bring_over
from client.kit.record_form import RecordForm
from client.kit.record_page import RecordPage
from client.kit.records import Draft
from client.kit.screen import Screen, plain_screen
from client.shell.board_tab import BOARD, BoardTab
from client.shell.carried import Carried
from client.shell.deleting import Deleting
from client.shell.frame import MainFrame
from client.shell.giving_access import GivingAccess
from client.shell.handed_page import HandedPage
from client.shell.outbox import OutboxScreen
from client.shell.past_years import PastYears
from client.shell.session import Session
from client.shell.tables import Tables
from client.store import importing
from client.store.store import Store
from common.administration.kinds import AccessKind
from common.admissions.entities import AdmissionCampaign, Applicant
from common.admissions.lists import APPLICANTS, CAMPAIGNS, GROUPS
from common.kit.lists import ListSpec
from common.kit.rights import Action
from common.kit.words import counted

SECTIONS = (
    (APPLICANTS, "inbox", "Приёмная комиссия"),
    (GROUPS, "layers", "Приёмная комиссия"),
    (CAMPAIGNS, "calendar-days", "Приёмная комиссия"),
    (HANDED, "user-cog", "Администрирование"),
    (ACCOUNTS, "users", "Администрирование"),
    (GRANTS, "shield-check", "Администрирование"),
    (ORG_ROLES, "user-pen", "Администрирование"),
    (ROLES, "shield", "Администрирование"),
    (SUSPICIONS, "shield-alert", "Администрирование"),
)

GUARDED_BY = {ROLES.main: GRANTS.main}
"""A list that is shown only to whom another one is: everybody's desk knows the roles, few have use for them."""

KEPT = {HANDED, ACCOUNTS, GRANTS, ROLES, SUSPICIONS}
"""Lists whose records are ended or closed, never put into the basket."""

PLANS = {Applicant: ADMISSION, AdmissionCampaign: CAMPAIGN}
"""What a card is read by, where it is not the plain form."""

MANY_SECONDS = 30
"""That «Отменить» is offered after a change made in a list, of many records, of one cell or of the office's views: a person looks through the rows."""

BY_CARD = "Новое заявление вносят карточкой: номер ему даёт серия рабочего места"

ALL_FORMS = {**FORMS, **ADMINISTRATION_FORMS}


def key_of(spec: ListSpec, id: UUID | str) -> str:
    """The key of a record's tab and of its draft."""
    return f"{spec.main}:{id.hex if isinstance(id, UUID) else id}"


def plan_of(spec: ListSpec) -> Screen:
    """What the card of a row of this list is read by."""
    return PLANS.get(spec.entity) or plain_screen(spec.entity)


class Workplace(QObject):
    """`recorded` when a form has stored something; `differences_asked` from what waits; `file_asked(Attachment)`."""

    recorded = Signal()
    file_asked = Signal(object)
    differences_asked = Signal()

    def __init__(self, store: Store, frame: MainFrame, background: Background) -> None:
        super().__init__(frame)
        self.store, self.frame, self.background = store, frame, background
        self.questions = Background(self)
        """What tabs that may be closed ask the store: it outlives them."""
        self.carried = Carried(store)
        self.deleting = Deleting(store, frame, background)
        self.session = Session(store, frame)
        self.years = PastYears(store, frame, TONES)
        self.years.print_asked.connect(self._print)
        self.tables = Tables(store, frame, importing.brought() | {APPLICANTS.main: BY_CARD})
        self.tables.recorded.connect(self.recorded)
        self.access = GivingAccess(store, frame, self._show)
        self.access.recorded.connect(self.recorded)
        self.board = BoardTab(store, frame)
        self.clean = False
        """Was it begun with Shift? Then lists stand as declared."""

    def sections(self) -> list[tuple[ListSpec, str, str]]:
        """What this person may see: the list, its icon, its group."""
        return [
            each
            for each in SECTIONS
            if self.store.may(Action.READ, GUARDED_BY.get(each[0].main, each[0].main))
        ]

    def begin(self, *, clean: bool = False) -> None:
        """The first section, what was open when the program ended, and every form with something typed in it."""
        self.clean = clean
        specs = {spec.main: spec for spec, _, _ in self.sections()}
        drafts = {d.key: d for d in self.store.drafts() if d.screen in specs}
        first = next(iter(specs.values()), None)
        if first is not None:
            self.open_section(first.name)
        if clean:
            waiting = counted(len(drafts), "черновик ждёт", "черновика ждут", "черновиков ждут")
            self.frame.set_status(
                f"Чистый запуск: {waiting} обычного" if drafts else "Чистый запуск"
            )
            return
        later = self.session.restore(lambda key: self._open_again(key, drafts.pop(key, None)))
        for draft in [draft for key, draft in drafts.items() if key not in later]:
            self._open(specs[draft.screen], _id_of(draft, self.store), draft)

    def _open_again(self, key: str, draft: Draft | None) -> None:
        """A section by its name, a record by «entity:id»; what is no longer there, or not for this person, is passed by."""
        entity, _, id = key.partition(":")
        mine = [spec for spec, _, _ in self.sections()]
        spec = next((s for s in mine if (s.main if id else s.name) == entity), None)
        if spec is None:
            return
        if not id:
            self.open_section(spec.name)
        elif draft is not None:
            self._open(spec, _id_of(draft, self.store), draft)
        elif self.store.get(entity, id) is not None:
            self._open(spec, UUID(id))

    # ---- sections

    def open_section(self, name: str) -> None:
        if name == BOARD:
            self.board.open()
            return
        spec, icon = next((s, icon) for s, icon, _ in SECTIONS if s.name == name)
        if self.frame.has_tab(name):
            self.frame.open_tab(name, "", self.frame.tab(name))
        else:
            self.frame.open_tab(name, spec.title, self._list(spec), icon, closable=False)

    def _list(self, spec: ListSpec) -> ListScreen:
        writes = self.store.may(Action.WRITE, spec.main)
        words = (
            "Новое заявление" if spec is APPLICANTS else f"Добавить: {spec.entity.__one__.lower()}"
        )
        make = GrantScreen if spec is GRANTS else ListScreen
        screen = make(
            self.store,
            spec,
            tones=TONES | ADMINISTRATION_TONES,
            add=words if writes and spec.adds else "",
            as_left=not self.clean,
        )
        screen.counted.connect(lambda _words: self.tell_rows(self.frame.current_tab()))
        screen.opened.connect(lambda id: self._open(spec, UUID(id)))
        if writes and spec.adds:
            screen.add_asked.connect(lambda: self._open(spec, None))
        if spec is ACCOUNTS and writes:
            self.access.equip_list(screen)
        if writes and spec not in KEPT:
            screen.allow_delete()
            screen.delete_asked.connect(
                lambda ids: self.deleting.delete(spec, {str(id): key_of(spec, id) for id in ids})
            )
            screen.add_button("Корзина", "trash-2", lambda: self.deleting.look(spec))
        if writes and spec.adds and spec not in KEPT:
            screen.allow_edit(partial(self._unsaved, spec))
            screen.changed_many.connect(self._changed_many)
        beside = screen.show_beside(plan_of(spec))
        beside.card.add_action("Открыть", "external-link", partial(self._open_chosen, screen))
        self.tables.equip(screen, writes=writes and spec.adds)
        if spec is APPLICANTS:
            beside.card.add_action("Печать", "printer", lambda: self._print_selected(screen))
            screen.add_button("Прежние годы…", "history", self.years.ask)
            screen.add_button(
                "Печать", "printer", lambda: self._print_selected(screen), keys="Ctrl+P"
            )
        return screen

    def _unsaved(self, spec: ListSpec) -> dict[str, str]:
        """Records of this list that are being typed in: their forms go before."""
        open_ones = (key.partition(":") for key in self.frame.tab_keys())
        return {
            id: "открыта и не записана"
            for entity, _, id in open_ones
            if entity == spec.main and self.frame.tabs.is_dirty(f"{entity}:{id}")
        }

    def _changed_many(self, words: str, undo: Callable[[], object]) -> None:
        self.frame.undo_bar.offer(
            words,
            lambda: self.background.ask("undo", undo, self._taken_back),
            seconds=MANY_SECONDS,
        )

    def _taken_back(self, _made: object) -> None:
        self.frame.set_status("Отменено: поля прежние")

    def _open_chosen(self, screen: ListScreen) -> None:
        if (key := screen.table.current_key()) is not None:
            screen.opened.emit(str(key))

    def reload_lists(self) -> None:
        for screen in self.frame.findChildren(ListScreen):
            screen.reload()

    def search(self, text: str) -> None:
        """The search box answers with the applicants' list."""
        if not self.store.may(Action.READ, APPLICANTS.main):
            return
        self.open_section(APPLICANTS.name)
        screen = self.frame.tab(APPLICANTS.name)
        assert isinstance(screen, ListScreen)  # noqa: S101  the key's own
        screen.table.quick.setText(text)
        screen.table.filter_asked.emit(text)

    def quick_words(self) -> str:
        """What the list of applicants is narrowed by; nothing where it is not open."""
        screen = self.frame.tab(APPLICANTS.name) if self.frame.has_tab(APPLICANTS.name) else None
        return screen.table.quick.text() if isinstance(screen, ListScreen) else ""

    def tell_rows(self, key: str) -> None:
        """The status line speaks of the tab that is seen."""
        shown = self.frame.tab(key) if self.frame.has_tab(key) else None
        self.frame.status.tell_of_tab(shown.words if isinstance(shown, ListScreen) else "")

    def refresh_outbox(self) -> None:
        """What is sent leaves the list by itself."""
        screen = self.frame.tab("outbox") if self.frame.has_tab("outbox") else None
        if isinstance(screen, OutboxScreen):
            screen.reload()

    def open_outbox(self) -> None:
        if self.frame.has_tab("outbox"):
            screen = self.frame.tab("outbox")
            assert isinstance(screen, OutboxScreen)  # noqa: S101  the key's own
            screen.reload()
            self.frame.open_tab("outbox", "", screen)
        else:
            screen = OutboxScreen(self.store, self.questions)
            screen.differences_asked.connect(self.differences_asked)
            self.frame.open_tab("outbox", "Ждут отправки", screen, "cloud-upload")

    # ---- records

    def open_applicant(self, id: UUID | None) -> None:
        self._open(APPLICANTS, id)

    def open_holder(self, entity: str, id: str) -> None:
        """The form of the whole thing that a record belongs to; nothing where no section here shows it."""
        mine = {spec.main: spec for spec, _, _ in self.sections()}
        holders = self.store.holders(entity, id)
        for name, at in holders:
            if name in mine and self.store.get(name, at) is not None:
                self._open(mine[name], UUID(at))
                return
        if not any(name in mine for name, _ in holders):
            self.store.note(AccessKind.DENIED, entity, UUID(id))
        self.frame.set_status("Эту запись здесь открыть нельзя")

    def open_record(self, spec: ListSpec, id: UUID | None) -> None:
        self._open(spec, id)

    def _open(self, spec: ListSpec, id: UUID | None, draft: Draft | None = None) -> None:
        """The tab of a record, of a new one, or of what was typed before the program ended; whoever opens it."""
        key = draft.key if draft else key_of(spec, id) if id else ""
        if self.frame.has_tab(key):
            self.frame.open_tab(key, "", self.frame.tab(key))
            return
        if spec is HANDED and id is not None:
            self._open_handed(key, id)
            return
        page = self._page(spec, id)
        if draft is None and key:
            draft = next((d for d in self.store.drafts() if d.key == key), None)
        if draft is not None:
            page.restore(draft)
        drafted: QWidget | None = page.form.focusWidget()  # the move into the window takes it away
        self._show(spec, page)
        self._focus(page, drafted or next(page.form.editors()))

    def _focus(self, page: QWidget, at: QWidget) -> None:
        """Keys go there; of a tab that stands behind, when it comes to the front."""
        if self.frame.current_page() is page:
            at.setFocus()
        else:
            page.setFocusProxy(at)

    def write_drafts(self) -> None:
        """What was typed a moment ago, before the files are shut."""
        for key in self.frame.tab_keys():
            page = self.frame.tab(key)
            if isinstance(page, RecordPage):
                page.form.drafts.write()

    def _open_handed(self, key: str, id: UUID) -> None:
        page = HandedPage(self.store, self.background, id)
        page.renamed.connect(lambda title: self.frame.set_tab_title(key, title))
        page.decided.connect(self.recorded)
        page.left.connect(lambda: self.frame.close_tab(key))
        self.frame.open_tab(key, "Переданное", page, "user-cog", section=HANDED.name)
        self._focus(page, page.view)

    def _page(self, spec: ListSpec, id: UUID | None) -> RecordPage:
        if spec is APPLICANTS:
            page = AdmissionPage(self.store, id, self.carried.pinned(spec.main))
            page.print_asked.connect(self.print_applicant)
            page.open_asked.connect(lambda other: self.open_applicant(UUID(other)))
            page.next_asked.connect(lambda: self._next(page))
            page.merge_asked.connect(lambda other, keys: self._merge(page, UUID(other), keys))
            page.file_asked.connect(self.file_asked)
            page.removed.connect(self.frame.undo_bar.offer)
            return page
        make = ALL_FORMS.get(spec.entity)
        form = (
            make(self.store, id) if make else RecordForm(self.store, plain_screen(spec.entity), id)
        )
        card = RecordPage(form, spec.entity.__one__)
        if id is not None:
            self.access.equip_card(spec, id, card)
        return card

    def _show(self, spec: ListSpec, page: RecordPage) -> None:
        key, frame = page.form.key, self.frame
        page.dirty_changed.connect(lambda dirty: frame.set_dirty(key, dirty=dirty))
        page.renamed.connect(lambda title: frame.set_tab_title(key, title))
        page.saved.connect(lambda id: self._recorded(spec, page, id))
        page.done.connect(lambda: frame.close_tab(key))
        icon = "user" if spec is APPLICANTS else "file-text"
        frame.open_tab(key, page.tab_title(), page, icon, section=spec.name)
        frame.set_dirty(key, dirty=page.form.is_dirty())

    def _recorded(self, spec: ListSpec, page: RecordPage, id: str) -> None:
        self.carried.keep(spec.main, UUID(id), page.form.pinned())
        self.recorded.emit()

    def _next(self, page: AdmissionPage) -> None:
        done, name = page.reg_no(), page.form.full_name()
        lacks = f". {page.standing}" if page.standing else ""
        self.frame.close_tab(page.form.key)
        self.open_applicant(None)
        if isinstance(following := self.frame.current_page(), AdmissionPage):
            following.follow(done)
        self.frame.set_status(f"Записано {done}: {name}{lacks}")

    def _merge(self, page: AdmissionPage, other: UUID, keys: list[str]) -> None:
        """What was chosen goes over to the other one's form; what is merged goes when that is stored."""
        stored, id = page.form.held[page.form.plan.main].stored, page.main_id()
        self.open_applicant(other)
        target = self.frame.current_page()
        if not isinstance(target, AdmissionPage):
            return
        rows = bring_over(page.form, target.form, keys)
        page.form.discard()
        self.frame.close_tab(page.form.key)
        values = counted(len(keys), "значение", "значения", "значений")
        lines = counted(rows, "строка", "строки", "строк")
        self.frame.set_status(f"Перенесено: {values}, {lines}. Проверьте и запишите")
        if not stored:
            return
        if target.form.is_dirty():
            once = Qt.ConnectionType.SingleShotConnection
            target.saved.connect(lambda _id: self.deleting.delete_merged(APPLICANTS, id), once)
        else:
            self.deleting.delete_merged(APPLICANTS, id)

    def take_previous(self) -> None:
        """F9: the field in focus takes the value that the last stored record of this kind has."""
        page = self.frame.current_page()
        if not isinstance(page, RecordPage):
            return
        last = self.carried.last(page.form.plan.name)
        if last is None or not page.form.take_from(last):
            self.frame.set_status("В предыдущей записи этого значения нет")

    # ---- printing

    def _print_selected(self, screen: ListScreen) -> None:
        keys = screen.table.selected_keys() or [screen.table.current_key()]
        if keys[0] is not None:
            self.print_applicant(str(keys[0]))
        else:
            self.frame.set_status("Выберите заявление для печати")

    def print_applicant(self, id: str) -> None:
        self._print(self.store, id)

    def _print(self, store: Store, id: str) -> None:
        """Make the papers off the GUI thread and show them; the journal of visits has it first."""

        def make() -> bytes:
            store.note(AccessKind.PRINT, APPLICANTS.main, UUID(id))
            return printing.package(store, UUID(id))

        self.background.ask(
            "papers",
            make,
            lambda paper: printing.show(self.store, UUID(id), paper, self.frame),
            lambda fault: self.frame.set_status(fault.message),
        )


def _id_of(draft: Draft, store: Store) -> UUID | None:
    """The stored record of a draft; None where it is a new one."""
    entity, id = draft.key.split(":")
    return UUID(id) if store.get(entity, id) is not None else None
