"""Buttons: with words, with an icon alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from client.kit.icons import icon
from client.kit.words import hint


def button(
    text: str,
    icon_name: str = "",
    *,
    primary: bool = False,
    quiet: bool = False,
    run: Callable[[], object] | None = None,
) -> QPushButton:
    """`primary` for the one thing that is done most in this window; `quiet` looks like a link."""
    made = QPushButton(f" {text}" if icon_name else text)
    made.setAccessibleName(text)
    if primary:
        made.setProperty("primary", "true")
    if quiet:
        made.setProperty("quiet", "true")
    if icon_name:
        made.setIcon(icon(icon_name, "on_accent" if primary else "accent" if quiet else "text"))
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made


FOLD_UNDER = 720
"""Pixels at scale 1 under which all buttons of a bar but the main one lose their words."""


def fold(made: QPushButton, keys: str, *, narrow: bool, tell_keys: bool = False) -> None:
    """An icon alone where the bar is narrow: its name goes into the tooltip."""
    name = made.accessibleName()
    words = f" {name}  {keys}".rstrip() if tell_keys else f" {name}"
    made.setText("" if narrow else words)
    made.setToolTip(hint(f"{name}  {keys}".rstrip() if narrow else keys))


def icon_button(
    name: str, words: str, run: Callable[[], object] | None = None, *, tone: str = "muted"
) -> QToolButton:
    """An icon whose words are its tooltip and its name for a screen reader."""
    made = QToolButton()
    made.setProperty("role", "icon")
    made.setIcon(icon(name, tone))
    made.setToolTip(hint(words))
    made.setAccessibleName(words)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if run is not None:
        made.clicked.connect(lambda _checked=False: run())
    return made
