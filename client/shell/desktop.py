"""The desktop: puts the offices' screens into the main window by rights, and keeps its edge true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from client.admissions import printing
from client.admissions.campaigns import FORMS
from client.admissions.lists import APPLICANTS, CAMPAIGNS, GROUPS
from client.admissions.paper import ADMISSION
from client.admissions.screens import AdmissionPage
from client.admissions.tones import TONES
from client.kit.actions import Action as Key
from client.kit.background import Background
from client.kit.list_screen import ListScreen
from client.kit.record_form import RecordForm
from client.kit.record_page import RecordPage
from client.kit.records import Draft, now_ms
from client.kit.screen import plain_screen
from client.kit.theme import apply_theme, theme
from client.kit.words import sentence
from client.net.link import Link
from client.shell import link as link_state
from client.shell.entrance import LeaseEnded, refuse_ended_lease
from client.shell.finder import Finder
from client.shell.frame import MainFrame
from client.shell.guard import Guard
from client.shell.inbox import Inbox
from client.shell.leaving import leave_question
from client.shell.outbox import OutboxScreen
from client.shell.palette import Found, Palette
from client.shell.sync_thread import SyncThread
from client.store import basket
from client.store.store import Counts, Store
from client.store.syncing import Round
from common.kit.ids import new_id
from common.kit.lists import ListSpec
from common.kit.rights import Action
from common.kit.sync import Operation
from common.kit.words import counted

SECTIONS = (
    (APPLICANTS, "inbox", "Приёмная комиссия"),
    (GROUPS, "layers", "Приёмная комиссия"),
    (CAMPAIGNS, "calendar-days", "Приёмная комиссия"),
)


class Desktop(QObject):
    """One person's work at one computer, in one window."""

    touched = Signal()
    """Records changed, here or by a pull; from any thread."""

    def __init__(
        self, store: Store, server: str, *, settings: QSettings, computer: str = ""
    ) -> None:
        super().__init__()
        self.store = store
        self.settings = settings
        self.link = Link(server, str(store.journal.fact("token", "")))
        self.frame = MainFrame(college=str(store.journal.fact("college_name", "")))
        self.background = Background(self.frame)
        self.asides = Background(self.frame)
        """Small questions for the window's edge: they do not wait behind papers."""
        self.sync = SyncThread(store, self.link, self.frame)
        self.palette = Palette(self.frame.search)
        self.finder = Finder(
            self.palette,
            store,
            self.asides,
            known=self._known,
            open_person=self.open_applicant,
            search=self.search,
        )
        self.inbox = Inbox(store, self.frame)
        self.guard = Guard(store, self.link, self.frame, computer=computer)
        self.last: Round | None = None
        self.counts = store.counts()
        self.changed_at = _now()
        self._leaving = False
        self._wire()
        self._fill()

    # ---- building

    def _wire(self) -> None:
        self.frame.section_asked.connect(self.open_section)
        self.frame.waiting_asked.connect(self.open_waiting)
        self.inbox.decided.connect(self._count)
        self.frame.theme_asked.connect(self.set_theme)
        self.frame.search_asked.connect(self.search)
        self.frame.search_edited.connect(self.finder.suggest)
        self.frame.tab_changed.connect(self._tell_rows)
        self.sync.rounded.connect(self._rounded)
        self.sync.started_round.connect(self._started)
        self.touched.connect(self._count, Qt.ConnectionType.QueuedConnection)
        self.touched.connect(self.inbox.refresh, Qt.ConnectionType.QueuedConnection)
        self.store.watch(self._tell)
        self.guard.renewed.connect(self.sync.poke)
        self.frame.may_leave = self._may_leave
        add = self.frame.actions_of_window.add
        add(Key("sync", "Обменяться с сервером сейчас", "F5", self.sync.poke))
        add(Key("outbox", "Что ждёт отправки", "F7", self.open_outbox))
        add(Key("differences", "Расхождения: что ждёт вашего решения", "F8", self.inbox.open))
        add(Key("lock", "Заблокировать программу", "Ctrl+L", self.guard.lock))
        add(Key("renew", "Войти на сервер снова", "", self._renew))
        add(
            Key("ask_password", "Спрашивать пароль при запуске: да или нет", "", self.switch_asking)
        )
        for keys, text in (
            ("Ins", "Добавить запись"),
            ("Del", "Выбранные записи в корзину"),
            ("Ctrl+F", "Быстрый отбор"),
            ("Ctrl+S", "Записать"),
            ("Ctrl+Return", "Записать и следующее"),
            ("Ctrl+P", "Печать"),
            ("F4", "Список значений поля"),
        ):
            add(Key(keys, text, keys, None, "Списки и формы"))

    def _fill(self) -> None:
        for spec, icon, group in SECTIONS:
            if self.store.may(Action.READ, spec.main):
                self.frame.add_section(spec.name, spec.title, icon, group)
        name, post = self.store.journal.fact("name", ""), self.store.journal.fact("post", "")
        self.frame.set_user(", ".join(filter(None, (name, post))))
        self._show_link()

    def start(self) -> None:
        """Show the first section, offer the drafts, begin to sync."""
        first = next((s.name for s, _, _ in SECTIONS if self.store.may(Action.READ, s.main)), "")
        if first:
            self.open_section(first)
        for draft in self.store.drafts():
            if draft.screen == ADMISSION.name:
                self.open_applicant(_id_of(draft, self.store), draft)
        self.sync.start()

    def stop(self) -> None:
        """After the window has gone: what is under way ends, nothing more begins."""
        self.store.unwatch(self._tell)
        self.sync.end()
        for each in (self.background, self.asides, self.guard.background):
            each.wait()
        self.link.close()

    def _may_leave(self) -> bool:
        """A full queue is told of once; the question stands beside the work, it does not stop it."""
        if self._leaving or not self.counts.waiting:
            return True
        box = leave_question(self.counts.waiting, self.frame)
        box.accepted.connect(self._leave)
        box.open()
        return False

    def _leave(self) -> None:
        self._leaving = True
        self.frame.close()

    def switch_asking(self) -> None:
        """Whether the password is asked at each start, also where the system keeps the key."""
        asks = not asks_password(self.settings)
        self.settings.setValue("ask_password", "true" if asks else "false")
        self.frame.set_status(
            "Пароль будет спрошен при каждом запуске"
            if asks
            else "Пароль при запуске не спрашивается"
        )

    # ---- sections and records

    def open_section(self, key: str) -> None:
        spec = next(s for s, _, _ in SECTIONS if s.name == key)
        if not self.frame.has_tab(key):
            self.frame.open_tab(key, spec.title, self._list(spec), _icon(key), closable=False)
        else:
            self.frame.open_tab(key, spec.title, self.frame.tab(key))

    def _list(self, spec: ListSpec) -> ListScreen:
        writes = self.store.may(Action.WRITE, spec.main)
        admission = spec is APPLICANTS
        adds = writes and spec.adds
        words = "Новое заявление" if admission else f"Добавить: {spec.entity.__one__.lower()}"
        screen = ListScreen(self.store, spec, tones=TONES, add=words if adds else "")
        screen.counted.connect(lambda _words: self._tell_rows(self.frame.current_tab()))
        if writes:
            screen.allow_delete()
            screen.delete_asked.connect(lambda ids: self.delete(spec, [str(id) for id in ids]))
        if admission:
            screen.opened.connect(lambda id: self.open_applicant(UUID(id)))
            screen.add_asked.connect(lambda: self.open_applicant(None) if writes else None)
            screen.add_button("Печать  Ctrl+P", "printer", lambda: self._print_selected(screen))
        else:
            screen.opened.connect(lambda id: self.open_record(spec, UUID(id)))
            if adds:
                screen.add_asked.connect(lambda: self.open_record(spec, None))
        return screen

    def open_applicant(
        self,
        id: UUID | None,
        draft: Draft | None = None,
        pinned: Mapping[str, Any] | None = None,
    ) -> None:
        key = f"applicant:{(id or new_id()).hex}" if draft is None else draft.key
        if self.frame.has_tab(key):
            self.frame.open_tab(key, "", self.frame.tab(key))
            return
        page = AdmissionPage(self.store, id, draft, pinned)
        page.dirty_changed.connect(
            lambda dirty: self._if_open(key, lambda: self.frame.set_dirty(key, dirty=dirty))
        )
        page.renamed.connect(
            lambda title: self._if_open(key, lambda: self.frame.set_tab_title(key, title))
        )
        page.saved.connect(lambda _id: self.sync.poke())
        page.next_asked.connect(lambda: self._next(key, page.form.pinned()))
        page.print_asked.connect(self.print_applicant)
        page.open_asked.connect(lambda other: self.open_applicant(UUID(other)) if other else None)
        self.frame.open_tab(
            key, page.form.title() or "Новое заявление", page, "user", section=APPLICANTS.name
        )
        self.frame.set_dirty(key, dirty=page.form.is_dirty())
        if draft is None:
            next(page.form.editors()).setFocus()

    def _if_open(self, key: str, act: Callable[[], object]) -> None:
        if self.frame.has_tab(key):
            act()

    def _next(self, key: str, pinned: Mapping[str, Any]) -> None:
        self.frame.close_tab(key)
        self.open_applicant(None, pinned=pinned)

    def open_record(self, spec: ListSpec, id: UUID | None) -> None:
        key = f"{spec.name}:{(id or new_id()).hex}"
        if self.frame.has_tab(key):
            self.frame.open_tab(key, "", self.frame.tab(key))
            return
        title = spec.entity.__one__
        make = FORMS.get(spec.entity)
        form = (
            make(self.store, id) if make else RecordForm(self.store, plain_screen(spec.entity), id)
        )
        page = RecordPage(form, title)
        page.saved.connect(lambda _id: self.sync.poke())
        page.dirty_changed.connect(
            lambda dirty: self._if_open(key, lambda: self.frame.set_dirty(key, dirty=dirty))
        )
        self.frame.open_tab(key, title, page, section=spec.name)

    def open_waiting(self) -> None:
        """What needs a person comes before what goes by itself."""
        if self.counts.troubled:
            self.inbox.open()
        else:
            self.open_outbox()

    def open_outbox(self) -> None:
        if self.frame.has_tab("outbox"):
            screen = self.frame.tab("outbox")
            assert isinstance(screen, OutboxScreen)  # noqa: S101  the key's own
            screen.reload()
            self.frame.open_tab("outbox", "", screen)
        else:
            screen = OutboxScreen(self.store)
            screen.differences_asked.connect(self.inbox.open)
            self.frame.open_tab("outbox", "Ждут отправки", screen, "cloud-upload")

    def search(self, text: str) -> None:
        """The search box answers with the applicants' list."""
        if not self.store.may(Action.READ, APPLICANTS.main):
            return
        self.open_section(APPLICANTS.name)
        screen = self.frame.tab(APPLICANTS.name)
        assert isinstance(screen, ListScreen)  # noqa: S101  the key's own
        screen.table.quick.setText(text)
        screen.table.filter_asked.emit(text)

    def _known(self) -> list[Found]:
        sections = [
            Found(spec.title, icon, partial(self.open_section, spec.name))
            for spec, icon, _ in SECTIONS
            if self.store.may(Action.READ, spec.main)
        ]
        actions = [
            Found(a.text, "play", partial(self.frame.actions_of_window.trigger, a.id))
            for a in self.frame.actions_of_window
            if a.handler is not None and not a.id.startswith("tab_")
        ]
        return sections + actions

    def _tell_rows(self, key: str) -> None:
        """The status line speaks of the tab that is seen."""
        shown = self.frame.tab(key)
        self.frame.set_status(shown.words if isinstance(shown, ListScreen) else "")

    # ---- the basket

    def delete(self, spec: ListSpec, ids: Sequence[str]) -> None:
        """Into the basket with «Отменить»; a record that is open with unsaved changes is named and stays."""
        tabs = [f"{'applicant' if spec is APPLICANTS else spec.name}:{id}" for id in ids]
        for key in filter(self.frame.has_tab, tabs):
            if self.frame.tabs.is_dirty(key):
                self.frame.open_tab(key, "", self.frame.tab(key))
                self.frame.set_status(
                    "Здесь есть несохранённые изменения: запишите их или закройте"
                )
                return
        self.background.ask(
            "basket",
            lambda: basket.delete(self.store, spec.main, ids),
            lambda made: self._deleted(spec, tabs, made),
            lambda fault: self.frame.notice.say(sentence(fault.message)),
        )

    def _deleted(self, spec: ListSpec, tabs: Sequence[str], made: Sequence[Operation]) -> None:
        for key in tabs:
            self.frame.close_tab(key)
        number = len(tabs)
        words = (
            f"{spec.entity.__one__}: запись перемещена в корзину"
            if number == 1
            else f"{counted(number, 'запись перемещена', 'записи перемещены', 'записей перемещено')} в корзину"
        )
        self.frame.undo_bar.offer(words, lambda: self._restore(made))

    def _restore(self, made: Sequence[Operation]) -> None:
        self.background.ask(
            "basket",
            lambda: basket.restore(self.store, made),
            lambda _made: self.frame.set_status("Возвращено из корзины"),
        )

    # ---- printing

    def _print_selected(self, screen: ListScreen) -> None:
        keys = screen.table.selected_keys()
        if keys:
            self.print_applicant(str(keys[0]))
        else:
            self.frame.set_status("Выберите заявление для печати")

    def print_applicant(self, id: str) -> None:
        """Make the papers off the GUI thread and show them."""
        self.background.ask(
            "papers",
            lambda: printing.package(self.store, UUID(id)),
            lambda paper: printing.show(paper, self.frame),
            lambda fault: self.frame.set_status(fault.message),
        )

    # ---- the link

    def _tell(self, _touched: object) -> None:
        self.touched.emit()

    def _started(self) -> None:
        if self.counts.waiting:
            self._say(link_state.Link.SYNCING)

    def _rounded(self, done: Round) -> None:
        if self.last is None or self.last.online != done.online or done.online:
            self.changed_at = _now()
        told = self.last is not None and self.last.ended
        self.last = done
        self._show_link()
        self._look()
        if done.ended and not told:
            self.frame.notice.say(
                sentence(done.why), "Войти снова", lambda: self.guard.renew(done.why), tone="bad"
            )
        elif done.online and not done.ended:
            self._say_news()

    def _renew(self) -> None:
        self.guard.renew("Пароль проверит сервер")

    def _say_news(self) -> None:
        """What the store found in its own files."""
        notes, self.store.notes[:] = list(self.store.notes), []
        if notes:
            self.frame.notice.say(" ".join(map(sentence, notes)))

    def _count(self) -> None:
        self.sync.poke()
        self._look()

    def _look(self) -> None:
        """Ask off the GUI thread: the store may be busy with a pull."""
        self.asides.ask("edge", self._edge, self._show_edge)

    def _edge(self) -> tuple[Counts, str]:
        try:
            refuse_ended_lease(self.store)
        except LeaseEnded as ended:
            return self.store.counts(), ended.message
        return self.store.counts(), ""

    def _show_edge(self, found: tuple[Counts, str]) -> None:
        self.counts, ended = found
        self._show_link()
        if ended and self.last is not None:
            self.guard.renew(ended, may_wait=False)

    def _show_link(self) -> None:
        self._say(self._state())

    def _state(self) -> link_state.Link:
        last = self.last
        if last is None:
            return link_state.Link.OFFLINE
        if last.ended:
            return link_state.Link.ENDED
        if last.stuck:
            return link_state.Link.STUCK
        if not last.online:
            return link_state.Link.OFFLINE
        return link_state.Link.DECIDE if self.counts.troubled else link_state.Link.ONLINE

    def _say(self, state: link_state.Link) -> None:
        why = self.last.why if self.last is not None else ""
        counts = self.counts
        self.frame.set_link(
            link_state.LinkState(state, self.changed_at, counts.waiting, counts.troubled, why)
        )

    def set_theme(self, dark: bool) -> None:  # noqa: FBT001  the signal brings it so
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a desktop has one
        apply_theme(app, dark=dark, scale=theme().scale)
        self.settings.setValue("dark", dark)


def _icon(key: str) -> str:
    return next(icon for spec, icon, _ in SECTIONS if spec.name == key)


def _id_of(draft: Draft, store: Store) -> UUID | None:
    """The stored applicant of a draft; None where it is a new one."""
    id = draft.body["ids"].get(ADMISSION.main)
    return UUID(id) if id and ADMISSION.main in draft.body["stored"] else None


def _now() -> dt.datetime:
    return dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC).astimezone()


def asks_password(settings: QSettings) -> bool:
    """The person wants the password asked at each start, also where the system keeps the key."""
    return str(settings.value("ask_password", "false")) == "true"
