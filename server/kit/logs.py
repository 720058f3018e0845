"""JSON lines without personal data: only named technical facts are written."""

from __future__ import annotations

import logging
import sys

import msgspec

KNOWN = (
    "request_id", "method", "path", "status", "ms", "uuid", "attempt", "why", "account",
    "college", "day", "suspended", "forgotten", "vanished", "removed", "swept", "finding", "place",
)  # fmt: skip


class JsonLines(logging.Formatter):
    """Every record is one valid JSON object, whatever is in its message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "name": record.name,
            "message": record.getMessage(),
        }
        line |= {name: str(getattr(record, name)) for name in KNOWN if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return msgspec.json.encode(line).decode()


def _where(record: logging.LogRecord) -> str:
    """File and line of the fault; never its text, which may hold a person's data."""
    trace = record.exc_info[2] if record.exc_info else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""


def write_logs() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
