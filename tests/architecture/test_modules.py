"""What every module keeps to, and words that are not used, each with a good and a bad example."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PROGRAMS, Module, modules, written_by_hand

MOST_LINES = 500

BANNED_NAMES = {
    "keyClicks": "aborts the process on a Cyrillic letter: use the fixture type_text",
    "keyClick": "aborts the process on a Cyrillic letter: use the fixture type_text",
    "inputMask": "a pasted phone loses digits: use a tolerant parser",
    "setInputMask": "a pasted phone loses digits: use a tolerant parser",
    "QDateEdit": "cannot be empty and mangles 01.09.08: use the date field of client.kit",
}

TOP_HANDLERS = {
    "server/app.py": "a request",
    "client/shell/errors.py": "the window",
    "server/kit/push.py": "one pushed operation",
    "server/kit/working.py": "one long work",
}
"""The four places that may catch everything, because nobody stands above them."""

LOOSE = {"Exception", "BaseException"}


def everything() -> list[Module]:
    return modules(*PROGRAMS, "installers", "tests")


def has_no_opening(module: Module) -> bool:
    return bool(module.text.strip()) and ast.get_docstring(module.tree) is None


def banned_names(module: Module) -> Iterator[str]:
    for line, name in module.names:
        if name in BANNED_NAMES:
            yield f"{module.name}:{line} {name}: {BANNED_NAMES[name]}"


def catches_of_everything(module: Module) -> Iterator[str]:
    """Those that raise again hide nothing: they only clean up."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _is_loose(node) and not _raises_again(node):
            yield f"{module.name}:{node.lineno} catches everything"


def _is_loose(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    return any(isinstance(node, ast.Name) and node.id in LOOSE for node in ast.walk(handler.type))


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def sleeps(module: Module) -> Iterator[str]:
    for line, name in module.names:
        if name in {"sleep", "qSleep", "qWait"}:
            yield f"{module.name}:{line} waits for time: wait for the event"


def names_not_ascii(module: Module) -> Iterator[str]:
    for line, name in module.names:
        if not name.isascii():
            yield f"{module.name}:{line} {name}"


def test_every_module_opens_with_what_is_in_it() -> None:
    assert [module.name for module in everything() if has_no_opening(module)] == []


def test_no_module_is_longer_than_a_reader_holds() -> None:
    found = written_by_hand(everything())
    assert [module.name for module in found if module.lines > MOST_LINES] == []


def test_nobody_uses_what_loses_data_or_kills_the_process() -> None:
    assert [finding for module in everything() for finding in banned_names(module)] == []


def test_only_the_four_top_handlers_catch_everything() -> None:
    found = [module for module in everything() if module.name not in TOP_HANDLERS]
    assert len(TOP_HANDLERS) == 4
    assert [finding for module in found for finding in catches_of_everything(module)] == []


def test_no_test_sleeps() -> None:
    assert [finding for module in modules("tests") for finding in sleeps(module)] == []


def test_every_name_is_ascii() -> None:
    assert [finding for module in everything() for finding in names_not_ascii(module)] == []


def test_a_module_without_a_first_sentence_is_found() -> None:
    assert has_no_opening(Module("bad.py", "import os\n"))
    assert not has_no_opening(Module("good.py", '"""What is here."""\n'))
    assert not has_no_opening(Module("__init__.py", ""))


@pytest.mark.parametrize(
    "text",
    [
        "qtbot.keyClicks(field, 'Иванов')",
        "field.setInputMask('000')",
        "QLineEdit(inputMask='000')",
        "from PySide6.QtWidgets import QDateEdit",
        "class Date(QtWidgets.QDateEdit): pass",
    ],
)
def test_a_banned_name_is_found_however_it_comes(text: str) -> None:
    assert list(banned_names(Module("bad.py", text)))


def test_a_banned_name_in_a_message_is_only_a_word() -> None:
    assert not list(banned_names(Module("good.py", "print('no QDateEdit here')")))


@pytest.mark.parametrize(
    "caught", ["except:", "except Exception:", "except (OSError, BaseException) as fault:"]
)
def test_catching_everything_is_found(caught: str) -> None:
    assert list(catches_of_everything(Module("bad.py", f"try: go()\n{caught} pass")))


@pytest.mark.parametrize(
    "rest", ["except OSError: pass", "except BaseException:\n  undo()\n  raise"]
)
def test_catching_something_or_cleaning_up_is_right(rest: str) -> None:
    assert not list(catches_of_everything(Module("good.py", f"try: go()\n{rest}")))


def test_a_sleep_and_a_cyrillic_name_are_found() -> None:
    assert list(sleeps(Module("bad.py", "from time import sleep")))
    assert list(names_not_ascii(Module("bad.py", "def \u0441hange(): pass")))
    assert not list(names_not_ascii(Module("good.py", "name = 'Ёлка'")))
