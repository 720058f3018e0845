"""Keeps the work of one person from others: the lock, the password asked again, the sign-in that has run out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog

from client.kit.background import Background
from client.kit.records import now_ms
from client.kit.words import sentence
from client.net.link import Link, Offline
from client.shell.entrance import PATIENCE
from client.shell.frame import MainFrame
from client.shell.lock import LockScreen
from client.store.lease import LeaseEnded, refuse_ended_lease
from client.store.password import NeverProved, prove, remember
from client.store.sleeping import is_asleep, put_to_sleep, woken
from client.store.store import Store
from client.store.syncing import sign_in
from common.administration.kinds import AccessKind
from common.kit.errors import EpoError, NotSignedIn, StepNeeded

LOCKED = "Программа заблокирована"
SAFE = "Открытые вкладки и всё набранное на месте."
RESTS = "Файлы на диске закрыты; обмен с сервером продолжится, когда вы войдёте."
CLOSED = "Доступ прекращён"
RESTS_SEALED = (
    "Неотправленное лежит на этом компьютере под замком. Введите пароль, чтобы передать его администратору: "
    "работу это не откроет."
)
HANDING = "Передаём неотправленное администратору…"
RENEW = "Войдите снова"
AGAIN = "Закройте программу и войдите в неё снова: всё набранное сохранится"


KeyOf = Callable[[str], bytes]


class Guard(QObject):
    """`covering` before the work is hidden; `opened` when it is on screen again; `renewed` when there is a new token.

    `woken`: the files of one whose access has ended are open again, only so that his work is handed over.
    """

    covering = Signal()
    opened = Signal()
    renewed = Signal()
    woken = Signal()

    def __init__(
        self, store: Store, link: Link, frame: MainFrame, *, computer: str, key: KeyOf
    ) -> None:
        """`key`: the profile's key for the password of one who comes back; WrongKey, EpoError."""
        super().__init__(frame)
        self._key = key
        self.store, self.link, self.frame, self.computer = store, link, frame, computer
        self.background = Background(self)
        self.screen = LockScreen(str(store.journal.fact("name", "")))
        self.screen.asked.connect(self._ask)
        self.screen.put_off.connect(self._open)
        self.locked = False
        """Nothing of the work is to be seen or done."""
        self.closed = False
        """Access has ended: only a sign-in with the server opens."""
        self._check: Callable[[str], bool] = self._by_password
        """May the work be shown to who has typed this?"""
        self._second = ""
        self._dialogs: list[QDialog] = []
        self._told_of = False
        """Locked by a person or by idleness: the files are shut, and the journal of visits knows."""

    def lock(self) -> None:
        """Ctrl+L. A restart does not open what was locked; a sign-in that might have waited waits no more."""
        if not (self._told_of or self.closed):
            self._told_of = True
            self._cover(LOCKED, f"{SAFE} {RESTS}", self._by_password, may_wait=False)
            self.background.ask("lock", self._shut_files, lambda _done: None)

    def renew(self, why: str, *, may_wait: bool = True) -> None:
        """The server wants a new sign-in, or the time without a link is over."""
        if not self.locked:
            self._cover(RENEW, f"{sentence(why)} {SAFE}", self._by_server, may_wait=may_wait)

    def shut(self, why: str) -> None:
        """Access has ended, and there is no work behind the cover; said again, only the words change."""
        asleep = is_asleep(self.store)
        check = self._to_hand_over if asleep else self._by_server
        said = f"{why} {RESTS_SEALED}" if asleep else why
        if self.closed:
            self._check = check
            self.screen.why.setText(said)
        else:
            self.closed = True
            self._cover(CLOSED, said, check, may_wait=False)
            for dialog in self._dialogs:
                dialog.close()
            self._dialogs = []

    def _shut_files(self) -> None:
        """Whatever cannot be written down, the key goes."""
        try:
            with self.store.lock:
                self.store.journal.set_facts(locked=True)
            self.store.note(AccessKind.LOCK)
        finally:
            put_to_sleep(self.store)

    def _cover(
        self, heading: str, why: str, check: Callable[[str], bool], *, may_wait: bool
    ) -> None:
        if not is_asleep(self.store):
            self.covering.emit()
        self.locked, self._check = True, check
        self._dialogs += [
            window
            for window in QApplication.topLevelWidgets()
            if isinstance(window, QDialog) and window.isVisible()
        ]
        for dialog in self._dialogs:
            dialog.hide()
        self.frame.cover(self.screen)
        self.screen.ask(heading, why, may_wait=may_wait)

    def _ask(self, password: str) -> None:
        self.screen.set_busy(busy=True)
        check, self._second = self._check, self.screen.second.text()
        self.background.ask("password", lambda: check(password), self._answered, self._refused)

    def _answered(self, shows: bool) -> None:  # noqa: FBT001  the answer of a check
        if shows:
            self._open()
            return
        self.screen.ask(CLOSED, HANDING, may_wait=False)
        self._check = self._by_server
        self.woken.emit()

    def _refused(self, fault: EpoError) -> None:
        self.screen.set_busy(busy=False)
        match fault:
            case StepNeeded() if fault.fields["step"] == "second":
                self.screen.ask_second()
            case StepNeeded():
                self.screen.set_error(f"{sentence(fault.message)} {AGAIN}")
            case _:
                self.screen.set_error(fault.message)

    def _by_password(self, password: str) -> bool:
        """Off the GUI thread: the files open again by it, and it is what the server took last."""
        with woken(self.store, self._key(password)):
            self._prove(password)
        return True

    def _to_hand_over(self, password: str) -> bool:
        """Access ended behind the lock: the right password opens the files, and the work only if the server lets him in."""
        with woken(self.store, self._key(password)):
            try:
                return self._by_server(password)
            except StepNeeded:
                raise
            except NotSignedIn:
                prove(self.store, password, now=now_ms())
        return False

    def _prove(self, password: str) -> None:
        """A lease that has ended needs the server itself."""
        try:
            refuse_ended_lease(self.store)
            prove(self.store, password, now=now_ms())
        except NeverProved:
            self._by_server(password)
        except LeaseEnded as ended:
            try:
                self._by_server(password)
            except Offline:
                raise ended from None

    def _by_server(self, password: str) -> bool:
        link = Link(self.link.server, patience=PATIENCE)
        try:
            login = str(self.store.journal.fact("login", ""))
            sign_in(self.store, link, login, password, self.computer, second=self._second)
        finally:
            link.close()
        self.link.token = link.token
        remember(self.store, password)
        self.renewed.emit()
        return True

    def _open(self) -> None:
        """What was locked by a person or by idleness is told of as opened again."""
        if self._told_of:
            self._told_of = False
            self.background.ask(
                "unlock", lambda: self.store.note(AccessKind.UNLOCK), lambda _done: None
            )
        self.locked = self.closed = False
        self.screen.set_busy(busy=False)
        self.screen.password.clear()
        self.frame.uncover()
        for dialog in self._dialogs:
            dialog.show()
        self._dialogs = []
        self.opened.emit()
