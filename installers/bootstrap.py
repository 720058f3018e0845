"""The newcomer's two commands: makes .venv from the pinned locks, then runs the demo or the checks."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STATE = VENV / "epo-setup.json"
PACKAGES = ROOT / "installers" / "debian"
UV_LOCK = ROOT / "installers" / "bootstrap.lock"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

USAGE = """\
Использование:
  python3 installers/bootstrap.py demo [параметры epo demo]   показать систему на выдуманных данных
  python3 installers/bootstrap.py test                        все проверки (то же, что poe check)
  python3 installers/bootstrap.py setup [--dev]               только подготовить окружение .venv
"""

UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
}
"""uv reads none of pip's configuration: what it calls the same settings."""

LISTS = {"extra-index-url": " ", "find-links": ",", "trusted-host": " "}
"""The settings with several values, and what uv puts between them."""


class RefusedError(Exception):
    """One Russian sentence that says what stopped us and the way out."""


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows console may lack some letters
    if not is_right_call(arguments):
        say(USAGE)
        return 2
    try:
        return run(arguments[0], arguments[1:])
    except RefusedError as refused:
        say(str(refused))
        return 1


def is_right_call(arguments: list[str]) -> bool:
    if arguments[:1] == ["setup"]:
        return arguments[1:] in ([], ["--dev"])
    return arguments[:1] == ["demo"] or arguments == ["test"]


def run(name: str, rest: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - the newcomer's Python is not the project's
        raise RefusedError(f"Нужен Python 3.11 или новее, а это {sys.version.split()[0]}.")
    dev = name == "test" or "--dev" in rest
    set_up(dev=dev)
    if name == "setup":
        say(f"Окружение готово: {VENV.name}. Дальше: demo — показать систему, test — проверить.")
        return 0
    environment = activated()
    if name == "test":
        environment["QT_QPA_PLATFORM"] = "offscreen"
        return hand_over("poe", ["check"], environment)
    return hand_over("epo", ["demo", *rest], environment)


def set_up(*, dev: bool) -> None:
    """Do what the locks ask for and no more: a second call with the same locks does nothing."""
    done = read_state()
    dev = dev or done.get("dev") == "yes"  # the development lock holds the run lock
    wanted = wanted_state(dev=dev)
    if done == wanted:
        return
    packages_are_there = install_system_packages(dev=dev)
    make_venv()
    install_locked(DEV_LOCK if dev else RUN_LOCK)
    if packages_are_there:
        STATE.write_text(json.dumps(wanted, indent=2), encoding="utf-8")


def read_state() -> dict[str, str]:
    if not STATE.exists() or not venv_python().exists():
        return {}
    try:
        state: dict[str, str] = json.loads(STATE.read_text(encoding="utf-8"))
    except ValueError:
        return {}  # cut off while it was written
    return state


def wanted_state(*, dev: bool) -> dict[str, str]:
    """What the environment was made from; a moved folder needs a new one, its scripts name it."""
    files = [UV_LOCK, DEV_LOCK if dev else RUN_LOCK, ROOT / "pyproject.toml", *package_lists(dev)]
    content = b"\0".join(file.read_bytes() for file in files)
    return {
        "content": hashlib.sha256(content).hexdigest(),
        "dev": "yes" if dev else "no",
        "place": str(ROOT),
        "python": sys.version,
    }


def package_lists(dev: bool) -> list[Path]:  # noqa: FBT001 - one internal word
    names = ["packages.txt", "packages-test.txt"] if dev else ["packages.txt"]
    return [PACKAGES / name for name in names]


def system_packages(*, dev: bool) -> list[str]:
    lines = [
        line.strip()
        for file in package_lists(dev)
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    names = [line for line in lines if line and not line.startswith("#")]
    return names if has_ensurepip() else ["python3-venv", *names]


def has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def install_system_packages(*, dev: bool) -> bool:
    """False where something is missing and only the user can install it; he is told what."""
    if not sys.platform.startswith("linux"):
        return True
    names = system_packages(dev=dev)
    if shutil.which("dpkg-query") is None:
        say(
            f"Это не Debian. Программе нужны библиотеки, которые в Debian зовутся: {' '.join(names)}."
        )
        return True
    missing = missing_packages(names)
    if missing and os.geteuid() == 0:
        install_by_apt(missing)
        return True
    if missing:
        say(f"Не хватает системных пакетов. Поставьте их: {apt_command(missing)}")
    return not missing


def missing_packages(names: list[str]) -> list[str]:
    asked = ["dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\n", *names]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return [name for name in names if f"{name} installed" not in answer.splitlines()]


def apt_command(names: list[str]) -> str:
    return f"sudo apt-get install -y --no-install-recommends {' '.join(names)}"


def install_by_apt(names: list[str]) -> None:
    say(f"Ставлю системные пакеты: {' '.join(names)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-o", "Acquire::Retries=3"]
    way_out = f"Поставьте их сами: {apt_command(names)}"
    do([*apt, "update"], environment, f"Не обновился список системных пакетов. {way_out}")
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    do(install, environment, f"Не поставились системные пакеты. {way_out}")


def make_venv() -> None:
    STATE.unlink(missing_ok=True)
    if venv_has_pip():
        return
    if not has_ensurepip():
        raise RefusedError(
            f"У этого Python нет venv. Поставьте его: {apt_command(['python3-venv'])} — и повторите."
        )
    say(f"Делаю окружение {VENV.name} для Python {sys.version.split()[0]}")
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    do(make, dict(os.environ), f"Не получилось создать {VENV.name}: удалите его и повторите.")


def venv_has_pip() -> bool:
    """A pip of this very Python: an environment left by another one is made anew."""
    if not venv_python().exists():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    asked = [str(venv_python()), "-c", check]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def install_locked(lock: Path) -> None:
    say(f"Ставлю библиотеки из {lock.name}")
    way_out = "Проверьте связь с хранилищем пакетов (настройки pip) и повторите."
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check"]
    get_uv = [*pip, "install", "--quiet", "--require-hashes", "-r", str(UV_LOCK)]
    do(get_uv, dict(os.environ), f"Не поставился установщик uv. {way_out}")
    environment = uv_environment(pip_settings())
    uv = [str(program("uv")), "pip"]
    # compiled here once, so that the first start does not do it before the eyes of the newcomer
    sync = [*uv, "sync", "--compile-bytecode", "--require-hashes", str(lock)]
    do(sync, environment, f"Не поставились библиотеки из {lock.name}. {way_out}")
    ourselves = [*uv, "install", "--no-deps", "--no-build-isolation", "--no-index", "-e", str(ROOT)]
    do(ourselves, environment, "Не поставился сам проект: см. сообщение выше.")


def pip_settings() -> dict[str, str]:
    """What pip would use: its files, then the environment, each stronger than the one before."""
    asked = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "config", "list"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return read_pip_settings(answer)


def read_pip_settings(listing: str) -> dict[str, str]:
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in found:
            found[section][option] = str(ast.literal_eval(value))
    return {**found["global"], **found["install"], **found[":env:"]}


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """The activated environment in which uv asks the same places as pip."""
    environment = activated()
    environment["UV_PYTHON_DOWNLOADS"] = "never"
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # as pip; hashes keep it safe
    for option, uv_name in UV_NAMES.items():
        values = [value for value in settings.get(option, "").split() if is_reachable(value)]
        if values:
            environment.setdefault(uv_name, LISTS.get(option, " ").join(values))
    return environment


def is_reachable(place: str) -> bool:
    """A folder that is not there is passed over by pip but stops uv."""
    if place.startswith("file:"):
        return Path(url2pathname(urlsplit(place).path)).exists()
    return "://" in place or not Path(place).is_absolute() or Path(place).exists()


def activated() -> dict[str, str]:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "PYTHONUTF8": "1"}
    environment.pop("PYTHONHOME", None)
    environment["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return environment


def program(name: str) -> Path:
    return BIN / (f"{name}.exe" if os.name == "nt" else name)


def venv_python() -> Path:
    return program("python")


def do(command: list[str], environment: dict[str, str], failure: str) -> None:
    """Run quietly; a failure shows all that the program said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        say(done.stdout.decode("utf-8", "replace"))
        raise RefusedError(failure)


def hand_over(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Become the program, so that a signal and a pipe reach it and not us."""
    if not program(name).exists():
        raise RefusedError(f"В окружении нет программы {name}: удалите {VENV.name} и повторите.")
    command = [str(program(name)), *arguments]
    sys.stderr.flush()
    os.chdir(ROOT)
    if os.name == "posix":
        os.execve(command[0], command, environment)
    return subprocess.run(command, env=environment, check=False).returncode


def say(text: str) -> None:
    """To the error stream: the first line of the output is the demo's address."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
