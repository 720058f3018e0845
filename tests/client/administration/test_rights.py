"""The administrator's screens over a real desk: roles as a grid, one role to many by one act, and why something is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from client.administration.forms import ORG_ROLE, ROLE, AccountForm, GrantForm, RoleForm
from client.administration.giving import GiveRole
from client.administration.lists import COMING, ENDED, LASTS, state_on, term
from client.administration.rights_grid import CLASSES, FIRST, LINES, RightsEdit
from client.administration.why import WhyPage, grants_at
from client.kit.record_page import RecordPage
from client.store.store import Store
from common.kit.kinds import P2, PersonalData
from common.kit.rights import Action, Section
from tests.client.conftest import Dress
from tests.client.shell.quarrel import Desk
from tests.demo_world import World
from tests.widget_checks import everything_wrong, settle

TypeText = Callable[[QWidget, str], None]


def press(widget: QWidget, key: Qt.Key) -> None:
    QTest.keyPress(widget, key)
    settle()


@pytest.fixture(scope="module")
def admin(region: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("admin") / "d", region, "admin")
    yield made
    made.close()


def role(desk: Desk, code: str) -> UUID:
    return UUID(next(id for id, r in desk.store.all("role").items() if r["code"] == code))


def account(desk: Desk, login: str) -> UUID:
    found = desk.store.all("account").items()
    return UUID(next(id for id, r in found if r["login"] == login))


def rights_of(form: RoleForm) -> RightsEdit:
    editor = form.editor("role", "permissions")
    assert isinstance(editor, RightsEdit)
    return editor


def go_to(edit: RightsEdit, section: Section, action: Action, pd: PersonalData) -> None:
    row, column = LINES.index((section, action)), FIRST + CLASSES.index(pd)
    edit.grid.setCurrentIndex(edit.model.index(row, column))


def shown(qtbot: QtBot, widget: QWidget, width: int = 1000, height: int = 720) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    settle()


def test_a_shipped_role_is_read_and_not_changed(admin: Desk, qtbot: QtBot, dress: Dress) -> None:
    form = RoleForm(admin.store, ROLE, role(admin, "admission_clerk"))
    shown(qtbot, form)
    edit = rights_of(form)
    go_to(edit, Section.ADMISSIONS, Action.WRITE, P2)
    before = edit.value()
    press(edit.grid, Qt.Key.Key_Space)
    assert edit.value() == before
    assert everything_wrong(form) == {}


@pytest.mark.parametrize(("width", "scale"), [(560, 1.0), (1200, 1.0), (800, 1.5)])
def test_a_copy_says_in_words_what_it_differs_by(
    admin: Desk, qtbot: QtBot, dress: Dress, width: int, scale: float
) -> None:
    dress(scale=scale)
    form = RoleForm(admin.store, ORG_ROLE, None, copied=role(admin, "admission_clerk"))
    shown(qtbot, form, width)
    edit = rights_of(form)
    assert edit.told.text() == "Не отличается от готовой роли"
    go_to(edit, Section.ADMISSIONS, Action.WRITE, P2)
    press(edit.grid, Qt.Key.Key_Space)
    go_to(edit, Section.STAFF, Action.READ, P2)
    press(edit.grid, Qt.Key.Key_Space)
    assert edit.told.text().splitlines() == [
        "Добавлено: Кадровый учёт: просмотр — документы и номера",
        "Убрано: Приёмная комиссия: изменение — документы и номера",
    ]
    assert form.is_dirty()
    assert edit.grid.columnWidth(0) >= edit.grid.fontMetrics().horizontalAdvance("просмотр")
    assert everything_wrong(form) == {}


def test_a_copied_role_is_stored_given_and_read_back_at_the_centre(
    admin: Desk, qtbot: QtBot, dress: Dress
) -> None:
    form = RoleForm(admin.store, ORG_ROLE, None, copied=role(admin, "admission_clerk"))
    page = RecordPage(form, "Роль организации")
    shown(qtbot, page)
    edit = rights_of(form)
    go_to(edit, Section.ADMISSIONS, Action.WRITE, P2)
    press(edit.grid, Qt.Key.Key_Space)
    assert page.store_it()
    admin.sync()
    assert admin.store.troubles() == []
    own = admin.store.get("org_role", page.main_id())
    assert own is not None
    assert "admissions.write.P2" not in own["permissions"].split()


def test_one_role_goes_to_many_by_one_act(
    admin: Desk, qtbot: QtBot, dress: Dress, type_text: TypeText
) -> None:
    logins = ("priem1", "priem2", "otdelenie")
    chosen = [account(admin, login).hex for login in logins]
    parent = QWidget()
    shown(qtbot, parent)
    told: list[str] = []
    window = GiveRole(admin.store, chosen, told.append, parent)
    window.open()
    settle()
    window.agree()
    assert window.editors["order_number"].message()[0] == "Заполните поле"
    assert "готовую или роль организации" in window.editors["role_id"].message()[0]
    window.editors["role_id"].set_value(role(admin, "hr_officer"))
    number = window.editors["order_number"].focusProxy()
    assert isinstance(number, QLineEdit)
    type_text(number, "21-к")
    assert everything_wrong(window) == {}
    window.agree()
    assert told == ["Роль назначена 3 учётным записям"]
    admin.sync()
    assert admin.store.troubles() == []
    for login in logins:
        acts = {g.act[:6] for g in grants_at(admin.store, account(admin, login))}
        assert "№ 21-к" in acts


def test_a_given_role_is_ended_and_the_rest_of_it_stays(
    admin: Desk, qtbot: QtBot, dress: Dress
) -> None:
    id = next(iter(admin.store.where("role_grant", "account_id", account(admin, "sekretar"))))
    form = GrantForm(admin.store, UUID(id))
    shown(qtbot, form)
    open_ = {n for n, e in form.held["grant"].editors.items() if e.isEnabled()}
    assert open_ == {"valid_to", "end_reason"}
    assert (
        not AccountForm(admin.store, account(admin, "sekretar")).editor("main", "login").isEnabled()
    )


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-09-01", None, LASTS),
        ("2026-08-01", "2026-09-10", ENDED),
        ("2026-09-11", None, COMING),
    ],
)
def test_a_grant_ends_by_itself_on_the_screen_too(start: str, end: str | None, said: str) -> None:
    kept = term(dt.date.fromisoformat(start), dt.date.fromisoformat(end) if end else None)
    assert state_on(kept, dt.date(2026, 9, 10)) == said


def lines_of(page: WhyPage) -> dict[str, tuple[str, ...]]:
    source = page.model.source
    return {row[0]: row[1:] for row in source.rows(0, source.count())}


@pytest.mark.parametrize(("width", "dark"), [(760, True), (1300, False)])
def test_why_something_is_seen_names_the_grant_and_its_act(
    admin: Desk, qtbot: QtBot, dress: Dress, width: int, *, dark: bool
) -> None:
    dress(dark=dark)
    page = WhyPage(admin.store, account=account(admin, "otdelenie"), entity="applicant")
    shown(qtbot, page, width)
    lines = lines_of(page)
    assert lines["Рег. №"][1:3] == ("видно", "нельзя")
    assert lines["Рег. №"][3].startswith(
        "Заведующий отделением (приёмная комиссия — просмотр), № 1-адм"
    )
    hidden = next(texts for texts in lines.values() if texts[0] == "особые сведения")
    assert hidden[1] == "не видно"
    assert hidden[3] == (
        "Ни одна роль не даёт права «Приёмная комиссия: просмотр — особые сведения»"
    )
    assert everything_wrong(page) == {}


def test_whoever_does_not_administer_asks_about_himself(
    filled_store: Store, qtbot: QtBot, dress: Dress
) -> None:
    page = WhyPage(filled_store, entity="applicant")
    shown(qtbot, page)
    assert not page.administers
    assert lines_of(page)["Рег. №"][1:3] == ("видно", "можно")
    assert "Показаны ваши права" in page.grants.text()
