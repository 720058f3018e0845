"""A window under a real window server: says which of its registered keys fired when each was pressed, under two layouts.

Run by test_7 with DISPLAY of its own Xvfb; keys go through XTest, by where they lie on the keyboard.
"""

from __future__ import annotations

import ctypes
import json
import subprocess
import sys
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from client.kit.theme import apply_theme
from client.shell.frame import MainFrame

CODES = {
    **{f"F{n}": 66 + n for n in range(1, 11)},
    **{str(n): 9 + n for n in range(1, 10)},
    **dict(zip("QWERTYUIOP", range(24, 34), strict=True)),
    **dict(zip("ASDFGHJKL", range(38, 47), strict=True)),
    **dict(zip("ZXCVBNM", range(52, 59), strict=True)),
    "Tab": 23, "Ctrl": 37, "Shift": 50, "Alt": 64,
}  # fmt: skip
"""Codes of the keys of a PC under X."""


class Keyboard:
    """The keys of the server's own keyboard."""

    def __init__(self) -> None:
        self.x = ctypes.CDLL("libX11.so.6")
        self.test = ctypes.CDLL("libXtst.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(None))

    def press(self, keys: str) -> None:
        codes = [CODES[key] for key in keys.split("+")]
        for down, order in ((1, codes), (0, codes[::-1])):
            for code in order:
                self.test.XTestFakeKeyEvent(self.display, code, down, 0)
        self.x.XFlush(self.display)

    def switch(self, group: int) -> None:
        """To another layout of the two, as the keys of the system do."""
        self.x.XkbLockGroup(self.display, 0x100, group)
        self.x.XSync(self.display, 0)

    def focus(self, window: int) -> None:
        """There is no window manager to do it."""
        self.x.XSetInputFocus(self.display, ctypes.c_ulong(window), 1, 0)
        self.x.XSync(self.display, 0)


def main() -> None:
    app = QApplication(sys.argv[:1])
    apply_theme(app, dark=False)
    frame = MainFrame()
    frame.open_tab("list", "Список", QWidget())
    fired: list[str] = []
    known = [a for a in frame.actions_of_window if a.handler is not None and a.shortcut]
    for action in known:
        made = frame.actions_of_window.qt(action.id)
        made.triggered.disconnect()
        made.triggered.connect(partial(fired.append, action.id))
    frame.show()
    keyboard = Keyboard()
    found: dict[str, list[str]] = {}
    subprocess.run(["setxkbmap", "us,ru"], check=True)  # noqa: S607  the test's own display
    for group, layout in enumerate(("us", "ru")):
        keyboard.switch(group)
        keyboard.focus(int(frame.winId()))
        spin(app)
        fired.clear()
        for action in known:
            keyboard.press(action.shortcut)
            wait_for(app, fired, action.id)
        found[layout] = sorted(set(fired))
    sys.stdout.write(json.dumps({"known": sorted(a.id for a in known), **found}))


def wait_for(app: QApplication, fired: list[str], id: str) -> None:
    patience = QTimer(singleShot=True, interval=700)
    patience.start()
    while id not in fired and patience.isActive():
        app.processEvents()


def spin(app: QApplication) -> None:
    """The new layout comes as an event of the server."""
    patience = QTimer(singleShot=True, interval=300)
    patience.start()
    while patience.isActive():
        app.processEvents()


if __name__ == "__main__":
    main()
