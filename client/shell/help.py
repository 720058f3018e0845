"""F1 in any window of the program, also over a question that waits: the manual at what is in front."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from client.administration.giving import GiveRole
from client.administration.why import WhyPage
from client.admissions.board import BoardPage
from client.admissions.screens import AdmissionPage
from client.kit.actions import KeysDialog
from client.kit.comparison import Comparison
from client.kit.file_strip import FileStrip
from client.kit.list_screen import ListScreen
from client.kit.preview import PaperPreview
from client.kit.record_page import RecordPage
from client.kit.side_card import SideCard
from client.shell.asked_page import RequestsPage
from client.shell.basket_screen import BasketScreen
from client.shell.bell import BellScreen
from client.shell.by_template import ByTemplate, FieldsWindow
from client.shell.differences import DifferencesScreen
from client.shell.ending import EndAccess, ResumeAccess
from client.shell.exporting import ExportDialog
from client.shell.frame import MainFrame
from client.shell.handed_page import HandedPage
from client.shell.history_page import HistoryPage
from client.shell.import_wizard import ImportWizard
from client.shell.issuing import IssueCodes
from client.shell.listening import Listening
from client.shell.lock import LockScreen
from client.shell.manual import ManualWindow
from client.shell.outbox import OutboxScreen
from client.shell.own_password import ChangePassword
from client.shell.past_years import ChooseYear, YearPage
from client.shell.resolution import ResolutionPage
from client.shell.sealed_page import CommandToCopy, SealedPage
from client.shell.sign_in import SignIn
from client.shell.task_centre import ImportTable, TasksPage
from client.shell.uses_page import UsesPage
from client.shell.visits import SessionsPage, VisitsPage
from common.kit import manual
from common.kit.rights import Section

PLACES: Mapping[type[QWidget], str] = {
    SignIn: "vhod#первый-вход",
    LockScreen: "vhod#отошли-от-стола",
    ChangePassword: "vhod#сменить-пароль",
    ListScreen: "spiski",
    KeysDialog: "spiski#найти-где-угодно",
    BasketScreen: "spiski#корзина",
    AdmissionPage: "zayavlenie",
    FileStrip: "zayavlenie#принятые-документы-и-сканы",
    SideCard: "spiski#карточка-справа",
    Comparison: "zayavlenie#такой-человек-уже-есть",
    PaperPreview: "pechat",
    ByTemplate: "shablony#напечатать",
    FieldsWindow: "shablony#сделать-шаблон",
    ExportDialog: "tablicy#сохранить-таблицу",
    ImportWizard: "tablicy#загрузить-таблицу",
    ImportTable: "dolgie-raboty",
    TasksPage: "dolgie-raboty",
    BoardPage: "dolgie-raboty#ход-приёма",
    HistoryPage: "zayavlenie#кто-и-что-менял",
    UsesPage: "zayavlenie#кто-и-что-менял",
    OutboxScreen: "rabota-bez-svyazi#что-делать-когда-связи-нет",
    YearPage: "rabota-bez-svyazi#прежние-годы",
    ChooseYear: "rabota-bez-svyazi#прежние-годы",
    RequestsPage: "rabota-bez-svyazi#администратору",
    SealedPage: "rabota-bez-svyazi#администратору",
    CommandToCopy: "rabota-bez-svyazi#администратору",
    DifferencesScreen: "rashozhdeniya",
    ResolutionPage: "rashozhdeniya#конфликт-два-человека-изменили-одно-и-то-же",
    BellScreen: "rashozhdeniya#колокольчик",
    HandedPage: "rashozhdeniya#передать-администратору",
    GiveRole: "dostup#дать-человеку-доступ",
    IssueCodes: "dostup#дать-человеку-доступ",
    EndAccess: "dostup#закончить-доступ",
    ResumeAccess: "dostup#закончить-доступ",
    WhyPage: "dostup#почему-видно-или-не-видно",
    VisitsPage: "dostup#кто-что-смотрел",
    SessionsPage: "dostup#кто-что-смотрел",
}
"""Where the manual speaks of a window, a tab, or a part of one."""

OF_SECTION: Mapping[Section, str] = {
    Section.ADMINISTRATION: "dostup",
    Section.HANDED: "rashozhdeniya#передать-администратору",
}
"""Where it speaks of the lists and cards of a section that have no place of their own."""


class Help(Listening):
    """One window of the manual for the whole program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: ManualWindow | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() != QEvent.Type.KeyPress
            or not isinstance(event, QKeyEvent)
            or event.key() != Qt.Key.Key_F1
        ):
            return False
        tops = QApplication.topLevelWidgets()
        front = next((top for top in tops if top.windowHandle() is watched), None)
        if event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.open(front)
            return True
        held = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        return held and show_keys_over(front)

    def open(self, window: QWidget | None = None) -> None:
        """At what has the focus in the window, in the active one without it."""
        front: QWidget | None = window or QApplication.activeWindow()  # the stub says there is one
        focused: QWidget | None = front.focusWidget() if front is not None else None
        self.show_at(place_of(focused or front))

    def show_at(self, link: str) -> None:
        """A question that waits shuts out all windows but its own: over one the manual is its child."""
        asking: QWidget | None = QApplication.activeModalWidget()
        if self.window is None or not isValid(self.window):
            self.window = ManualWindow(asking)
        elif self.window.parentWidget() is not asking:
            self.window.deleteLater()
            self.window = ManualWindow(asking)
        self.window.open_at(link)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()


def show_keys_over(front: QWidget | None) -> bool:
    """Ctrl+F1 over a question or the manual; False where the main window's own key does it, or nothing of it is to be seen."""
    frames = (top for top in QApplication.topLevelWidgets() if isinstance(top, MainFrame))
    frame = next((each for each in frames if each.isVisible()), None)
    if frame is None or frame.covered or front is None or isinstance(front, MainFrame):
        return False
    if not isinstance(front, KeysDialog):
        KeysDialog(frame.actions_of_window, front).open()
    return True


def place_of(widget: QWidget | None) -> str:
    """Of the nearest widget around that has one; a window's edge speaks for the tab that it shows."""
    while widget is not None:
        if isinstance(widget, MainFrame):
            page = widget.current_page()
            return (_named(page) if page else "") or manual.CONTENTS
        if link := _named(widget):
            return link
        widget = widget.parentWidget()
    return manual.CONTENTS


def _named(widget: QWidget) -> str:
    if isinstance(widget, ManualWindow):
        return manual.CONTENTS
    own = next((PLACES[kind] for kind in type(widget).__mro__ if kind in PLACES), "")
    if isinstance(widget, ListScreen):
        return OF_SECTION.get(widget.spec.entity.__section__, own)
    if isinstance(widget, RecordPage):
        plan = widget.form.plan
        return OF_SECTION.get(plan.part(plan.main).spec.section, own)
    return own
