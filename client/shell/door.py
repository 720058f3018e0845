"""Leads a person through the sign-in window: each way runs off the GUI thread, each refusal is said in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from client.kit.background import Background
from client.kit.words import sentence
from client.net.link import Offline, Stranger
from client.shell.entrance import Entrance, More
from client.shell.sign_in import SignIn
from client.store.keys import PasswordRefused
from client.store.password import WrongPassword
from client.store.store import Store
from common.kit.errors import EpoError, NotSignedIn, StepNeeded, TooMany

WITHOUT_LINK = (
    "Сервер не отвечает. Можно работать с записями этого компьютера: введите пароль и нажмите "
    "«Работать без сети»"
)
FIRST_NEEDS_LINK = (
    "Сервер не отвечает. Проверьте адрес и сеть: первый вход возможен только со связью"
)


class Door(QObject):
    """`store` is there once the window was accepted."""

    def __init__(self, entrance: Entrance, window: SignIn) -> None:
        super().__init__(window)
        self.entrance, self.window = entrance, window
        self.background = Background(self)
        self.store: Store | None = None
        self._turn = 0
        window.asked.connect(self.enter)
        window.offline_asked.connect(self.go_offline)
        window.cancelled.connect(self.give_up)
        window.rejected.connect(self.give_up)
        self._show_notes()
        if entrance.ended:
            self.background.ask("hand over", entrance.hand_over, self._handed)

    def enter(self, server: str, login: str, password: str) -> None:
        more = self.window.step.values()
        self._try(lambda: self.entrance.online(server, login, password, More(**more)))

    def go_offline(self, login: str, password: str) -> None:
        self._try(lambda: self.entrance.offline(login, password))

    def give_up(self) -> None:
        """What is under way ends unseen: its store is closed when it comes."""
        self._turn += 1
        self.window.set_busy(busy=False)

    def _handed(self, said: str) -> None:
        """The work of an ended account has been handed over, or waits."""
        if said:
            self.entrance.notes = []
            self.window.set_notice(said)

    def _try(self, way: Callable[[], Store]) -> None:
        self._turn += 1
        for field in self.window.fields:
            self.window.set_error(field, None)
        self.window.set_notice(None)
        self.window.set_busy(busy=True)
        self.background.ask(
            f"try {self._turn}", way, partial(self._opened, self._turn), partial(self._refused, self._turn)
        )  # fmt: skip

    def _opened(self, turn: int, store: Store) -> None:
        if turn != self._turn:
            store.close()
            return
        self.store = store
        if codes := self.entrance.recovery:
            self.entrance.recovery = []
            self.window.set_busy(busy=False)
            self.window.show_recovery(codes)
        else:
            self.window.accept()

    def _refused(self, turn: int, fault: EpoError) -> None:
        if turn != self._turn:
            return
        self.window.set_busy(busy=False)
        self._show_notes()
        self._tell(fault)

    def _tell(self, fault: EpoError) -> None:
        match fault:
            case StepNeeded():
                self.window.set_notice(None)
                self.window.ask_step(fault.fields, fault.message)
            case _ if self.window.step.kind:
                self.window.step.set_error(fault.message, next(iter(fault.fields), ""))
            case Stranger():
                self.window.set_error("server", fault.message)
            case Offline() if self.entrance.used:
                self.window.offer_offline(WITHOUT_LINK)
            case Offline():
                self.window.set_error("server", FIRST_NEEDS_LINK)
            case NotSignedIn() | WrongPassword() | TooMany() | PasswordRefused():
                self.window.set_error("password", fault.message)
            case _ if "login" in fault.fields:
                self.window.set_error("login", fault.message)
            case _:
                self.window.set_notice(fault.message, "error")

    def _show_notes(self) -> None:
        if self.entrance.notes:
            self.window.set_notice(" ".join(map(sentence, self.entrance.notes)))
