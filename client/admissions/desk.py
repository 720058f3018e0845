"""What the desk knows of itself: the day of its college, and who sits at it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from client.kit.records import now_ms
from client.store.store import Store
from common.kit.dates import REGION_ZONE


def now() -> dt.datetime:
    return dt.datetime.fromtimestamp(now_ms() / 1000, dt.UTC)


def day_of(store: Store, moment: dt.datetime) -> dt.date:
    """The date of a moment in the college's own zone, whatever the zone of this computer."""
    zone = ZoneInfo(store.journal.fact("zone", REGION_ZONE))
    return moment.astimezone(zone).date()


def today(store: Store) -> dt.date:
    return day_of(store, now())


def own_name(store: Store) -> str:
    """«Кузьмина О.П.», as it stands under a paper."""
    names = str(store.journal.fact("name", "")).split()
    return " ".join([*names[:1], "".join(f"{n[0]}." for n in names[1:])])
