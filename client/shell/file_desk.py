"""Opens a file of a record: from this computer, else from the server, without holding anything else up."""

from __future__ import annotations

from contextlib import closing
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from client.kit.background import Background
from client.kit.preview import Drawn, PaperPreview, draw
from client.kit.records import Attachment, FilePlace
from client.net.link import Link
from client.shell.frame import MainFrame
from client.store.file_sync import fetch
from client.store.store import Store
from common.kit.errors import EpoError, NotFound


class FileDesk(QObject):
    """`opened` when a file is on screen, or it was said why not."""

    opened = Signal()

    def __init__(self, store: Store, server: str, frame: MainFrame) -> None:
        super().__init__(frame)
        self.store, self.server, self.frame = store, server, frame
        self.background = Background(frame)

    def open(self, file: Attachment) -> None:
        self.frame.set_status(f"Открывается «{file.name}»…")
        ratio = self.frame.devicePixelRatioF()
        self.background.ask(
            "file",
            lambda: self._drawn(file, ratio),
            lambda drawn: self._show(file, drawn),
            lambda fault: self._refuse(file, fault),
        )

    def _drawn(self, file: Attachment, ratio: float) -> Drawn:
        return draw(self._content(file), file.kind, file.name, ratio)

    def _content(self, file: Attachment) -> bytes:
        if file.place is FilePlace.ELSEWHERE:
            raise NotFound(
                "ещё не пришёл с другого компьютера; он появится, когда тот будет на связи"
            )
        token = str(self.store.journal.fact("token", ""))
        with closing(Link(self.server, token)) as link:
            return fetch(self.store, link, file.digest, file.size)

    def _show(self, file: Attachment, drawn: Drawn) -> None:
        self.frame.set_status("")
        about = file.entity, UUID(file.id)
        PaperPreview(
            drawn, file.name, self.frame, leaving=lambda kind: self.store.note(kind, *about)
        ).open()
        self.opened.emit()

    def _refuse(self, file: Attachment, fault: EpoError) -> None:
        self.frame.set_status("")
        said = f"{fault.message[:1].lower()}{fault.message[1:]}"
        self.frame.notice.say(f"«{file.name}»: {said}")
        self.opened.emit()
