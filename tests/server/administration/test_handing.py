"""What is handed to an administrator waits for him alone, on both databases: mended and sent by his rights, or returned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from common.administration.entities import Account, HandedOperation, RoleGrant
from common.administration.kinds import AccountState, HandedState
from common.kit.ids import new_id
from common.kit.sync import (
    CLOSE,
    HAND,
    RETURN_HANDED,
    SEND_HANDED,
    Command,
    Delete,
    HandedAnswer,
    Operation,
    Outcome,
    Restore,
    Save,
)
from common.people.entities import Person
from server.administration.handing import list_handed
from server.app import main
from server.kit.commit import commit
from server.kit.push import NOT_HIS
from server.kit.session import live
from server.kit.tables import operation
from tests.server.conftest import House
from tests.server.kit.desks import Desk, applicant, campaign, part, person, rows_of, statuses, taken

CLERK, HEAD, ADMIN = "admission_clerk", "admission_secretary", "org_admin"


def only(desk: Desk, body: Any, **more: Any) -> Outcome:
    (outcome,) = desk.push(desk.op(body, **more)).outcomes
    return outcome


def bad_inn(id: UUID) -> Save:
    return Save("person", id, create=False, set={"inn": (None, "500100732250")})


def refused(desk: Desk) -> tuple[UUID, Operation]:
    """A person of his, and an operation on it that a rule refuses."""
    p, _ = taken(desk)
    op = desk.op(bad_inn(p))
    assert statuses(desk.push(op)) == ["refused"]
    return p, op


def hand(desk: Desk, op: Operation, word: str = "Проверьте ИНН по справке") -> Outcome:
    args = {"of": op.uuid.hex, "word": word, "body": msgspec.to_builtins(op.body)}
    return only(desk, Command(HAND, args))


def handed(house: House) -> HandedOperation:
    with house.session() as db:
        return db.scalars(sa.select(HandedOperation)).one()


def answers(desk: Desk, *uuids: UUID) -> list[HandedAnswer]:
    return desk.pull(handed=list(uuids)).handed


@pytest.fixture
def at_the_server(ours: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the house's own database."""
    monkeypatch.setenv("EPO_DATABASE_URL", ours.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("EPO_DATA_DIR", str(tmp_path / "outside"))


def test_what_is_handed_over_is_listed_with_its_reason_and_nothing_is_executed(
    ours: House,
) -> None:
    clerk = Desk(ours, CLERK)
    p, op = refused(clerk)
    assert hand(clerk, op).status == "applied"
    with ours.session() as db:
        (line,) = list_handed(db, "k1")
        assert (line.record, line.word) == (
            "Изменение: Физическое лицо",
            "Проверьте ИНН по справке",
        )
        assert "ИНН" in line.why
        (who,) = live(db, Person, id=p)
        assert who.inn is None
        row = db.execute(sa.select(operation).where(operation.c.uuid == op.uuid)).one()
        assert (row.status, row.resolved) == ("refused", False)
    assert answers(clerk, op.uuid) == []


def test_the_administrator_mends_it_and_sends_it_in_his_own_name(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    p, op = refused(clerk)
    hand(clerk, op)
    mended = {"inn": (None, "500100732259")}
    outcome = only(head, Command(SEND_HANDED, {"handed": handed(ours).id.hex, "set": mended}))
    assert (outcome.status, outcome.result["chain"]) == ("applied", op.uuid.hex)
    with ours.session() as db:
        (who,) = live(db, Person, id=p)
        assert (who.inn, who.changed_by) == ("500100732259", head.caller.account_id)
        query = sa.select(operation.c.resolved).where(operation.c.uuid == op.uuid)
        assert db.scalar(query) is True
    (told,) = answers(clerk, op.uuid)
    assert (told.state, told.who.account) == ("sent", head.caller.account_id)


def test_what_the_rule_still_refuses_waits_on(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    _, op = refused(clerk)
    hand(clerk, op)
    outcome = only(head, Command(SEND_HANDED, {"handed": handed(ours).id.hex}))
    assert outcome.status == "refused"
    assert "inn" in outcome.fields
    assert handed(ours).state is HandedState.WAITING


def test_the_administrator_sends_only_what_he_may_write_himself(ours: House) -> None:
    clerk, admin = Desk(ours, CLERK), Desk(ours, ADMIN)
    _, op = refused(clerk)
    hand(clerk, op)
    mended = {"inn": (None, "500100732259")}
    outcome = only(admin, Command(SEND_HANDED, {"handed": handed(ours).id.hex, "set": mended}))
    assert outcome.status == "quarantined"
    assert handed(ours).state is HandedState.WAITING


def test_an_administrator_without_the_section_sends_unchanged_what_its_author_may_write(
    ours: House,
) -> None:
    clerk, head, admin = Desk(ours, CLERK), Desk(ours, HEAD), Desk(ours, ADMIN)
    p, _ = taken(clerk)
    with ours.session() as db:
        (who,) = live(db, Person, id=p)
        who.deleted_at = db.now()
        commit(db, "test.basket")
    op = clerk.op(Save("person", p, create=False, set={"inn": (None, "500100732259")}))
    assert statuses(clerk.push(op)) == ["conflict"]
    hand(clerk, op, "Верните человека из корзины и отправьте")
    assert only(head, Restore("person", p)).status == "applied"
    assert only(admin, Command(SEND_HANDED, {"handed": handed(ours).id.hex})).status == "applied"
    with ours.session() as db:
        (who,) = live(db, Person, id=p)
        assert (who.inn, who.changed_by) == ("500100732259", admin.caller.account_id)


def test_nobody_sends_for_an_author_what_neither_of_them_may_write_any_more(ours: House) -> None:
    clerk, admin = Desk(ours, CLERK), Desk(ours, ADMIN)
    _, op = refused(clerk)
    hand(clerk, op)
    with ours.session() as db:
        for grant in db.scalars(
            sa.select(RoleGrant).where(RoleGrant.account_id == clerk.caller.account_id)
        ):
            grant.valid_to = dt.date(2020, 1, 1)
        commit(db, "test.revoke")
    outcome = only(admin, Command(SEND_HANDED, {"handed": handed(ours).id.hex}))
    assert (outcome.status, outcome.text) == (
        "quarantined",
        "Нет права изменять: Физические лица",
    )


def test_what_is_returned_comes_back_with_a_word_and_may_be_handed_over_again(ours: House) -> None:
    clerk, admin = Desk(ours, CLERK), Desk(ours, ADMIN)
    _, op = refused(clerk)
    hand(clerk, op)
    args = {"handed": handed(ours).id.hex, "word": "Спросите номер у поступающего"}
    assert only(admin, Command(RETURN_HANDED, args)).status == "applied"
    (told,) = answers(clerk, op.uuid)
    assert (told.state, told.word) == ("returned", "Спросите номер у поступающего")
    assert only(admin, Command(RETURN_HANDED, args)).text == "Эту запись уже вернули автору"
    hand(clerk, op, "Номер верный, посмотрите ещё раз")
    assert (handed(ours).state, handed(ours).answer) == (HandedState.WAITING, None)
    assert answers(clerk, op.uuid) == []


@pytest.mark.parametrize("command", [HAND, RETURN_HANDED])
def test_nothing_goes_without_a_word(ours: House, command: str) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    _, op = refused(clerk)
    if command == HAND:
        assert hand(clerk, op, "  ").status == "refused"
    else:
        hand(clerk, op)
        args = {"handed": handed(ours).id.hex, "word": ""}
        assert only(head, Command(RETURN_HANDED, args)).status == "refused"


def test_who_has_no_right_neither_sends_nor_returns(ours: House) -> None:
    clerk = Desk(ours, CLERK)
    _, op = refused(clerk)
    hand(clerk, op)
    id = handed(ours).id.hex
    for body in (
        Command(SEND_HANDED, {"handed": id}),
        Command(RETURN_HANDED, {"handed": id, "word": "так"}),
    ):
        assert only(clerk, body).status == "quarantined"


def test_nobody_edits_it_as_a_record(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    _, op = refused(clerk)
    hand(clerk, op)
    edit = Save(
        "handed_operation",
        handed(ours).id,
        create=False,
        set={"word": ("Проверьте ИНН по справке", "другое")},
    )
    assert only(head, edit).text.startswith("Переданное не правят")


def test_the_author_may_decide_himself_and_the_administrator_is_asked_no_more(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    _, op = refused(clerk)
    hand(clerk, op)
    clerk.push(clerk.op(Command(CLOSE, {"reason": "не нужно"}), resolves=op.uuid))
    assert handed(ours).state is HandedState.WITHDRAWN
    outcome = only(head, Command(SEND_HANDED, {"handed": handed(ours).id.hex}))
    assert outcome.text == "Автор этой записи уже решил сам"


def test_the_same_handing_over_twice_is_one(ours: House) -> None:
    clerk = Desk(ours, CLERK)
    _, op = refused(clerk)
    hand(clerk, op)
    hand(clerk, op)
    assert handed(ours).operation == op.uuid.hex


def test_another_persons_operation_is_not_handed_over(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    _, op = refused(clerk)
    assert hand(head, op).status == "quarantined"
    hand(clerk, op)
    assert answers(head, op.uuid) == []


def test_what_the_centre_never_heard_of_is_still_its_authors_alone(ours: House) -> None:
    """Without the operation only the list itself says whose it is."""
    clerk, other = Desk(ours, CLERK), Desk(ours, HEAD)
    p, _ = taken(clerk)
    op = Desk(ours, ADMIN).op(bad_inn(p))  # a uuid that was never sent
    assert hand(clerk, op).status == "applied"
    assert hand(other, op, "Чужие слова").status == "quarantined"
    assert handed(ours).word == "Проверьте ИНН по справке"


def test_what_was_sent_is_not_opened_again(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    p, _ = taken(clerk)
    op = Desk(ours, ADMIN).op(bad_inn(p))  # a uuid that was never sent
    hand(clerk, op)
    mended = {"inn": (None, "500100732259")}
    assert (
        only(head, Command(SEND_HANDED, {"handed": handed(ours).id.hex, "set": mended})).status
        == "applied"
    )
    assert hand(clerk, op).status == "applied"
    assert handed(ours).state is HandedState.SENT


def test_each_sees_of_the_values_what_his_rights_show_him(ours: House) -> None:
    clerk, head, admin = Desk(ours, CLERK), Desk(ours, HEAD), Desk(ours, ADMIN)
    _, op = refused(clerk)
    hand(clerk, op)
    facets = [f"handed_operation.P{n}" for n in range(4)]
    assert [len(rows_of(head.pull(), f)) for f in facets] == [1, 1, 1, 1]
    assert [len(rows_of(admin.pull(), f)) for f in facets] == [1, 1, 0, 0]
    assert [len(rows_of(clerk.pull(), f)) for f in facets] == [0, 0, 0, 0]
    assert "5001007" in str(rows_of(head.pull(), "handed_operation.P2"))
    assert "5001007" not in str([rows_of(admin.pull(), f) for f in facets])


def test_a_new_record_keeps_its_number_under_its_chain(ours: House) -> None:
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    p, c, a = new_id(), new_id(), new_id()
    clerk.push(clerk.op(person(p)), clerk.op(campaign(c)))
    body = applicant(a, p, c)
    broken = msgspec.structs.replace(body, set=body.set | {"reg_no": (None, "")})
    op = clerk.op(broken, number=("01", "applicant:2026", 1))
    assert statuses(clerk.push(op)) == ["refused"]
    hand(clerk, op)
    mended = {"reg_no": (None, "01-001")}
    outcome = only(head, Command(SEND_HANDED, {"handed": handed(ours).id.hex, "set": mended}))
    assert (outcome.status, outcome.result["chain"]) == ("applied", op.uuid.hex)


def test_the_same_is_done_from_the_servers_command_line(
    ours: House, at_the_server: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk = Desk(ours, CLERK)
    _, op = refused(clerk)
    hand(clerk, op)
    assert main(["handed", "list", "--college", "k1", "--json"]) == 0
    (line,) = msgspec.json.decode(capsys.readouterr().out)
    assert (line["author"], line["record"]) == (
        "Технический секретарь приёмной комиссии",
        "Изменение: Физическое лицо",
    )
    act = [line["id"], "--as", f"{HEAD}.k1"]
    assert main(["handed", "send", *act]) == 1
    assert "ИНН" in capsys.readouterr().err
    assert main(["handed", "return", *act, "--word", "уточните"]) == 0
    assert answers(clerk, op.uuid)[0].word == "уточните"
    hand(clerk, op)
    assert main(["handed", "send", *act, "--set", '{"inn": [null, "500100732259"]}']) == 0
    assert answers(clerk, op.uuid)[0].state == "sent"
    assert main(["handed", "list"]) == 0
    assert "Ничего не ждёт" in capsys.readouterr().out


def test_an_account_that_is_suspended_decides_nothing_at_the_command_line(
    ours: House, at_the_server: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk = Desk(ours, CLERK)
    _, op = refused(clerk)
    hand(clerk, op)
    with ours.session() as db:
        (head,) = db.scalars(sa.select(Account).where(Account.login == f"{HEAD}.k1"))
        head.state = AccountState.SUSPENDED
        commit(db, "test.suspend")
    act = [handed(ours).id.hex, "--as", f"{HEAD}.k1", "--word", "уточните"]
    assert main(["handed", "return", *act]) == 1
    assert "не действует" in capsys.readouterr().err
    assert handed(ours).state is HandedState.WAITING


def test_a_stranger_takes_nothing_back_and_settles_nothing_however_he_names_it(
    ours: House,
) -> None:
    """An operation's id is no secret: it stands in the administrator's list and in the journal of changes."""
    clerk, head = Desk(ours, CLERK), Desk(ours, HEAD)
    p, op = refused(clerk)
    hand(clerk, op)
    for more in (
        {"resolves": op.uuid},
        {"resolves": op.uuid, "chain": op.uuid},
        {"chain": op.uuid},
    ):
        told = only(head, bad_inn(p), **more)
        assert (told.status, told.text) == ("refused", NOT_HIS)
    told = only(head, Command(CLOSE, {"reason": "чужое"}), resolves=op.uuid)
    assert told.text == NOT_HIS
    assert handed(ours).state is HandedState.WAITING
    with ours.session() as db:
        assert not db.scalar(sa.select(operation.c.resolved).where(operation.c.uuid == op.uuid))
    assert only(clerk, Command(CLOSE, {"reason": "сам"}), resolves=op.uuid).status == "applied"
    assert handed(ours).state is HandedState.WITHDRAWN


def test_a_handed_delete_keeps_what_its_author_saw_of_the_parts(ours: House) -> None:
    clerk, head, admin = Desk(ours, HEAD), Desk(ours, CLERK), Desk(ours, ADMIN)
    p, a = taken(clerk)
    home = new_id()
    first, second = "+79131234567", "+79131234568"
    assert only(clerk, contact(home, p, first)).status == "applied"
    op = clerk.op(Delete("person", p, {}, (part("contact", home, value=first),)))
    assert statuses(clerk.push(op)) == ["refused"]
    assert hand(clerk, op, "Двойник").status == "applied"
    assert handed(ours).children == f"contact:{home.hex}"
    assert first not in (handed(ours).values_p0 or "")
    only(clerk, Delete("applicant", a))
    changed = {"value": (first, second)}
    assert only(head, Save("contact", home, create=False, set=changed)).status == "applied"
    send = Command(SEND_HANDED, {"handed": handed(ours).id.hex})
    told = only(admin, send)
    assert told.status == "refused"
    assert told.text == "Часть записи изменена другим пользователем: «Контакт» — «Номер или адрес»"
    back = {"value": (second, first)}
    assert only(head, Save("contact", home, create=False, set=back)).status == "applied"
    assert only(admin, send).status == "applied"
    with ours.session() as db:
        assert live(db, Person, id=p) == []


def test_a_handed_delete_rests_on_the_parts_as_its_sender_sees_them(ours: House) -> None:
    """Found in a review: once a part had been changed, no administrator could send it."""
    clerk, head, admin = Desk(ours, HEAD), Desk(ours, CLERK), Desk(ours, ADMIN)
    p, a = taken(clerk)
    home, added = new_id(), new_id()
    first, second = "+79131234567", "+79131234568"
    assert only(clerk, contact(home, p, first)).status == "applied"
    op = clerk.op(Delete("person", p, {}, (part("contact", home, value=first),)))
    assert statuses(clerk.push(op)) == ["refused"]
    assert hand(clerk, op, "Двойник").status == "applied"
    only(clerk, Delete("applicant", a))
    changed = {"value": (first, second)}
    assert only(head, Save("contact", home, create=False, set=changed)).status == "applied"
    assert only(head, contact(added, p, first)).status == "applied"
    parts = [["contact", str(home), {"value": second}], ["contact", str(added), {"value": first}]]
    id = handed(ours).id.hex
    broken = only(admin, Command(SEND_HANDED, {"handed": id, "parts": [["contact"]]}))
    assert (broken.status, broken.text) == (
        "refused",
        "Не сказано, какие части записи удаляют вместе с ней",
    )
    blind = [["contact", str(home), {"kind": "mobile"}], parts[1]]
    told = only(admin, Command(SEND_HANDED, {"handed": id, "parts": blind}))
    assert told.text == "Часть записи изменена другим пользователем: «Контакт» — «Номер или адрес»"
    assert only(admin, Command(SEND_HANDED, {"handed": id, "parts": parts})).status == "applied"
    with ours.session() as db:
        assert live(db, Person, id=p) == []


def contact(id: UUID, person_id: UUID, value: str) -> Save:
    values = {"person_id": person_id.hex, "kind": "mobile", "value": value}
    return Save("contact", id, create=True, set={n: (None, v) for n, v in values.items()})


def test_a_delete_of_more_parts_than_can_be_handed_over_says_so(ours: House) -> None:
    """Found in a review: the words were longer than their column."""
    clerk = Desk(ours, HEAD)
    p, _ = taken(clerk)
    parts = tuple(part("application_achievement", new_id()) for _ in range(400))
    op = Desk(ours, ADMIN).op(Delete("person", p, {}, parts))  # a uuid that was never sent
    told = hand(clerk, op, "Двойник")
    assert told.status == "refused"
    assert told.text == (
        "У записи слишком много частей, чтобы передать её удаление: 400. "
        "Сначала удалите часть из них в её карточке"
    )
