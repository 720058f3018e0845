"""Words of people reach paper, label, tooltip and cell through the one helper that keeps them words (TRUST C-31, C-32, D-45)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Module, modules

STATIC_BOXES = {"information", "warning", "critical", "question", "about"}


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in {
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        }:
            yield node


def markup_of_data(module: Module) -> Iterator[str]:
    """A paragraph's text is `escape(…)`: reportlab reads markup, and opens the files that it names."""
    for call in module.calls.get("Paragraph", []):
        if not (call.args and any(calls(call.args[0], "escape"))):
            yield f"{module.name}:{call.lineno} Paragraph of what is not escaped"


def labels_of_data(module: Module) -> Iterator[str]:
    """A label with words is `plain(…)`: Qt takes words with a tag in them for markup."""
    for call in module.calls.get("QLabel", []):
        if any(not isinstance(a, ast.Name) or a.id not in ("parent", "self") for a in call.args):
            yield f"{module.name}:{call.lineno} QLabel with words: use client.kit.words.plain"


def hints_of_data(module: Module) -> Iterator[str]:
    """A tooltip is a constant or `hint(…)`."""
    for name in ("setToolTip", "setWhatsThis", "setStatusTip", "showText"):
        for call in module.calls.get(name, []):
            said = call.args[0] if call.args else None
            if not (isinstance(said, ast.Constant) or (said and _is_hint(said))):
                yield f"{module.name}:{call.lineno} {name} of what may be markup: use hint"


def _is_hint(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hint"


def boxes_of_data(module: Module) -> Iterator[str]:
    """A question's words are set as plain text."""
    for call in module.calls.get("QMessageBox", []):
        if not any(module.calls.get("setTextFormat", [])):
            yield f"{module.name}:{call.lineno} QMessageBox without setTextFormat(PlainText)"
    for name in STATIC_BOXES:
        for call in module.calls.get(name, []):
            if getattr(getattr(call.func, "value", None), "id", "") == "QMessageBox":
                yield f"{module.name}:{call.lineno} QMessageBox.{name} takes markup"


def cells_of_data(module: Module) -> Iterator[str]:
    """Cells are written by common.kit.sheets, which makes a formula of nothing."""
    for name in ("WriteOnlyCell", "Workbook", "writer", "DictWriter"):
        for call in module.calls.get(name, []):
            if module.name != "common/kit/sheets.py":
                yield f"{module.name}:{call.lineno} {name}: use common.kit.sheets"


RULES = (markup_of_data, labels_of_data, hints_of_data, boxes_of_data, cells_of_data)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_program_goes_round_the_helper(rule: object) -> None:
    assert callable(rule)
    programs = modules("client", "server", "common")
    assert [found for module in programs for found in rule(module)] == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (markup_of_data, "Paragraph(person.name, style(9))"),
        (markup_of_data, "Paragraph(f'<b>{name}</b>', style(9))"),
        (labels_of_data, "QLabel(person.name)"),
        (labels_of_data, "QtWidgets.QLabel('words', self)"),
        (hints_of_data, "item.setToolTip(person.name)"),
        (hints_of_data, "item.setToolTip(f'{name}')"),
        (boxes_of_data, "QMessageBox(parent)"),
        (boxes_of_data, "QMessageBox.warning(self, 'a', name); x.setTextFormat(1)"),
        (cells_of_data, "WriteOnlyCell(page, value=name)"),
        (cells_of_data, "csv.writer(file)"),
    ],
)
def test_what_goes_round_is_found(rule: object, bad: str) -> None:
    assert callable(rule)
    assert list(rule(Module("client/bad.py", bad)))


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (markup_of_data, "Paragraph(escape(name) or '&nbsp;', style(9))"),
        (labels_of_data, "QLabel(); QLabel(parent)"),
        (hints_of_data, "a.setToolTip('Ins'); b.setToolTip(hint(name))"),
        (boxes_of_data, "box = QMessageBox(parent); box.setTextFormat(PLAIN)"),
    ],
)
def test_the_helper_is_right(rule: object, good: str) -> None:
    assert callable(rule)
    assert not list(rule(Module("client/good.py", good)))
