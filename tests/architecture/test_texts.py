"""What is written down: every lint exception has its reason, no text names a machine or a registry."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, Module, project_texts

LOCKS = ("requirements.lock", "requirements-dev.lock", "installers/bootstrap.lock")

MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/(?=\w)")
REGISTRY = re.compile(
    r"(?i)\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|npmmirror\.com)\b"
)
BARE = re.compile(
    r"#\s*(?:noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\s+\S)|type:\s*ignore(?!\[[\w, -]+\]\s+# \S))"
)


def exceptions_without_a_reason(pyproject: str) -> Iterator[str]:
    """Lines of codes in the lint rules' lists that end without a comment."""
    inside = False
    for line in pyproject.splitlines():
        if re.match(r'(?:ignore|"[\w/*]+")\s*= \[', line):
            inside = True
        elif line.startswith(("[", "]")):
            inside = False
        if inside and re.search(r'"[A-Z]+\d*"', line) and not re.search(r"#.*\w{2,}", line):
            yield line.strip()


def places(texts: list[Module], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{text.name}:{number} {line.strip()[:100]}"
        for text in texts
        for number, line in enumerate(text.text.splitlines(), 1)
        if pattern.search(line)
    ]


def others() -> list[Module]:
    """All texts but this one, which must name what it looks for."""
    return [text for text in project_texts() if not text.name.endswith("test_texts.py")]


def test_every_lint_exception_has_its_reason() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert list(exceptions_without_a_reason(pyproject)) == []


def test_every_exception_in_the_code_names_its_rule_and_its_reason() -> None:
    assert places([text for text in others() if text.name.endswith(".py")], BARE) == []


def test_no_text_names_a_machine() -> None:
    assert places(others(), MACHINE) == []


def test_no_text_names_a_registry() -> None:
    assert places(others(), REGISTRY) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_host(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"(?m)^[\w.-]+(?:\[[\w,-]+\])?==", lock)
    entries = re.split(r"(?m)^(?=[a-z])", lock)[1:]
    assert pins
    assert len(pins) == len(entries)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "//" not in lock


def test_the_development_lock_holds_the_run_lock() -> None:
    run, dev = (
        set(re.findall(r"(?m)^[\w.\[\]-]+==\S+", (ROOT / name).read_text(encoding="utf-8")))
        for name in LOCKS[:2]
    )
    assert run - dev == set()


def test_an_exception_without_a_reason_is_found() -> None:
    good = 'ignore = [\n  "A002", # a reason\n]\n"tests/**" = ["S101"] # asserts\n'
    bad = 'ignore = [\n  "A002",\n]\n"tests/**" = ["S101"]\n'
    assert not list(exceptions_without_a_reason(good))
    assert list(exceptions_without_a_reason(bad)) == ['"A002",', '"tests/**" = ["S101"]']


@pytest.mark.parametrize("line", ["cd /work/main", "'/root/x'", "path=/home/anna/epo"])
def test_a_machine_is_found(line: str) -> None:
    assert places([Module("bad.md", line)], MACHINE) == [f"bad.md:1 {line}"]


@pytest.mark.parametrize("line", ["/usr/lib/postgresql", "a/work/b", "root /srv/epo", "/rooted/"])
def test_an_ordinary_path_is_no_machine(line: str) -> None:
    assert places([Module("good.md", line)], MACHINE) == []


def test_a_registry_is_found() -> None:
    assert places([Module("bad.lock", "--index-url https://pypi.org/simple")], REGISTRY)
