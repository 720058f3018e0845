"""The style sheet, made from the tokens and the scale of the letters."""

from __future__ import annotations

import re
from dataclasses import asdict

from client.kit.tokens import Tokens

SHEET = """
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 8px; }
QMainWindow, QDialog, #root { background: $bg; }

QLabel { background: transparent; color: $text; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[role="heading"] { font-size: 15px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
#code { background: $surface2; border: 1px solid $line; border-radius: 8px; padding: 8px; font-family: "DejaVu Sans Mono", "Consolas", monospace; font-size: 15px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: 12px; }
QLabel[role="group"] { color: $faint; font-size: 11px; font-weight: 600; }
QLabel[role="key"] { color: $muted; background: $surface2; border: 1px solid $line; border-radius: 5px; padding: 2px 7px; font-size: 12px; }
QLabel[tone="hint"] { color: $muted; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="error"] { color: $bad; }
QLabel[role="pill"] { border-radius: 9px; padding: 2px 10px; font-size: 12px; font-weight: 500; background: $line2; color: $muted; }
QLabel[role="pill"][tone="ok"] { background: $ok_s; color: $ok; }
QLabel[role="pill"][tone="warn"] { background: $warn_s; color: $warn; }
QLabel[role="pill"][tone="bad"] { background: $bad_s; color: $bad; }
QLabel[role="pill"][tone="accent"] { background: $accent_s; color: $accent; }

QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 12px; }
QFrame[role="popover"] { background: $surface; border: 1px solid $edge; border-radius: 10px; }
QWidget[role="cell"] { background: $surface; border: 1px solid $accent; border-radius: 8px; }
QFrame[role="banner"] { background: $accent_s; border: 0; border-radius: 8px; }
QFrame[role="banner"][tone="warn"] { background: $warn_s; }
QFrame[role="banner"][tone="bad"] { background: $bad_s; }
QFrame[role="banner"][tone="ok"] { background: $ok_s; }
QFrame[role="rule"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }

#nav { background: $surface; border: 0; border-right: 1px solid $line; }
#nav QScrollBar:vertical { width: 6px; margin: 0; }
#nav QScrollArea, #nav QWidget#navBody { background: transparent; border: 0; }
QToolButton[role="nav"] { border: 0; border-radius: 8px; padding: 7px 10px; color: $muted; background: transparent; }
QToolButton[role="nav"]:hover { background: $hover; color: $text; }
QToolButton[role="nav"]:checked { background: $accent_s; color: $accent; font-weight: 600; }
QToolButton[role="nav"][folded="true"] { padding: 7px 4px; }
QToolButton[role="nav"]:focus { border: 2px solid $accent; padding: 5px 8px; }
QToolButton[role="nav"][folded="true"]:focus { padding: 5px 2px; }

QToolButton[role="icon"] { border: 1px solid transparent; border-radius: 6px; padding: 3px; background: transparent; color: $muted; min-width: 20px; min-height: 20px; }
QToolButton[role="icon"]:hover { background: $hover; }
QToolButton[role="icon"]:checked { background: $accent_s; }
QToolButton[role="icon"]:focus { border: 1px solid $accent; }
QToolButton[role="close"] { border: 1px solid transparent; border-radius: 6px; background: transparent; padding: 0; margin: 0; }
QToolButton[role="close"]:hover { background: $bad_s; }

#topBar { background: $surface; border: 0; border-bottom: 1px solid $line; }
#statusBar { background: $surface; border: 0; border-top: 1px solid $line; }
QPushButton[role="link"] { border: 1px solid $line; border-radius: 8px; padding: 2px 10px; min-height: 20px; font-weight: 500; }
QPushButton[role="link"][tone="ok"] { background: $ok_s; color: $ok; border-color: $ok_s; }
QPushButton[role="link"][tone="warn"] { background: $warn_s; color: $warn; border-color: $warn_s; }
QPushButton[role="link"][tone="bad"] { background: $bad_s; color: $bad; border-color: $bad_s; }
QPushButton[role="link"][tone="accent"] { background: $accent_s; color: $accent; border-color: $accent_s; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }

QLineEdit, QPlainTextEdit { background: $surface; color: $text; border: 1px solid $edge; border-radius: 8px; padding: 5px 9px; min-height: 20px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $faint; }
QPlainTextEdit { padding: 3px 5px; }
QLineEdit:hover, QPlainTextEdit:hover { border-color: $muted; }
QLineEdit:focus { border: 2px solid $accent; padding: 4px 8px; }
QPlainTextEdit:focus { border: 2px solid $accent; padding: 2px 4px; }
QLineEdit:disabled, QLineEdit:read-only, QPlainTextEdit:disabled { background: $surface2; color: $muted; border-color: $line; }
QLineEdit[state="pinned"], QPlainTextEdit[state="pinned"] { background: $accent_s; border-color: $accent; color: $text; }
QLineEdit[state="warn"], QPlainTextEdit[state="warn"] { background: $warn_s; border-color: $warn; }
QLineEdit[state="error"], QPlainTextEdit[state="error"] { background: $bad_s; border-color: $bad; }
QLineEdit[role="quick"] { border-color: $line; }
QLineEdit[role="quick"]:focus { border-color: $accent; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton { outline: 0; icon-size: 16px; background: $surface; color: $text; border: 1px solid $line; border-radius: 8px; padding: 5px 14px; min-height: 20px; font-weight: 500; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sel; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QPushButton:disabled { color: $faint; background: $surface2; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[primary="true"]:hover { background: $accent_h; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled { background: $surface2; color: $faint; border-color: $line; }
QPushButton[quiet="true"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[quiet="true"]:hover { background: $hover; }
QPushButton[quiet="true"]:focus { border: 2px solid $accent; }

QPushButton[role="line"] { text-align: left; padding: 4px 8px; }
QPushButton[role="line"]:focus { padding: 3px 7px; }
QFrame[role="chip"] { background: $accent_s; border: 1px solid $accent_s; border-radius: 8px; }
QFrame[role="chip"] QPushButton { background: transparent; color: $accent; border: 1px solid transparent; padding: 1px 6px 1px 8px; font-size: 12px; }
QFrame[role="chip"] QPushButton:hover { background: $hover; }
QFrame[role="chip"] QPushButton:focus { border: 2px solid $accent; padding: 0 5px 0 7px; }
QPushButton[role="chip"] { background: $surface2; border: 1px solid $line; border-radius: 8px; padding: 2px 10px; font-size: 12px; }
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: 1px 9px; }

QTableView, QListView { background: $surface; border: 0; outline: 0; gridline-color: transparent; selection-background-color: $sel; selection-color: $text; }
#contents { background: $surface; border: 1px solid $line; border-radius: 10px; padding: 5px; outline: 0; }
#contents::item { padding: 6px 8px; border-radius: 6px; color: $text; }
#contents::item:hover { background: $hover; }
#contents::item:selected { background: $accent_s; color: $accent; }
#reader { background: $surface; border: 1px solid $line; border-radius: 12px; }
#pickList { border: 1px solid $edge; border-radius: 8px; padding: 1px; }
QHeaderView { background: $surface2; border: 0; }
QHeaderView[role="figures"] { background: $surface; }
QHeaderView[role="figures"]::section { background: $surface; color: $muted; border: 0; border-bottom: 1px solid $line; padding: 3px 8px; font-weight: 600; }
#figures::item { border-bottom: 1px solid $line2; padding: 0 8px; }
#figures::item:selected { background: $sel; color: $text; }
QTableCornerButton::section { background: $surface2; border: 0; }
QScrollArea { background: transparent; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget#body { background: transparent; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 2px 1px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 1px 2px; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 36px; }
QScrollBar::handle:horizontal { min-width: 36px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; background: none; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { padding: 9px 10px 8px 12px; color: $muted; border: 0; border-bottom: 2px solid transparent; min-width: 40px; }
QTabBar::tab:hover { background: $hover; color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { background: $accent_s; }
QTabBar::scroller { width: 56px; }
QTabBar::tear { width: 0; border: 0; }
QTabBar QToolButton { background: $surface; border: 0; border-radius: 6px; }
QTabBar QToolButton:hover { background: $hover; }

QMenu { background: $surface; color: $text; border: 1px solid $edge; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 22px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_s; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $line2; border: 0; border-radius: 4px; max-height: 8px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""


def style_sheet(colours: Tokens, scale: float) -> str:
    """One-pixel and two-pixel lines stay as they are; every other length grows with the letters."""

    def length(match: re.Match[str]) -> str:
        size = int(match[1])
        return f"{size if size <= 2 else round(size * scale)}px"

    named = asdict(colours)
    sheet = re.sub(r"\$(\w+)", lambda match: named[match[1]], SHEET)
    return re.sub(r"(\d+)px", length, sheet)
