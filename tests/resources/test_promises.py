"""The page of promises names commands and tests that are there, and whoever adds a student adds the checks of students too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

import pytest

import common.all  # noqa: F401  the declarations
from common.kit import resources
from common.kit.entity import entities
from server.app import _parser
from tests.architecture.sources import ROOT

PAGE = resources.path("manual", "bezopasnost.md").read_text(encoding="utf-8")
CALL = re.compile(r"`((?:poe|pytest|epo-server|python -m) [^`]+)`")
ROW = re.compile(r"^\| (?!Обещание|---)([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)

PROMISED = (
    "не теряется", "дважды", "политике", "argon2", "плохая линия", "перезапуск базы", "копия",
    "испорченная запись", "чужая организация", "64 бит", "прекращается раньше", "срок работы без связи",
    "папке профиля", "сертификата",
)  # fmt: skip
"""A word of each row of TRUST §8, and of the desk's promises, that can be checked today."""

AWAITED: dict[str, dict[str, str]] = {
    "student": {
        "tests/access/test_students.py": "test_a_student_is_shown_nothing_of_another_of_the_same_group",
        "tests/server/administration/test_a10.py": "test_a10_6_a_student_is_not_shown_another_ones_orders",
    },
    "order": {
        "tests/server/administration/test_a10.py": "test_a10_3_a_signed_order_of_expulsion_closes_the_account_before_the_next_request",
    },
    "employee": {
        "tests/access/test_employees.py": "test_dismissal_ends_access_by_one_event_exactly_once",
    },
    "employer": {
        "tests/access/test_employers.py": "test_an_employer_is_shown_only_whoever_opened_a_resume",
    },
    "update": {
        "tests/client/test_update.py": "test_a_changed_a_strange_an_older_and_a_cut_update_are_not_installed",
    },
}
"""What each thing that is not there yet owes on the day it comes: a file and the test in it."""
NAMES = {
    "student": {"student", "enrollment"},
    "order": {"order", "order_item"},
    "employee": {"employee", "employment"},
    "employer": {"employer", "partner", "resume"},
    "update": {"client/update.py", "client/updater.py", "client/shell/update.py", "installers/update.py"},
}  # fmt: skip
"""By what it is seen that the thing has come: a table, or a file of the program."""


def owed(there: Iterable[str]) -> Iterator[str]:
    """Tests that are due because of what is there, and are not written."""
    there = set(there)
    for thing, tests in AWAITED.items():
        if not NAMES[thing] & there:
            continue
        for file, name in tests.items():
            path = ROOT / file
            if not path.is_file() or f"def {name}(" not in path.read_text(encoding="utf-8"):
                yield f"{thing}: {file}::{name}"


def present() -> set[str]:
    files = {name for names in NAMES.values() for name in names if (ROOT / name).is_file()}
    return files | {entity.__tablename__ for entity in entities()}


def test_what_has_come_has_brought_its_checks() -> None:
    assert [*owed(present())] == []


@pytest.mark.parametrize("name", ["enrollment", "order", "employee", "partner", "client/update.py"])
def test_a_thing_that_comes_without_its_checks_is_named(name: str) -> None:
    assert [*owed({name})]


def test_the_page_says_of_each_thing_that_it_is_not_there_yet() -> None:
    missing = PAGE.partition("## Чего проверить пока нельзя")[2]
    for word in ("Обучающиеся", "Работники и приказы", "Обновление", "Кабинеты"):
        assert word in missing


def test_every_promise_has_a_row_with_its_command_and_what_was_seen() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) > 30
    assert [row for row in rows if not CALL.search(row[1])] == []
    said = " ".join(row[0] for row in rows).casefold()
    assert [word for word in PROMISED if word not in said] == []
    assert "{" not in PAGE


def known(command: str) -> bool:
    """Is there such a task, such a subcommand, such a test, such a module?"""
    program, _, rest = command.partition(" ")
    match program:
        case "poe":
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
            return rest.split()[0] in project["tool"]["poe"]["tasks"]
        case "epo-server":
            return _is_command(rest.split())
        case "python":
            module = rest.split()[1]
            return (ROOT / (module.replace(".", "/") + ".py")).is_file()
        case _:
            file, _, name = rest.partition("::")
            path = ROOT / file
            return path.is_file() and f"def {name}" in path.read_text(encoding="utf-8")


def _is_command(words: list[str]) -> bool:
    parser = _parser()
    for word in words:
        choices = next((a.choices for a in parser._actions if a.dest in ("command", "what")), None)
        if not choices or word not in choices:
            return False
        parser = choices[word]  # type: ignore[index]  # a mapping of parsers
    return True


@pytest.mark.parametrize("command", sorted({*CALL.findall(PAGE)}))
def test_a_command_of_the_page_is_there(command: str) -> None:
    assert known(command)


@pytest.mark.parametrize(
    "command", ["poe nothing", "epo-server audit deny", "pytest tests/none.py", "pytest tests/resources/test_promises.py::test_none"]
)  # fmt: skip
def test_a_command_that_is_not_there_is_seen(command: str) -> None:
    assert not known(command)
