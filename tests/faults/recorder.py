"""A desk that records without rest and prints the uuid of each operation once it is in the journal.

`python -m tests.faults.recorder PROFILE [PLANTED]`; the profile has signed in and pulled. It sends too, where
EPO_TEST_SEND holds the server's address.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import common.all  # noqa: F401  the declarations
from client.net.link import Link
from client.store import journal
from client.store.connection import Connection, open_file
from client.store.store import Store
from client.store.syncing import run
from common.kit.errors import EpoError
from common.kit.ids import new_id
from common.kit.sync import Save

KEY = b"k" * 32


def bodies(campaign: str) -> list[Save]:
    """A new person and the role by which this desk sees him."""
    id = new_id()
    person = {
        "last_name": "Иванов",
        "first_name": "Пётр",
        "birth_date": "2010-03-01",
        "snils_state": "absent",
    }
    role = {
        "person_id": id.hex,
        "campaign_id": campaign,
        "reg_no": f"Б/Н-{id.hex[-6:]}",
        "registered_at": "2026-07-01T05:00:00.000000Z",
    }
    return [
        Save("person", id, create=True, set={n: (None, v) for n, v in person.items()}),
        Save("applicant", new_id(), create=True, set={n: (None, v) for n, v in role.items()}),
    ]


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def not_durable(path: Path, key: bytes, *, durable: bool, patience: int = 10_000) -> Connection:
    """The planted bug: the journal is opened as the cache is, and leaves it to the system when to write."""
    made = open_file(path, key, durable=False, patience=patience)
    made.execute("PRAGMA synchronous = OFF")
    return made


def tell_first(store: Store, campaign: str) -> None:
    """The planted bug: said before it is in the journal."""
    made = bodies(campaign)
    for body in made:
        say(f"row {body.id.hex}")
    store.record(lambda _: made)


def main(profile: str, planted: str = "") -> None:
    if planted == "not_durable":
        vars(journal)["open_file"] = not_durable
    store = Store(Path(profile), KEY, ())
    link = None
    if address := os.environ.get("EPO_TEST_SEND"):
        link = Link(address, str(store.journal.fact("token")))
    campaign = next(iter(store.all("admission_campaign")))
    while True:
        try:
            _step(store, campaign, planted)
        except EpoError as fault:
            say(f"refused {fault.message}")
            return
        if link is not None:
            run(store, link)


def _step(store: Store, campaign: str, planted: str) -> None:
    if planted == "tell_first":
        tell_first(store, campaign)
        return
    made = bodies(campaign)
    store.record(lambda _: made)
    for body in made:
        say(f"row {body.id.hex}")


if __name__ == "__main__":
    main(*sys.argv[1:])
