"""The desktop: puts the offices' screens into the main window by rights, and keeps its edge true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from client.administration.lists import HANDED
from client.kit.actions import Action as Key
from client.kit.background import Background
from client.kit.record_page import RecordPage
from client.kit.records import now_ms
from client.kit.tasks import Tasks
from client.kit.words import sentence
from client.net.link import Link
from client.shell import board_tab
from client.shell import link as link_state
from client.shell.administering import Administering
from client.shell.bell import Bell
from client.shell.card_asides import CardAsides
from client.shell.file_desk import FileDesk
from client.shell.file_thread import FileThread
from client.shell.finder import Finder, Ways
from client.shell.frame import MainFrame
from client.shell.guard import Guard, KeyOf
from client.shell.help import Help
from client.shell.idle import Idle
from client.shell.inbox import Inbox
from client.shell.keys import TOLD
from client.shell.leaving import leave_question
from client.shell.look import SIZES, Look, LookSettings, keep, kept_size, wear, worn
from client.shell.own_password import ChangePassword
from client.shell.palette import Found, Palette
from client.shell.server_jobs import ServerJobs
from client.shell.sync_thread import SyncThread
from client.shell.task_centre import TaskCentre
from client.shell.templates import Templates
from client.shell.workplace import Workplace
from client.store.counts import Counts
from client.store.file_sync import Sent
from client.store.lease import LeaseEnded, refuse_ended_lease
from client.store.sleeping import is_asleep
from client.store.store import Store
from client.store.syncing import Round
from common.kit.lists import ListSpec
from common.kit.rights import Action

RETURN = "Если доступ вернут, войдите здесь снова."


class Desktop(QObject):
    """One person's work at one computer, in one window."""

    touched = Signal()
    """Records changed, here or by a pull; from any thread."""

    def __init__(
        self,
        store: Store,
        server: str,
        *,
        settings: QSettings,
        key: KeyOf,
        computer: str = "",
        now: Callable[[], int] = now_ms,
        help: Help | None = None,
    ) -> None:
        """`key`: the profile's key for the password of one who has locked the program."""
        super().__init__()
        self.store = store
        self.settings = settings
        self.link = Link(server, str(store.journal.fact("token", "")))
        self.frame = MainFrame(college=str(store.journal.fact("college_name", "")))
        self.background = Background(self.frame)
        self.asides = Background(self.frame)
        """Small questions for the window's edge: they do not wait behind papers."""
        self.sync = SyncThread(store, self.link, self.frame)
        self.files = FileThread(store, server, self.frame)
        self.file_desk = FileDesk(store, server, self.frame)
        self.work = Workplace(store, self.frame, self.background)
        self.administering = Administering(store, server, self.frame)
        self.cards = CardAsides(store, server, self.frame, self.work)
        self.tasks = Tasks(_now, self.frame)
        self.jobs = ServerJobs(store, server, self.tasks, self.frame)
        self.centre = TaskCentre(store, self.tasks, self.jobs, self.frame, self.work.quick_words)
        self.palette = Palette(self.frame.search)
        self.finder = Finder(
            self.palette,
            store,
            self.asides,
            Ways(
                known=self._known,
                lists=lambda: [(spec, icon) for spec, icon, _ in self.work.sections()],
                open=self.work.open_record,
                print=self.work.print_applicant,
                search=self.work.search,
            ),
        )
        self.templates = Templates(store, self.frame, settings)
        self.inbox = Inbox(store, self.frame)
        self.bell = Bell(store, self.frame)
        self.guard = Guard(store, self.link, self.frame, computer=computer, key=key)
        self.idle = Idle(now, parent=self.frame)
        self.help = help or Help(self.frame)
        self.last: Round | None = None
        self.counts = store.counts()
        self.changed_at = _now()
        self._leaving = False
        self._wire()
        self._register_keys()
        self._fill()

    # ---- building

    def _wire(self) -> None:
        self.frame.section_asked.connect(self._open_section)
        self.frame.waiting_asked.connect(self.open_waiting)
        self.inbox.decided.connect(self._count)
        self.frame.bell_asked.connect(self.bell.open)
        self.bell.difference.connect(self.inbox.open_one)
        self.bell.handed.connect(lambda id: self.work.open_record(HANDED, id))
        self.bell.record.connect(self.work.open_holder)
        self.bell.read.connect(self._look)
        self.frame.theme_asked.connect(self.set_theme)
        self.frame.search_asked.connect(self.work.search)
        self.frame.search_edited.connect(self.finder.suggest)
        self.frame.tab_changed.connect(self.work.tell_rows)
        self.palette.done.connect(self.frame.focus_page)
        self.work.recorded.connect(self.sync.poke)
        self.work.differences_asked.connect(self.inbox.open)
        self.work.file_asked.connect(self.file_desk.open)
        self.files.sent.connect(self._sent)
        self.idle.gone.connect(self.guard.lock)
        self.sync.rounded.connect(self._rounded)
        self.sync.started_round.connect(self._started)
        self.sync.ended.connect(self._ended_behind_lock)
        self.touched.connect(self._count, Qt.ConnectionType.QueuedConnection)
        self.touched.connect(self.inbox.refresh, Qt.ConnectionType.QueuedConnection)
        self.touched.connect(self.bell.refresh, Qt.ConnectionType.QueuedConnection)
        self.touched.connect(self.work.refresh_outbox, Qt.ConnectionType.QueuedConnection)
        self.touched.connect(self.work.board.refresh, Qt.ConnectionType.QueuedConnection)
        self.store.watch(self._tell)
        self.guard.renewed.connect(self.sync.poke)
        self.guard.woken.connect(self.sync.poke)
        self.guard.covering.connect(self.work.write_drafts)
        self.guard.opened.connect(self._reopened)
        self.frame.may_leave = self._may_leave

    def _register_keys(self) -> None:
        add = self.frame.actions_of_window.add
        add(Key("sync", "Обменяться с сервером сейчас", "F5", self.sync.poke))
        add(Key("outbox", "Что ждёт отправки", "F7", self.work.open_outbox))
        add(Key("previous", "Как в предыдущей записи", "F9", self.work.take_previous))
        add(Key("history", "История: кто, когда и что изменил", "Ctrl+H", self.cards.open_history))
        add(Key("uses", "Где используется эта запись", "Ctrl+U", self.cards.open_uses))
        add(Key("check", "Проверить форму; без ошибок — расхождения", "F8", self.check))
        add(Key("differences", "Расхождения: что ждёт вашего решения", "", self.inbox.open))
        if self.administering.allowed:
            for name, title, _ in self.administering.sections():
                add(Key(name, title, "", partial(self.administering.open_section, name)))
            show = self.administering.show_who
            add(Key("who", "Кто открывал эту карточку", "", partial(self.cards.open_who, show)))
        add(Key("help", "Руководство: страница об этом окне", "F1", self.help.open))
        if self.work.board.allowed:
            add(Key(board_tab.BOARD, board_tab.TITLE, "", self.work.board.open))
        add(Key("tasks", "Долгие работы", "Ctrl+J", self.centre.open))
        for kind, words, _ in self.centre.kinds():
            add(Key(kind, words, "", partial(self.centre.begin, kind)))
        add(Key("by_template", "Печать по шаблону Word…", "Ctrl+Shift+P", self.templates.print))
        add(Key("fields", "Поля шаблонов Word…", "", self.templates.open_fields))
        add(Key("why", "Почему видно или не видно", "", self.work.access.open_why))
        add(Key("look", "Внешний вид: тема и размер букв", "", self.show_look))
        add(Key("larger", "Крупнее буквы", "Ctrl+Shift+Up", partial(self._resize_letters, 1)))
        add(Key("smaller", "Мельче буквы", "Ctrl+Shift+Down", partial(self._resize_letters, -1)))
        add(Key("lock", "Заблокировать программу", "Ctrl+L", self.guard.lock))
        add(Key("password", "Сменить свой пароль", "", self.change_password))
        add(Key("renew", "Войти на сервер снова", "", self._renew))
        known = self.frame.actions_of_window
        self.frame.status.user.set_actions([known.qt(n) for n in ("password", "lock", "renew")])
        add(
            Key("ask_password", "Спрашивать пароль при запуске: да или нет", "", self.switch_asking)
        )
        for action in TOLD:
            add(action)

    def _fill(self) -> None:
        for spec, icon, group in self.work.sections():
            self.frame.add_section(spec.name, spec.title, icon, group)
        if self.work.board.allowed:
            self.frame.add_section(
                board_tab.BOARD, board_tab.TITLE, board_tab.ICON, "Приёмная комиссия"
            )
        for name, title, icon in self.administering.sections():
            self.frame.add_section(name, title, icon, "Администрирование")
        name, post = self.store.journal.fact("name", ""), self.store.journal.fact("post", "")
        self.frame.set_user(", ".join(filter(None, (name, post))))
        self._show_link()

    def _open_section(self, name: str) -> None:
        if not self.administering.open_section(name):
            self.work.open_section(name)

    def start(self, *, clean: bool = False) -> None:
        """Show what was open the last time and the drafts, begin to sync; `clean` begins with the first section alone."""
        self.work.begin(clean=clean)
        self.sync.start()
        self.files.start()
        self.jobs.ask()

    def stop(self) -> None:
        """After the window has gone: what is under way ends, nothing more begins."""
        self.store.unwatch(self._tell)
        self.work.session.keep()
        self.sync.end()
        self.files.end()
        self.tasks.end()
        for each in (
            self.background,
            self.asides,
            self.work.questions,
            self.work.session.background,
            self.work.tables.background,
            self.guard.background,
            self.inbox.background,
            self.bell.background,
            self.file_desk.background,
            self.cards.background,
            self.jobs.background,
        ):
            each.wait()
        self.work.years.end()
        self.link.close()
        QCoreApplication.removePostedEvents(self, QEvent.Type.MetaCall.value)

    def _may_leave(self) -> bool:
        """A full queue is told of once; the question stands beside the work, it does not stop it."""
        counts = self.counts
        if self._leaving or not counts.waiting + counts.files:
            return True
        box = leave_question(counts.waiting, counts.files, self.frame)
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

    def _known(self) -> list[Found]:
        """What the palette finds beside people: sections and actions."""
        sections = [
            Found(spec.title, icon, partial(self.work.open_section, spec.name), *self._adding(spec))
            for spec, icon, _ in self.work.sections()
        ]
        actions = [
            Found(a.text, "play", partial(self.frame.actions_of_window.trigger, a.id))
            for a in self.frame.actions_of_window
            if a.handler is not None and not a.id.startswith("tab_")
        ]
        return sections + actions

    def _adding(self, spec: ListSpec) -> tuple[str, Callable[[], object] | None]:
        """What Ctrl+Enter does with a section: a new record, where this person may add one."""
        if not spec.adds or not self.store.may(Action.WRITE, spec.main):
            return "", None
        return f"добавить: {spec.entity.__one__.lower()}", partial(
            self.work.open_record, spec, None
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
        if self.last is None or not self.last.online:
            self.work.reload_lists()  # a list that is empty at the centre too stops waiting
        self.last = done
        self._show_link()
        self._look()
        self.work.refresh_outbox()
        if done.closed or self.guard.closed:
            self._shut(done)
        elif done.ended and not told:
            self.frame.notice.say(
                sentence(done.why), "Войти снова", lambda: self.guard.renew(done.why), tone="bad"
            )
        elif done.online and not done.ended:
            self._say_news()
            self.files.poke()

    def _sent(self, done: Sent) -> None:
        """What the centre has now is told by the next pull."""
        if done.files:
            self.sync.poke()
        elif done.why and self.last is not None and self.last.online:
            self.frame.set_status(done.why)
        self._look()

    def _shut(self, done: Round) -> None:
        """Nothing of the work is to be seen any more; whoever gets his access back signs in and begins anew."""
        if not self.guard.closed:
            self.frame.drop_tabs()
            self.frame.notice.hide()
            self.frame.undo_bar.dismiss()
            self.frame.set_status("")
            self.work.tell_rows("")
        if done.why:
            self.guard.shut(f"{sentence(done.why)} {RETURN}" if done.closed else done.why)

    def _ended_behind_lock(self, why: str) -> None:
        """Heard without a key: what is on the disk waits for the password, nothing of it is in this window."""
        if is_asleep(self.store):
            self.last = Round(online=True, ended=True, closed=True, why=why)
            self._show_link()
            self._shut(self.last)

    def _reopened(self) -> None:
        self.sync.poke()
        self._look()
        if not self.frame.has_tabs:
            self.work.begin()

    def open_waiting(self) -> None:
        """What needs a person comes before what goes by itself."""
        if self.counts.troubled:
            self.inbox.open()
        else:
            self.work.open_outbox()

    def check(self) -> None:
        """To the next fault of the form that is seen; where there is none, to the differences."""
        page = self.frame.current_page()
        if not isinstance(page, RecordPage) or not page.next_fault():
            self.inbox.open()

    def change_password(self) -> None:
        ChangePassword(self.store, self.link, self._password_changed, self.frame).open()

    def _password_changed(self, said: str) -> None:
        self.frame.set_status(said)
        self.sync.poke()

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

    def _edge(self) -> tuple[Counts, int, str]:
        said = ""
        try:
            refuse_ended_lease(self.store)
        except LeaseEnded as ended:
            said = ended.message
        return self.store.counts(), self.store.unread(), said

    def _show_edge(self, found: tuple[Counts, int, str]) -> None:
        self.counts, unread, ended = found
        self.frame.set_news(unread)
        self._show_link()
        if ended and self.last is not None:
            self.guard.renew(ended, may_wait=False)

    def _show_link(self) -> None:
        self._say(self._state())

    def _state(self) -> link_state.Link:
        last = self.last
        if last is None:
            return link_state.Link.SYNCING
        if last.closed:
            return link_state.Link.CLOSED
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
            link_state.LinkState(
                state, self.changed_at, counts.waiting, counts.troubled, why, counts.files
            )
        )

    def set_theme(self, dark: bool) -> None:  # noqa: FBT001  the signal brings it so
        """The switch goes between light and dark; the letters stay."""
        size = kept_size(self.settings)
        keep(self.settings, Look.DARK if dark else Look.LIGHT, size)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a desktop has one
        wear(app, self.settings)

    def _resize_letters(self, by: int) -> None:
        """To the next size; what is chosen is kept."""
        place = SIZES.index(kept_size(self.settings)) + by
        size = SIZES[min(max(place, 0), len(SIZES) - 1)]
        keep(self.settings, worn(), size)
        self.frame.set_status(f"Размер букв: {size} %")
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101  a desktop has one
        wear(app, self.settings)

    def show_look(self) -> None:
        LookSettings(self.settings, self.frame).open()


def _now() -> dt.datetime:
    return dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC).astimezone()


def asks_password(settings: QSettings) -> bool:
    """The person wants the password asked at each start, also where the system keeps the key."""
    return str(settings.value("ask_password", "false")) == "true"
