"""A log line is valid JSON of technical facts; the text of a fault, which may hold a person's data, is not in it."""

from __future__ import annotations

import json
import logging

import pytest

from server.kit.logs import JsonLines


def line(record: logging.LogRecord) -> dict[str, str]:
    said = JsonLines().format(record)
    assert "\n" not in said
    assert "Ёлкина" not in said
    found: dict[str, str] = json.loads(said)
    return found


def test_a_fault_is_named_by_its_kind_and_place_alone() -> None:
    with pytest.raises(ValueError, match="Ёлкина") as fault:
        int("Ёлкина Анна, 420-012")
    trace = (fault.type, fault.value, fault.tb)
    record = logging.LogRecord("epo", logging.ERROR, "", 1, "failed", (), trace)
    said = line(record)
    assert said["exception"] == "ValueError"
    assert said["where"].startswith("test_a_fault_is_named")


def test_only_known_facts_are_written() -> None:
    record = logging.LogRecord("epo", logging.INFO, "", 1, "request", (), None)
    record.__dict__ |= {"path": "/api/me", "body": "Ёлкина", "request_id": "7"}
    assert line(record).keys() == {"at", "level", "name", "message", "path", "request_id"}
