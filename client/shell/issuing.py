"""One-time codes for the chosen accounts: asked of the server once, printed on slips to be cut, kept nowhere (A10.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QCheckBox, QWidget

from client.kit.asking import Asking
from client.kit.background import Background
from client.kit.preview import PaperPreview
from client.kit.theme import theme
from client.kit.words import plain
from client.net.link import Link, Offline
from client.store.store import Store
from common.administration.documents import Issue, slips_paper
from common.administration.entities import CredentialSlip
from common.kit.errors import EpoError
from common.kit.issuing import Issued, IssueRequest
from common.kit.words import counted

SAID = (
    "Одноразовые коды входа получат: {}. Прежние пароли и открытые сеансы этих людей сразу перестанут "
    "действовать. Коды видны только на карточках, которые откроются для печати: повторно их не покажут."
)
WITHOUT_LINK = "Коды выдаёт сервер, а связи с ним нет. Повторите, когда она появится"
LOSES = (
    "Карточки больше не показать: закроете, не напечатав, — понадобятся новые коды. "
    "Отдайте их под подпись в журнале на последней странице."
)


class IssueCodes(Asking):
    """`issued(words)` once the slips are on the screen."""

    def __init__(
        self,
        store: Store,
        server: str,
        accounts: Sequence[str],
        issued: Callable[[str], object],
        parent: QWidget,
    ) -> None:
        whom = counted(len(accounts), "учётная запись", "учётные записи", "учётных записей")
        super().__init__("Выдать коды входа", SAID.format(whom), f"Выдать: {len(accounts)}", parent)
        self.store, self.server, self.issued, self.frame = store, server, issued, parent
        self.accounts = [UUID(each) for each in accounts]
        self.background = Background(self)
        self.telephone = QCheckBox(
            "Сменить и телефон для кодов подтверждения (потерян или украден)"
        )
        self.telephone.setMinimumHeight(theme().px(28))
        self.message = plain("")
        self.message.setWordWrap(True)
        self.message.setProperty("tone", "error")
        self.message.hide()
        self.fields.addWidget(self.telephone)
        self.fields.addWidget(self.message)
        self.yes.setFocus()

    def agree(self) -> None:
        if not self.yes.isEnabled():
            return
        self.yes.setEnabled(False)
        self.message.hide()
        asked = IssueRequest(accounts=self.accounts, new_telephone=self.telephone.isChecked())
        token = str(self.store.journal.fact("token", ""))

        def ask() -> tuple[Issued, bytes]:
            with closing(Link(self.server, token)) as link:
                told = link.issue(asked)
            return told, slips_paper(self._about(told), told.slips) if told.slips else b""

        self.background.ask("issue", ask, self._take, self._refused)

    def _about(self, told: Issued) -> Issue:
        zone = ZoneInfo(str(self.store.journal.fact("zone", "UTC")))
        name = str(self.store.journal.fact("name", ""))
        today = dt.datetime.fromtimestamp(self.store.now() / 1000, zone).date()
        return Issue(told.college, self.server, name, today, zone)

    def _take(self, answer: tuple[Issued, bytes]) -> None:
        told, paper = answer
        if not paper:
            self.yes.setEnabled(True)
            self._say(passed_over(told))
            return
        words = [f"Выдано кодов: {len(told.slips)}"]
        if told.passed:
            words.append(passed_over(told))
        preview = PaperPreview(
            paper, "Карточки доступа", self.frame, name="карточки.pdf", kept=False, note=LOSES,
            leaving=lambda kind: self.store.note(kind, CredentialSlip.__tablename__),
        )  # fmt: skip
        self.accept()
        preview.open()
        self.issued(". ".join(words))

    def _refused(self, fault: EpoError) -> None:
        self.yes.setEnabled(True)
        self._say(WITHOUT_LINK if isinstance(fault, Offline) else fault.message)

    def _say(self, words: str) -> None:
        self.message.setText(words)
        self.message.show()


def passed_over(told: Issued) -> str:
    """Who got none, and why: the first ones by name."""
    first = "; ".join(f"{each.name} — {each.why}" for each in told.passed[:5])
    rest = len(told.passed) - 5
    return f"Без кода: {first}" + (f" и ещё {rest}" if rest > 0 else "")
