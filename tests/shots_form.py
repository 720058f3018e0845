"""Pictures of what a form can: its faults, the parts of an address, a record made on the way, history, uses, the look."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QDialog, QWidget

from client.admissions.screens import AdmissionPage
from client.kit.asking import Asking
from client.kit.carrying import take
from client.kit.creating import Creating
from client.people.address_edit import AddressEdit
from client.shell.desktop import Desktop
from client.shell.history_page import HistoryPage
from client.shell.look import LookSettings
from client.shell.uses_page import UsesPage

Shoot = Callable[[QWidget, str], None]
Wait = Callable[[Callable[[], bool]], None]


def form_tour(desktop: Desktop, shoot: Shoot, snap: Shoot, wait: Wait) -> None:
    """`shoot(window, name)` at both sizes, `snap` as it is; `wait(until)`."""
    first = UUID(min(desktop.store.all("applicant")))
    desktop.work.open_applicant(first)
    desktop.cards.open_history()
    history = desktop.frame.current_page()
    assert isinstance(history, HistoryPage)
    wait(lambda: len(history.lines) > 0)
    shoot(desktop.frame, "history")
    group = next(iter(desktop.store.all("application").values()))["competitive_group_id"]
    desktop.work.open_holder("competitive_group", group.hex)
    desktop.cards.open_uses()
    uses = desktop.frame.current_page()
    assert isinstance(uses, UsesPage)
    wait(lambda: "Показано" in uses.said.text())
    shoot(desktop.frame, "uses")
    desktop.work.open_applicant(None)
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    address = page.form.editor("registration", "full")
    assert isinstance(address, AddressEdit)
    address.line.setText("652050, г. Юрга, ул. Ленина, д. 5, кв. 12, у вокзала")
    address._edited(address.line.text())
    take(page.form.editor("person", "first_name"), "Анна")
    page.store_it()
    shoot(desktop.frame, "faults")
    page.form.jump(address)
    shoot(desktop.frame, "address")
    address.correct()
    _shot_of(desktop, Asking, "address_parts", snap)
    page.form.create_asked.emit("competitive_group", "Банковское дело", lambda _id: None)
    _shot_of(desktop, Creating, "creating", snap)
    desktop.show_look()
    _shot_of(desktop, LookSettings, "look", snap)
    page.form.discard()


def _shot_of(desktop: Desktop, kind: type[QDialog], name: str, snap: Shoot) -> None:
    dialog = desktop.frame.findChildren(kind)[-1]
    snap(dialog, name)
    dialog.reject()
