"""`poe shots`: every screen from generated data, light and dark, wide and narrow, into build/shots and the README's pictures."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

import common.all  # noqa: F401  the declarations
from client.admissions import printing
from client.admissions.screens import AdmissionPage
from client.kit.actions import KeysDialog
from client.kit.comparison import Comparison
from client.kit.drafts import put_value
from client.kit.file_strip import Offer
from client.kit.list_screen import ListScreen
from client.kit.preview import PaperPreview
from client.kit.theme import apply_theme
from client.net.link import Link
from client.shell.basket_screen import BasketScreen
from client.shell.demo import Opening
from client.shell.desktop import RETURN, Desktop
from client.shell.differences import standing
from client.shell.door import WITHOUT_LINK
from client.shell.leaving import leave_question
from client.shell.lists import LISTS
from client.shell.own_password import ChangePassword
from client.shell.past_years import ChooseYear, YearPage
from client.shell.sealed_page import CommandToCopy, SealedPage
from client.shell.sign_in import SignIn
from client.store import basket, filing
from client.store.sleeping import is_asleep, woken
from client.store.store import Store
from client.store.syncing import Round, run, sign_in
from common.admissions.lists import APPLICANTS
from common.kit.ids import new_id
from common.kit.sync import Save
from common.kit.wire import pack
from server.kit.auth import ENDED
from tests.demo_world import PASSWORD, world
from tests.nursery import ROOT
from tests.shots_form import form_tour
from tests.shots_list import list_craft
from tests.shots_long import long_work
from tests.shots_look import look as look_of_widgets
from tests.shots_office import open_desk, prepare
from tests.shots_tables import shoot_tables
from tests.shots_web import shoot_pages

SIZES = ((1440, 900), (800, 600))


def settle(
    app: QApplication, until: Callable[[], bool] = lambda: False, seconds: float = 0.5
) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        app.processEvents()


def shoot(app: QApplication, window: QWidget, name: str, place: Path) -> None:
    for size in SIZES:
        window.resize(*size)
        settle(app, seconds=0.25)
        window.grab().save(str(place / f"{name}_{size[0]}.png"))


def shots(place: Path) -> None:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    place.mkdir(parents=True, exist_ok=True)
    look_of_widgets(app, place, settle)
    with tempfile.TemporaryDirectory() as home, world(Path(home), applicants=300) as centre:
        prepare(centre, Path(home))
        admin, line = open_desk(Path(home) / "admin", centre.address, "admin", "ПК-Админ")
        store = Store(Path(home) / "desk", bytes(32), LISTS)
        link = Link(centre.address)
        sign_in(store, link, "sekretar", PASSWORD, "ПК-Приёмная-1")
        run(store, link)
        _quarrel(store, link, Path(home) / "other", centre.address)
        settings = QSettings(str(Path(home) / "s.ini"), QSettings.Format.IniFormat)
        for look in ("light", "dark"):
            apply_theme(app, dark=look == "dark")
            desktop = Desktop(store, centre.address, settings=settings, key=lambda _: bytes(32))
            desktop._rounded(run(store, link))
            _years(app, desktop, look, place)
            paper = printing.package(store, UUID(sorted(store.all("applicant"))[3]))
            _tour(app, desktop, look, place)
            _forms(app, desktop, look, place)
            shoot_tables(app, desktop, look, place, Path(home), settle)
            _asides(app, desktop, paper, look, place)
            long_work(app, desktop, look, place, settle=settle, shoot=shoot)
            desktop.stop()
            desktop.frame.close()
            if is_asleep(store):
                with woken(store, bytes(32)):
                    pass
            _administer(
                app,
                Desktop(admin, centre.address, settings=settings, key=lambda _: bytes(32)),
                look,
                place,
            )
        store.close()
        line.close()
        admin.close()
        shoot_pages(centre.address, "admin", place)  # its wrong passwords shut the door for a while


def _years(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """An earlier year, a card of it, and the question which year."""
    desktop.frame.show()
    desktop.work.years.ask()
    (dialog,) = desktop.frame.findChildren(ChooseYear)
    settle(app)
    dialog.grab().save(str(place / f"choose_year_{look}.png"))
    dialog.agree()
    page = desktop.frame.current_page()
    assert isinstance(page, YearPage)
    settle(app, lambda: page.list.total > 0, 10)
    shoot(app, desktop.frame, f"year_{look}", place)
    page.open_card(UUID(page.list.source.id_at(1)))
    shoot(app, desktop.frame, f"year_card_{look}", place)
    desktop.frame.close_current()


def _administer(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """What only an administrator sees, with the command that he hands to the operator."""
    desktop.frame.show()
    for section in ("asked", "sealed"):
        desktop.administering.open_section(section)
        settle(app, seconds=2)
        shoot(app, desktop.frame, f"{section}_{look}", place)
    page = desktop.frame.current_page()
    assert isinstance(page, SealedPage)
    page.release()
    (dialog,) = page.findChildren(CommandToCopy)
    settle(app)
    dialog.grab().save(str(place / f"sealed_command_{look}.png"))
    dialog.reject()
    desktop.stop()
    desktop.frame.close()


def _tour(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """The tabs, one after another."""
    desktop.frame.show()
    desktop.work.open_section("applicants")
    screen = desktop.frame.tab("applicants")
    assert isinstance(screen, ListScreen)
    settle(app, lambda: screen.total > 0, 5)
    shoot(app, desktop.frame, f"list_{look}", place)
    list_craft(
        desktop,
        look,
        place,
        lambda name: shoot(app, desktop.frame, name, place),
        lambda: settle(app, seconds=0.8),
    )
    screen.table.select_keys([screen.source.id_at(n) for n in (1, 2, 4)], screen.source.id_at(1))
    desktop.frame.undo_bar.offer(
        "Поступающий: 00-163, Лебедев Дмитрий Михайлович — в корзине", lambda: None
    )
    shoot(app, desktop.frame, f"chosen_{look}", place)
    screen.table.view.clearSelection()
    desktop.frame.undo_bar.dismiss()
    desktop.frame.search.setText("абра")
    desktop.finder.suggest("абра")
    settle(app, lambda: desktop.palette.count() > 1, 5)
    shoot(app, desktop.frame, f"palette_{look}", place)
    desktop.frame.search.clear()
    desktop.palette.hide()
    screen.table.quick.setText("нет таких")
    screen.table.filter_asked.emit("нет таких")
    settle(app)
    shoot(app, desktop.frame, f"nothing_{look}", place)
    screen.table.clear_filter()
    settle(app, lambda: screen.source.count() > 3, 5)
    desktop.work.open_applicant(UUID(screen.source.id_at(3)))
    shoot(app, desktop.frame, f"form_{look}", place)
    _scroll(app, desktop, look, place)
    desktop.work.open_applicant(None)
    shoot(app, desktop.frame, f"new_{look}", place)
    _compare(app, desktop, look, place)
    for section in ("groups", "campaigns"):
        desktop.work.open_section(section)
        shoot(app, desktop.frame, f"{section}_{look}", place)
        listed = desktop.frame.current_page()
        assert isinstance(listed, ListScreen)
        settle(app, partial(_has_rows, listed), 5)
        desktop.work.open_record(listed.spec, UUID(listed.source.id_at(0)))
        shoot(app, desktop.frame, f"{section}_form_{look}", place)
    _basket(app, desktop, look, place)
    desktop.work.open_outbox()
    shoot(app, desktop.frame, f"outbox_{look}", place)
    desktop.bell.open()
    shoot(app, desktop.frame, f"bell_{look}", place)
    _scan(app, desktop, look, place)
    _handed(app, desktop, look, place)
    _decide(app, desktop, look, place)
    desktop._rounded(
        Round(online=True, ended=True, why="Вход на этом компьютере больше не действует")
    )
    shoot(app, desktop.frame, f"ended_{look}", place)
    desktop.frame.notice.hide()
    _covers(app, desktop, look, place)


def _covers(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """What lies over the window when nothing of the work may be seen."""
    desktop.guard.lock()
    desktop.guard.screen.set_error("Пароль не подходит. Проверьте раскладку и Caps Lock")
    shoot(app, desktop.frame, f"locked_{look}", place)
    desktop.guard.background.wait()
    desktop.guard.shut(f"{ENDED}. {RETURN}")
    shoot(app, desktop.frame, f"access_ended_locked_{look}", place)
    with woken(desktop.store, bytes(32)):
        pass
    desktop.guard._open()
    desktop.guard.shut(f"{ENDED}. Неотправленное передано администратору: 2. {RETURN}")
    shoot(app, desktop.frame, f"access_ended_{look}", place)
    desktop.guard._open()


def _scan(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """A paper with scans, and one of them opened."""
    papers = desktop.store.all("applicant_document")
    id, paper = next((id, p) for id, p in papers.items() if p["applicant_id"] is not None)
    picture = QImage(900, 1270, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    offer = Offer("Паспорт, разворот.png", picture=picture)
    if not filing.attached_to(desktop.store, "document_scan", UUID(id)):
        filing.attach(desktop.store, "document_scan", UUID(id), offer.name, offer.content())
    desktop.work.open_applicant(paper["applicant_id"])
    shoot(app, desktop.frame, f"scans_{look}", place)
    desktop.file_desk.open(filing.attached_to(desktop.store, "document_scan", UUID(id))[0])
    settle(app, lambda: desktop.frame.findChild(PaperPreview) is not None, 5)
    preview = desktop.frame.findChild(PaperPreview)
    assert isinstance(preview, PaperPreview)
    settle(app)
    preview.grab().save(str(place / f"scan_{look}.png"))
    preview.close()


def _handed(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """What was handed over: at the administrator's, and at its author's."""
    desktop.work.open_section("handed")
    listed = desktop.frame.current_page()
    assert isinstance(listed, ListScreen)
    settle(app, partial(_has_rows, listed), 5)
    shoot(app, desktop.frame, f"handed_{look}", place)
    desktop.work.open_record(listed.spec, UUID(listed.source.id_at(0)))
    shoot(app, desktop.frame, f"handed_form_{look}", place)


def _decide(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """What needs a person, and how he decides."""
    desktop.inbox.open()
    shoot(app, desktop.frame, f"differences_{look}", place)
    for place_in_list, name in enumerate(("resolution", "mending")):
        desktop.inbox.open_one(standing(desktop.store.troubles())[place_in_list].entry.op.uuid)
        shoot(app, desktop.frame, f"{name}_{look}", place)


def _has_rows(screen: ListScreen) -> bool:
    return screen.total > 0


def _scroll(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """The middle and the end of the form that is on."""
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    bar = page.form.area.verticalScrollBar()
    for size in SIZES:
        desktop.frame.resize(*size)
        for name, part in (("middle", 0.5), ("end", 1.0)):
            settle(app)
            bar.setValue(round(bar.maximum() * part))
            settle(app)
            desktop.frame.grab().save(str(place / f"form_{name}_{look}_{size[0]}.png"))
    bar.setValue(0)


def _compare(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    """A new form in which somebody is typed who is there already, and both side by side."""
    page = desktop.frame.current_page()
    assert isinstance(page, AdmissionPage)
    person = next(p for p in desktop.store.all("person").values() if p["snils"])
    for name in ("last_name", "first_name", "middle_name", "birth_date"):
        put_value(page.form.editor("person", name), person[name])
    put_value(page.form.editor("person", "birth_place"), "г. Кемерово")
    page.form.changed.emit()
    settle(app, page.warning.isVisible, 5)
    shoot(app, desktop.frame, f"twin_{look}", place)
    page.warning.buttons[0].click()
    dialog = page.findChild(Comparison)
    assert isinstance(dialog, Comparison)
    settle(app)
    dialog.grab().save(str(place / f"compare_{look}.png"))
    dialog.reject()
    page.form.discard()


def _forms(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    def snap(window: QWidget, name: str) -> None:
        settle(app)
        window.grab().save(str(place / f"{name}_{look}.png"))

    form_tour(
        desktop,
        lambda window, name: shoot(app, window, f"{name}_{look}", place),
        snap,
        lambda until: settle(app, until, 10),
    )


def _basket(app: QApplication, desktop: Desktop, look: str, place: Path) -> None:
    ids = list(desktop.store.all("applicant"))[-3:]
    made = basket.delete(desktop.store, "applicant", ids)
    desktop.work.deleting.look(APPLICANTS)
    screen = desktop.frame.current_page()
    assert isinstance(screen, BasketScreen)
    settle(app, lambda: screen.every != [], 5)
    screen.table.select_keys([ids[0]], ids[0])
    shoot(app, desktop.frame, f"basket_{look}", place)
    basket.restore(desktop.store, made)


def _quarrel(store: Store, link: Link, other: Path, server: str) -> None:
    """Two desks change one person; a third thing is refused, and a fourth waits behind it."""
    id = sorted(store.all("person"))[4]
    seen = store.get("person", id)
    assert seen is not None
    colleague, line = Store(other, bytes(32), LISTS), Link(server)
    sign_in(colleague, line, "sekretar", PASSWORD, "ПК-Приёмная-2")
    run(colleague, line)
    for desk, values in (
        (colleague, {"birth_place": "г. Белово", "birth_date": "2010-04-11"}),
        (store, {"birth_place": "г. Кемерово", "birth_date": "2010-11-04", "inn": "500100732259"}),
    ):
        pairs = {name: (pack(seen[name]), value) for name, value in values.items()}
        desk.record(_always(Save("person", UUID(id), create=False, set=pairs)))
    contact = new_id()
    fresh = {"person_id": (None, sorted(store.all("person"))[5]), "value": (None, "")}
    store.record(_always(Save("contact", contact, create=True, set=fresh)))
    late = {"value": ("", "+79234812017")}
    store.record(_always(Save("contact", contact, create=False, set=late)))
    bad = {"inn": (pack(seen["inn"]), "500100732250")}
    (wrong,) = colleague.record(_always(Save("person", UUID(id), create=False, set=bad)))
    run(colleague, line)
    colleague.hand(wrong.uuid, "Справки с ИНН нет под рукой, посмотрите в деле")
    run(colleague, line)
    run(store, link)
    run(store, link)
    line.close()
    colleague.close()


def _always(body: Save) -> Callable[[object], list[Save]]:
    return lambda _number: [body]


def _asides(app: QApplication, desktop: Desktop, paper: bytes, look: str, place: Path) -> None:
    """Windows of their own: the paper and the sign-in."""
    offline = SignIn(desktop.link.server, "sekretar")
    offline.offer_offline(WITHOUT_LINK)
    before = SignIn(desktop.link.server, "sekretar")
    before.ask_step({"step": "old"}, "")
    for name, window in (
        ("paper", PaperPreview(paper, "Заявление, расписка и опись", leaving=print)),
        ("sign_in", SignIn(desktop.link.server, "sekretar")),
        ("sign_in_offline", offline),
        ("sign_in_old_password", before),
        ("leaving", leave_question(12)),
        ("opening", Opening("Готовим учебный колледж…")),
        ("keys", KeysDialog(desktop.frame.actions_of_window)),
        ("own_password", _own_password(desktop)),
    ):
        window.show()
        settle(app)
        window.grab().save(str(place / f"{name}_{look}.png"))
        window.close()


def _own_password(desktop: Desktop) -> ChangePassword:
    """With what is said where the second line differs."""
    dialog = ChangePassword(desktop.store, desktop.link, print, desktop.frame)
    for editor, text in zip(dialog.editors, (PASSWORD, "тихий утюг", "иначе"), strict=True):
        editor.line.setText(text)
    QTimer.singleShot(0, dialog, dialog.agree)
    return dialog


if __name__ == "__main__":
    shots(ROOT / "build" / "shots")
