"""The files on one row of a form, a button each; more are chosen, dropped on the row, or pasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QSizePolicy, QWidget

from client.kit.buttons import icon_button
from client.kit.icons import icon
from client.kit.records import Attachment
from client.kit.words import hint
from client.kit.wrap_row import WrapRow
from common.kit.contents import MAX_FILE, SUFFIXES, megabytes, refuse_content
from common.kit.errors import Invalid

SHOWN_NAME = 28
"""A longer name is cut in its middle: its end tells what it is."""
FILTER = "Сканы (" + " ".join(f"*{s}" for kinds in SUFFIXES.values() for s in kinds) + ")"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person brought: a file on this computer, or a picture that has no file."""

    name: str
    path: Path | None = None
    picture: QImage | None = None

    def content(self) -> bytes:
        """Slow, not for the thread of the window; Invalid names what cannot be read."""
        if self.picture is not None:
            return _png(self.picture)
        assert self.path is not None  # noqa: S101  it is one or the other
        try:
            if not self.path.is_file():
                raise Invalid(f"«{self.name}»: это не файл; выберите скан")
            if (size := self.path.stat().st_size) > MAX_FILE:
                raise Invalid(str(refuse_content(self.name, b"", size)))
            return self.path.read_bytes()
        except OSError as fault:
            raise Invalid(
                f"«{self.name}» не читается: {fault.strerror}; проверьте диск и права на файл"
            ) from fault


def _png(picture: QImage) -> bytes:
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes where Qt takes text
    return bytes(kept.data())


def offers_in(mime: QMimeData) -> list[Offer]:
    """The files, or else the picture, that were dropped or copied."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        return [Offer(path.name, path) for path in paths]
    if mime.hasImage():
        image = QImage(mime.imageData())
        return [] if image.isNull() else [Offer("снимок из буфера.png", picture=image)]
    return []


class FileStrip(QWidget):
    """`offered(list of Offer)`, `open_asked(Attachment)`, `remove_asked(Attachment)`, `left` by Esc."""

    offered = Signal(object)
    open_asked = Signal(object)
    remove_asked = Signal(object)
    left = Signal()

    def __init__(self, words: str, *, fixed: bool) -> None:
        """`words` are those of the button that attaches, which its row puts where it likes; a fixed strip only shows."""
        super().__init__()
        self.files: Sequence[Attachment] = ()
        self.chips: list[FileChip] = []
        self.fixed = fixed
        self.adder = icon_button("paperclip", f"{words}  Ctrl+O", self.choose)
        self.adder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row = WrapRow()
        self.setLayout(self._row)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Nothing is made anew where nothing changed: the focus stays."""
        if tuple(files) == tuple(self.files):
            return
        focused = next((n for n, chip in enumerate(self.chips) if chip.hasFocus()), None)
        for chip in self.chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.files = tuple(files)
        self.chips = [self._chip(file) for file in files]
        if focused is not None and self.chips:
            self.chips[min(focused, len(self.chips) - 1)].setFocus()
        elif focused is not None:
            self.left.emit()
        self.setVisible(bool(self.chips))
        self.updateGeometry()

    def _chip(self, file: Attachment) -> FileChip:
        chip = FileChip(file, self)
        chip.clicked.connect(lambda: self.open_asked.emit(file))
        self._row.addWidget(chip)
        if self.isVisible():
            chip.show()
        return chip

    # ---- keys and hands

    def enter(self) -> bool:
        """The focus goes to the first file; False where there is none."""
        if self.chips:
            self.chips[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(self.chips)

    def choose(self) -> None:
        if self.fixed:
            return
        names, _ = QFileDialog.getOpenFileNames(self, "Прикрепить скан", "", FILTER)
        if names:
            self.offered.emit([Offer(Path(name).name, Path(name)) for name in names])

    def paste(self) -> bool:
        """What was copied, if it is a file or a picture."""
        mime = QGuiApplication.clipboard().mimeData()
        return False if mime.hasText() and not mime.hasUrls() else self.take(mime)

    def take(self, mime: QMimeData) -> bool:
        found = [] if self.fixed else offers_in(mime)
        if found:
            self.offered.emit(found)
        return bool(found)

    def key(self, chip: FileChip, event: QKeyEvent) -> bool:
        """Arrows walk over the files, Del takes one away, Esc goes back to the fields."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            place = self.chips.index(chip) + step
            if 0 <= place < len(self.chips):
                self.chips[place].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Delete and not self.fixed:
            self.remove_asked.emit(chip.file)
        else:
            return False
        return True


class FileChip(QPushButton):
    """One file: its name, and where its bytes are."""

    def __init__(self, file: Attachment, strip: FileStrip) -> None:
        super().__init__(f" {middle_cut(file.name)}, {file.place.words}", strip)
        self.file, self.strip = file, strip
        self.setIcon(icon(file.place.icon, file.place.tone))
        self.setProperty("role", "chip")
        self.setAutoDefault(False)
        whole = f"{file.name}, {megabytes(file.size)}, {file.place.words}"
        self.setAccessibleName(f"Скан: {whole}")
        self.setToolTip(hint(f"{whole}\nEnter — открыть, Del — убрать"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif not self.strip.key(self, event):
            super().keyPressEvent(event)


def middle_cut(name: str) -> str:
    if len(name) <= SHOWN_NAME:
        return name
    half = SHOWN_NAME // 2
    return f"{name[: half - 1]}…{name[-half:]}"
