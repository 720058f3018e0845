"""The desktop: opens the profile, signs in, and puts the offices' screens into the main window by rights."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog

from client.admissions import printing
from client.admissions.campaigns import FORMS
from client.admissions.lists import APPLICANTS, CAMPAIGNS, GROUPS, LISTS
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
from client.net.link import Link, Offline
from client.shell import link as link_state
from client.shell.errors import ErrorGate
from client.shell.frame import MainFrame
from client.shell.outbox import OutboxScreen
from client.shell.sign_in import SignIn
from client.shell.sync_thread import SyncThread
from client.store.keys import GivenKey, KeyringKey, PasswordKey, keyring_works
from client.store.store import Store
from client.store.syncing import Round, sign_in
from common.kit import resources
from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.kit.lists import ListSpec
from common.kit.rights import Action

SECTIONS = (
    (APPLICANTS, "inbox", "Приёмная комиссия"),
    (GROUPS, "layers", "Приёмная комиссия"),
    (CAMPAIGNS, "calendar-days", "Приёмная комиссия"),
)


class Desktop:
    """One person's work at one computer, in one window."""

    def __init__(self, store: Store, server: str, *, settings: QSettings) -> None:
        self.store = store
        self.settings = settings
        self.link = Link(server, str(store.journal.fact("token", "")))
        self.frame = MainFrame(college=str(store.journal.fact("college_name", "")))
        self.background = Background(self.frame)
        self.sync = SyncThread(store, self.link, self.frame)
        self.last: Round | None = None
        self.changed_at = _now()
        self._wire()
        self._fill()

    # ---- building

    def _wire(self) -> None:
        self.frame.section_asked.connect(self.open_section)
        self.frame.waiting_asked.connect(self.open_outbox)
        self.frame.theme_asked.connect(self.set_theme)
        self.frame.search_asked.connect(self.search)
        self.sync.rounded.connect(self._rounded)
        self.sync.started_round.connect(self._started)
        self.store.watch(lambda _touched: self._count())
        add = self.frame.actions_of_window.add
        add(Key("sync", "Обменяться с сервером сейчас", "F5", self.sync.poke))
        add(Key("outbox", "Что ждёт отправки", "F7", self.open_outbox))
        for keys, text in (
            ("Ins", "Добавить запись"),
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
        self.sync.end()
        self.background.wait()
        self.link.close()

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
        screen.counted.connect(self.frame.set_status)
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

    def open_outbox(self) -> None:
        if self.frame.has_tab("outbox"):
            screen = self.frame.tab("outbox")
            assert isinstance(screen, OutboxScreen)  # noqa: S101  the key's own
            screen.reload()
            self.frame.open_tab("outbox", "", screen)
        else:
            self.frame.open_tab("outbox", "Ждут отправки", OutboxScreen(self.store), "cloud-upload")

    def search(self, text: str) -> None:
        """The search box answers with the applicants' list."""
        if not self.store.may(Action.READ, APPLICANTS.main):
            return
        self.open_section(APPLICANTS.name)
        screen = self.frame.tab(APPLICANTS.name)
        assert isinstance(screen, ListScreen)  # noqa: S101  the key's own
        screen.table.quick.setText(text)
        screen.table.filter_asked.emit(text)

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

    def _started(self) -> None:
        if self.store.counts().waiting:
            self._say(link_state.Link.SYNCING)

    def _rounded(self, done: Round) -> None:
        if self.last is None or self.last.online != done.online or done.online:
            self.changed_at = _now()
        self.last = done
        self._show_link()
        if done.ended:
            self.frame.set_status(done.why)

    def _count(self) -> None:
        self.sync.poke()

    def _show_link(self) -> None:
        online = self.last is not None and self.last.online
        troubled = self.store.counts().troubled
        if online and troubled:
            self._say(link_state.Link.TROUBLE)
        else:
            self._say(link_state.Link.ONLINE if online else link_state.Link.OFFLINE)

    def _say(self, state: link_state.Link) -> None:
        waiting = self.store.counts().waiting
        self.frame.set_link(link_state.LinkState(state, self.changed_at, waiting))

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


# ---- starting


def start(arguments: argparse.Namespace) -> int:
    """Open the profile within its lease, else sign in; run until the window is closed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101  just made
    app.setApplicationName("АИС ЭПО")
    app.setWindowIcon(QIcon(str(resources.path("icons", "graduation-cap.svg"))))
    settings = QSettings(str(arguments.profile / "settings.ini"), QSettings.Format.IniFormat)
    apply_theme(app, dark=settings.value("dark", "false") == "true")
    gate = ErrorGate(time.monotonic)
    gate.install()
    store = _open(arguments)
    if store is None:
        return 1
    desktop = Desktop(store, str(store.journal.fact("server")), settings=settings)
    desktop.frame.show()
    desktop.start()
    code = app.exec()
    desktop.stop()
    store.close()
    return code


def _open(arguments: argparse.Namespace) -> Store | None:
    """The profile's store of one who is signed in; None where he gave up."""
    if given := os.environ.get("EPO_PROFILE_KEY"):
        store = Store(arguments.profile, GivenKey(given.encode()).key(arguments.profile), LISTS)
        if arguments.demo and not store.signed_in:
            password = os.environ.get("EPO_DEMO_PASSWORD", given)
            sign_in(store, Link(arguments.server), "sekretar", password, platform.node())
        if store.signed_in and _within_lease(store):
            return store
        return _ask(arguments, lambda _password: store)
    if keyring_works() and (arguments.profile / "key.check").exists():
        store = Store(arguments.profile, KeyringKey().key(arguments.profile), LISTS)
        if store.signed_in and _within_lease(store):
            return store
        return _ask(arguments, lambda _password: store)
    return _ask(arguments, lambda password: _by_password(arguments.profile, password), again=True)


def _by_password(profile: Path, password: str) -> Store:
    source = KeyringKey() if keyring_works() else PasswordKey(password)
    return Store(profile, source.key(profile), LISTS)


def _within_lease(store: Store) -> bool:
    """Time only goes forward: a clock set back does not lengthen the lease."""
    return (
        int(store.journal.fact("contact", 0)) <= now_ms() < int(store.journal.fact("lease_to", 0))
    )


def _ask(
    arguments: argparse.Namespace, open_store: Callable[[str], Store], *, again: bool = False
) -> Store | None:
    """`again`: each attempt opens the store anew, so a mistyped first password locks nothing."""
    window = SignIn(arguments.server or "", "")
    found: list[Store] = []

    def enter(server: str, login: str, password: str) -> None:
        window.set_busy(busy=True)
        store: Store | None = None
        try:
            store = open_store(password)
            try:
                sign_in(store, Link(server), login, password, platform.node())
            except Offline:
                if not (
                    store.signed_in
                    and _within_lease(store)
                    and store.journal.fact("login") == login
                ):
                    raise
        except EpoError as fault:
            if again and store is not None:
                store.discard_unused()
            window.set_busy(busy=False)
            window.set_error("password", fault.message)
        else:
            found.append(store)
            window.accept()

    window.asked.connect(enter)
    if window.exec() != QDialog.DialogCode.Accepted:
        return None
    return found[0]
