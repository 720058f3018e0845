"""A backup made while the server works is whole, opens by its key only, and is restored to an empty place."""

from __future__ import annotations

import datetime as dt
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from sqlalchemy.engine import make_url

from common.kit.contents import digest_of
from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.people.entities import Person
from server.kit import backup, files, proved
from server.kit.age_keys import new_key
from server.kit.checking import findings
from server.kit.database import open_engine
from server.kit.gate import end_recovery, is_recovering, read_epoch
from server.kit.outside import Outside, attach, outside_at
from server.kit.pulling import backed_up_to
from server.kit.session import CollegeSession
from server.kit.web import make_app
from tests.server.conftest import House, now
from tests.server.kit.desks import Desk, paper, person, scan, statuses, taken

CANARY = "Канарейкина"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "backup.key"


@pytest.fixture
def recipient(key: Path) -> str:
    return new_key(key)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def empty_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the same kind."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'restored.sqlite'}"
    make: Callable[[], str] = request.getfixturevalue("new_database")
    return make()


def names(engine: sa.Engine, house: House) -> list[str]:
    with CollegeSession(engine, house.id, now=now) as db:
        return sorted(db.scalars(sa.select(Person.last_name)))


def test_a_copy_is_restored_with_every_row_and_a_new_history(
    ours: House, data_dir: Path, tmp_path: Path, key: Path, recipient: str, empty_url: str
) -> None:
    desk = Desk(ours)
    taken(desk)
    with ours.session() as db:
        epoch = read_epoch(db)
    made = backup.make_backup(ours.engine, data_dir, tmp_path / "copy.age", recipient, now=now)
    desk.push(desk.op(person(new_id(), last_name="Поздняя")))
    backup.restore(empty_url, tmp_path / "copy.age", key, tmp_path / "new-data")
    restored = attach(open_engine(empty_url), Outside(tmp_path / "new-data"))
    try:
        assert names(restored, ours) == ["Ёлкина"]
        assert made.tables["person"] == 1
        assert findings(restored, now=now) == []
        with CollegeSession(restored, ours.id, now=now) as db:
            assert read_epoch(db) > epoch
            assert is_recovering(db)
        end_recovery(restored)
        with CollegeSession(restored, ours.id, now=now) as db:
            assert not is_recovering(db)
    finally:
        restored.dispose()


def test_a_copy_tells_nothing_without_its_key(
    ours: House, data_dir: Path, tmp_path: Path, recipient: str
) -> None:
    desk = Desk(ours)
    assert statuses(desk.push(desk.op(person(new_id(), last_name=CANARY)))) == ["applied"]
    backup.make_backup(ours.engine, data_dir, tmp_path / "copy.age", recipient, now=now)
    told = (tmp_path / "copy.age").read_bytes()
    for coding in ("utf-8", "utf-16-le"):
        assert CANARY.encode(coding) not in told
    assert list(data_dir.iterdir()) == []  # the open copy beside the database is gone
    new_key(tmp_path / "other.key")
    with pytest.raises(EpoError, match="не открывается этим ключом"):
        backup.prove(ours.engine, tmp_path / "copy.age", tmp_path / "other.key", data_dir, now=now)


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty"])
def test_a_damaged_copy_is_refused_and_changes_nothing(
    ours: House,
    data_dir: Path,
    tmp_path: Path,
    key: Path,
    recipient: str,
    empty_url: str,
    spoil: str,
) -> None:
    copy = tmp_path / "copy.age"
    backup.make_backup(ours.engine, data_dir, copy, recipient, now=now)
    whole = copy.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    copy.write_bytes({"cut": whole[:-100], "flip": flipped, "empty": b""}[spoil])
    with pytest.raises(EpoError, match="повреждена"):
        backup.restore(empty_url, copy, key, data_dir)
    engine = open_engine(empty_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_place_that_holds_data_is_not_restored_over(
    ours: House, data_dir: Path, tmp_path: Path, key: Path, recipient: str
) -> None:
    copy = tmp_path / "copy.age"
    backup.make_backup(ours.engine, data_dir, copy, recipient, now=now)
    url = make_url(str(ours.engine.url.render_as_string(hide_password=False)))
    with pytest.raises(EpoError, match="уже есть данные"):
        backup.restore(url.render_as_string(hide_password=False), copy, key, data_dir)
    with pytest.raises(EpoError, match="уже есть"):
        backup.make_backup(ours.engine, data_dir, copy, recipient, now=now)


def test_only_copies_that_were_proved_let_a_desk_forget(
    ours: House, data_dir: Path, tmp_path: Path, key: Path, recipient: str
) -> None:
    desk = Desk(ours)
    taken(desk)

    def stands() -> int:
        with ours.session() as db:
            return backed_up_to(db)

    clocks = []
    for number in range(2):
        copy = tmp_path / f"copy{number}.age"
        made = backup.make_backup(ours.engine, data_dir, copy, recipient, now=now)
        clocks.append(next(s.clock for s in made.stood if s.college == ours.id))
        assert stands() == 0

        def later(minutes: int = number) -> dt.datetime:
            return now() + dt.timedelta(minutes=minutes)

        backup.prove(ours.engine, copy, key, data_dir, now=later)
    assert stands() == clocks[0]


def test_a_copy_is_told_to_whom_it_is_encrypted(
    ours: House, data_dir: Path, tmp_path: Path
) -> None:
    with pytest.raises(EpoError, match="age1"):
        backup.make_backup(ours.engine, data_dir, tmp_path / "copy.age", "не ключ", now=now)
    assert not (tmp_path / "copy.age").exists()


def test_a_key_is_not_written_over(tmp_path: Path, key: Path, recipient: str) -> None:
    assert recipient.startswith("age1")
    assert key.stat().st_mode & 0o077 == 0
    with pytest.raises(EpoError, match="не перезаписывают"):
        new_key(key)


def link(name: str, target: str) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = tarfile.SYMTYPE, target
    return made


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../escaped"),
        tarfile.TarInfo("other.txt"),
        link("manifest.json", "/etc/passwd"),
        tarfile.TarInfo("manifest.json"),
    ],
    ids=["outside", "unknown", "link", "no database"],
)
def test_a_copy_made_by_a_stranger_writes_nothing(
    tmp_path: Path, key: Path, recipient: str, member: tarfile.TarInfo
) -> None:
    """The recipient is no secret, so anybody can encrypt to it."""
    copy, place = tmp_path / "copy.age", tmp_path / "data"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(member, io.BytesIO())
    public = pyrage.x25519.Recipient.from_str(recipient)
    copy.write_bytes(pyrage.encrypt(packed.getvalue(), [public]))
    with pytest.raises(EpoError, match="повреждена"), backup.opened(copy, key, place):
        pytest.fail("it was opened")
    assert not (tmp_path / "escaped").exists()
    assert list(place.iterdir()) == []


CONTENT = b"%PDF-1.7\n" + b"Kanareika " * 300


def hung(house: House) -> Desk:
    """A scan whose content is on the shelf, and half of another."""
    desk = Desk(house)
    _, a = taken(desk)
    d, half = new_id(), CONTENT + b"!"
    desk.push(
        desk.op(paper(d, a)), desk.op(scan(new_id(), d, CONTENT)), desk.op(scan(new_id(), d, half))
    )
    whole = files.Piece(digest_of(CONTENT), len(CONTENT), 0, CONTENT)
    assert files.receive(house.engine, desk.caller, whole, now=now).whole
    part = files.Piece(digest_of(half), len(half), 0, half[:9])
    assert files.receive(house.engine, desk.caller, part, now=now).have == 9
    return desk


def test_files_are_in_the_copy_and_come_back_with_it(
    ours: House, tmp_path: Path, key: Path, recipient: str, empty_url: str
) -> None:
    desk, copy = hung(ours), tmp_path / "copy.age"
    home = outside_at(ours.engine).folder
    made = backup.make_backup(ours.engine, home, copy, recipient, now=now)
    assert made.files == 1
    assert CONTENT[9:60] not in copy.read_bytes()
    backup.restore(empty_url, copy, key, tmp_path / "new-data")
    restored = attach(open_engine(empty_url), Outside(tmp_path / "new-data"))
    try:
        assert findings(restored, now=now) == []
        got = files.read(restored, desk.caller, digest_of(CONTENT), 0, len(CONTENT), now=now)
        assert got == CONTENT
        (path,) = (p for p in (tmp_path / "new-data" / "files").rglob("*") if p.is_file())
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        restored.dispose()


@pytest.mark.parametrize(
    "name",
    [
        f"files/{'a' * 32}/aa/{'a' * 64}",
        f"files/../../{'a' * 64}",
        "files/x",
        f"files/{'a' * 32}/parts/{'a' * 64}",
    ],
)
def test_a_content_that_is_not_what_its_name_says_spoils_the_copy(
    ours: House, tmp_path: Path, key: Path, recipient: str, data_dir: Path, name: str
) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(CONTENT)
        tar.addfile(member, io.BytesIO(CONTENT))
    forged = tmp_path / "forged.age"
    forged.write_bytes(
        pyrage.encrypt(made.getvalue(), [pyrage.x25519.Recipient.from_str(recipient)])
    )
    with pytest.raises(EpoError, match="не открывается этим ключом или повреждена"):
        backup.prove(ours.engine, forged, key, data_dir, now=now)
    assert [p for p in tmp_path.rglob("a" * 64) if p.is_file()] == []


def test_a_copy_counts_once_it_was_opened_and_grows_old_in_a_day(
    ours: House, data_dir: Path, tmp_path: Path, key: Path, recipient: str
) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()

    def after(hours: int) -> dt.datetime:
        return now() + dt.timedelta(hours=hours)

    assert proved.state(ours.engine, now()) == "never"
    assert proved.words(ours.engine, now()) == proved.NEVER
    backup.make_backup(ours.engine, data_dir, shelf / "first.age", recipient, now=now)
    assert proved.state(ours.engine, now()) == "never"
    (shelf / "half.age.part").write_bytes(b"cut short")
    backup.prove(ours.engine, backup.newest(shelf), key, data_dir, now=now)
    assert proved.state(ours.engine, after(24)) == "proved"
    assert proved.words(ours.engine, after(24)) == ""
    assert proved.state(ours.engine, after(25)) == "old"
    assert "снята 01.07.2026 05:00 UTC, 2 суток назад" in proved.words(ours.engine, after(49))
    with TestClient(make_app(ours.engine, now=lambda: after(25))) as client:
        assert client.get("/health/ready").json() == {"status": "ready", "backup": "old"}


def test_a_copy_that_does_not_open_proves_nothing(
    ours: House, data_dir: Path, tmp_path: Path, key: Path, recipient: str
) -> None:
    copy = tmp_path / "copy.age"
    backup.make_backup(ours.engine, data_dir, copy, recipient, now=now)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-40] + bytes(40))
    with pytest.raises(EpoError, match="повреждена"):
        backup.prove(ours.engine, copy, key, data_dir, now=now)
    assert proved.state(ours.engine, now()) == "never"
