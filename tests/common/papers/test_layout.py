"""Hostile words stand on paper as words: no file is opened, nothing is linked, and the rest is printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdfium2 import PdfDocument
from reportlab.lib import utils
from reportlab.platypus import SimpleDocTemplate

from common.papers.layout import heading, load_fonts, words

MOST = 2_000
"""Signs of a paragraph: nobody prints more of one field."""


def printed(text: str) -> bytes:
    made = io.BytesIO()
    SimpleDocTemplate(made).build([words(text[:MOST]), heading("Рядом")])
    return made.getvalue()


def test_hostile_words_are_printed_and_open_nothing(
    hostile_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_fonts()
    opened: list[str] = []
    real: Callable[..., Any] = utils.open_for_read

    def noted(name: Any, *rest: Any) -> Any:
        opened.append(str(name))
        return real(name, *rest)

    monkeypatch.setattr(utils, "open_for_read", noted)
    paper = printed(hostile_text)
    assert opened == []
    assert b"/URI" not in paper
    document = PdfDocument(paper)
    said = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Рядом" in said
    if hostile_text.startswith("<"):
        assert "<" in said
