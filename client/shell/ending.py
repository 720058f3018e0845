"""Access ended, given back or a login destroyed from an account's card (regulation 10.5, 10.6): acts, never an edited state."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from client.kit.asking import Asking
from client.kit.fields import Editor, FlagEdit, TextEdit
from client.kit.forms import FieldRow
from client.kit.pick import ChoiceEdit
from client.store.store import Store
from common.administration.kinds import CHOSEN_BY_HAND, AccountState, EndReason, EndTrigger
from common.administration.rules import says_enough
from common.kit.sync import DESTROY_LOGIN, END_ACCESS, RESUME_ACCESS, Command

SAY_MORE = "Опишите подробнее: эти слова прочтёт оператор"

END = "Пароль, коды и открытые сеансы перестанут действовать, как только об этом узнает сервер."
RESUME = (
    "Доступ приостановлен. Его возобновляют, когда причина установлена и устранена; после этого выдайте новый "
    "код входа. Если причину не установили, логин уничтожают навсегда, а человеку открывают другую учётную запись."
)
CLOSED = "Доступ прекращён вместе с отношениями. Логин можно уничтожить: его больше никто и никогда не получит."
DESTROYED = "Логин уничтожен: вернуть его нельзя, человеку открывают новую учётную запись"

Act = Callable[[str, dict[str, str], str], object]


class EndAccess(Asking):
    """`act(command, its words, what to say)`."""

    def __init__(self, name: str, act: Act, parent: QWidget) -> None:
        super().__init__("Прекратить доступ", f"{name}. {END}", "Прекратить доступ", parent)
        self.name, self.act = name, act
        self.reason = ChoiceEdit([(r.value, r.label) for r in EndReason], "Основание")
        self.trigger = ChoiceEdit([(t.value, t.label) for t in CHOSEN_BY_HAND], "Повод")
        self.trigger.set_value(EndTrigger.BY_HAND.value)
        self.note = TextEdit("Что произошло")
        for editor in (self.reason, self.trigger, self.note):
            editor.noted.connect(lambda _text, _kind: self.grow())
            self.fields.addWidget(FieldRow(editor.label(), editor, required=True))
        self.reason.setFocus()

    def agree(self) -> None:
        if self.reason.value() is None:
            _refuse(self.reason, "Выберите основание")
            return
        trigger = str(self.trigger.value() or EndTrigger.BY_HAND.value)
        if note := _enough(self.note):
            self.accept()
            told = {"reason": str(self.reason.value()), "trigger": trigger, "note": note}
            self.act(END_ACCESS, told, f"Доступ прекращается: {self.name}")


class ResumeAccess(Asking):
    """The cause is told and removed, or it is not known and the login goes for ever."""

    def __init__(self, name: str, state: AccountState, act: Act, parent: QWidget) -> None:
        self.closed = state is AccountState.CLOSED
        title = "Уничтожить логин" if self.closed else "Возобновить доступ"
        super().__init__(title, f"{name}. {CLOSED if self.closed else RESUME}", title, parent)
        self.name, self.act = name, act
        self.cause = TextEdit("Причина и как она устранена")
        self.destroys = FlagEdit("Уничтожить логин навсегда")
        if not self.closed:
            self.fields.addWidget(FieldRow(self.cause.label(), self.cause))
        self.fields.addWidget(FieldRow(self.destroys.label(), self.destroys))
        (self.destroys if self.closed else self.cause).setFocus()

    def agree(self) -> None:
        if self.destroys.value():
            self.accept()
            self.act(DESTROY_LOGIN, {}, f"Логин уничтожается: {self.name}")
        elif self.closed:
            _refuse(self.destroys, "Отметьте, если логин действительно больше не нужен")
        elif cause := _enough(self.cause):
            self.accept()
            said = f"Доступ возобновляется: {self.name}. Теперь выдайте код входа"
            self.act(RESUME_ACCESS, {"cause": cause}, said)


def _enough(editor: TextEdit) -> str:
    """The words, or an empty text where it was said that there are too few."""
    words = editor.value() or ""
    if says_enough(words):
        return words
    _refuse(editor, SAY_MORE)
    return ""


def _refuse(editor: Editor, why: str) -> None:
    editor.set_message(why, "error")
    editor.setFocus()


def ask(store: Store, account: UUID, done: Callable[[str], object], parent: QWidget) -> str:
    """Open what this account's state allows; what to say where it allows nothing."""
    record = store.get("account", account) or {}
    state, name = record.get("state"), str(record.get("name", ""))

    def act(command: str, told: dict[str, str], said: str) -> None:
        store.record(lambda _: [Command(command, {"account": account.hex} | told)])
        done(said)

    if account.hex == str(store.journal.fact("account")):
        return "Свой доступ не прекращают: это делает другой администратор"
    if state is AccountState.DESTROYED:
        return DESTROYED
    if state in (AccountState.SUSPENDED, AccountState.CLOSED):
        ResumeAccess(name, state, act, parent).open()
    else:
        EndAccess(name, act, parent).open()
    return ""
