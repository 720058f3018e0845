"""Settings: a TOML file, then EPO_* of the environment, then flags; read once at the start."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Settings:
    database_url: str
    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8090
    accept_unsafe_database: bool = False
    second_factor: bool = True
    """Do those who give others access need a code of their telephone beside the password?"""


def read_settings(
    config: Path | None, environ: Mapping[str, str] | None = None, **flags: str | int | None
) -> Settings:
    """Invalid where the file cannot be read or a key is not known."""
    environ = os.environ if environ is None else environ
    values: dict[str, str | int] = {}
    if config is not None:
        values |= _file(config)
    for name in ("database_url", "data_dir", "host", "port", "second_factor"):
        if f"EPO_{name.upper()}" in environ:
            values[name] = environ[f"EPO_{name.upper()}"]
    values |= {name: value for name, value in flags.items() if value is not None}
    data_dir = Path(str(values.get("data_dir", "epo-data")))
    url = str(values.get("database_url", f"sqlite:///{data_dir / 'server.db'}"))
    return Settings(
        url,
        data_dir,
        str(values.get("host", "127.0.0.1")),
        int(values.get("port", 8090)),
        bool(values.get("accept_unsafe_database")),
        _switch(values.get("second_factor", True)),
    )


def _switch(value: str | int) -> bool:
    """Invalid where it is neither on nor off: a slip must not open the door."""
    said = str(value).casefold()
    if said not in {"true", "1", "on", "false", "0", "off"}:
        raise Invalid(f"second_factor: «{value}» не понято; напишите on или off")
    return said in {"true", "1", "on"}


def _file(path: Path) -> dict[str, str | int]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise Invalid(f"Файл настроек {path.name} не читается: {fault}") from None
    known = set(Settings.__slots__)
    if unknown := values.keys() - known:
        raise Invalid(
            f"В файле настроек {path.name} неизвестные ключи: {', '.join(sorted(unknown))}"
        )
    return values
