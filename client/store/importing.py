"""Brings a table that was looked through into the records: by the journal, in batches, as one thing that is taken back whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from client.store import basket
from client.store.store import NotShown, Store
from common.kit import exchange
from common.kit.access import opens
from common.kit.buckets import brought_by, parts_of, root_of
from common.kit.entity import describe, entities, spec_of
from common.kit.errors import EpoError
from common.kit.examining import Fate, Plan
from common.kit.exchange import Column
from common.kit.progress import Cancelled, Progress, unwatched
from common.kit.rights import Action
from common.kit.saving import reversed_save
from common.kit.spec import EntitySpec
from common.kit.sync import Save

BATCH = 200
"""Records of one transaction of the journal: nobody else waits for longer."""
REMEMBERED = "table_titles"
"""The fact that keeps what the titles of people's tables mean, by entity."""


@dataclass(slots=True)
class Applied:
    """What has been recorded: all of it, or as much as there was when it was stopped."""

    entity: str
    created: list[str] = field(default_factory=list)
    changed: list[Save] = field(default_factory=list)
    stopped: bool = False
    why: str = ""
    """Where it was not a person who stopped it."""

    def __len__(self) -> int:
        return len(self.created) + len(self.changed)


def may_take(store: Store, entity: str) -> bool:
    """May this person make records of this kind by a table? All that a new one must have is his to write."""
    spec = spec_of(entity)
    held = store.permissions()
    needed = [f for f in spec.fields if f.required and f.default is None]
    return store.may(Action.WRITE, entity) and all(
        opens(held, spec, Action.WRITE, f.field.pd) for f in needed
    )


def related(store: Store, entity: str) -> list[EntitySpec]:
    """The kinds that a table opened from this list may hold: its own, what it points at, and the parts of both."""
    spec = spec_of(entity)
    names = [
        entity,
        *(f.target for f in spec.fields if f.target and not spec_of(f.target).regional),
    ]
    names += [part for name in list(names) for part, _ in parts_of(name)]
    return [spec_of(name) for name in dict.fromkeys(names) if may_take(store, name)]


def brought() -> dict[str, str]:
    """Records that are seen only through another kind: a table alone would make them invisible. Why, by entity."""
    found = {}
    for spec in map(describe, entities()):
        bringers = [spec_of(name).one for name, _ in brought_by(spec.name)]
        if bringers and root_of(spec.name) == spec.name:
            found[spec.name] = (
                f"Новую запись вносят в карточке «{bringers[0]}»; таблицей меняют те, что есть"
            )
    return found


def columns(store: Store, spec: EntitySpec) -> tuple[Column, ...]:
    return exchange.columns(spec, store.permissions(), Action.WRITE)


def remembered(store: Store, spec: EntitySpec) -> dict[str, str]:
    """What this person's tables call the columns: keys of titles to names."""
    known: dict[str, dict[str, str]] = store.journal.fact(REMEMBERED, {})
    return known.get(spec.name, {})


def remember(store: Store, spec: EntitySpec, meant: dict[str, str]) -> None:
    with store.lock:
        known: dict[str, dict[str, str]] = store.journal.fact(REMEMBERED, {})
        known[spec.name] = known.get(spec.name, {}) | meant
        store.journal.set_facts(**{REMEMBERED: known})


def apply(store: Store, plan: Plan, told: Progress = unwatched) -> Applied:
    """Record what the plan would do. Stopped between batches, by a person or a fault, it tells how much is done: `undo` takes that back."""
    done = Applied(plan.asked.spec.name)
    wanted = plan.wanted
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        saves = [plan.save_of(line) for line in batch]
        try:
            told(start, len(wanted))
            _record(store, saves)
        except Cancelled:
            done.stopped = True
            return done
        except NotShown as fault:
            done.stopped, done.why = True, fault.message
        except EpoError as fault:  # what is recorded can be taken back: nobody may lose sight of it
            if not len(done):
                raise
            done.stopped, done.why = True, fault.message
            return done
        for line, body in zip(batch, saves, strict=True):
            if line.fate is Fate.NEW:
                done.created.append(body.id.hex)
            else:
                done.changed.append(body)
        if done.stopped:
            return done
    told(len(wanted), len(wanted))
    return done


def undo(store: Store, done: Applied, told: Progress = unwatched) -> None:
    """New records go into the basket, changed values become what they were; EpoError where something holds them."""
    for start in range(0, len(done.created), BATCH):
        told(start, len(done))
        basket.delete(store, done.entity, done.created[start : start + BATCH])
    back = [*map(reversed_save, done.changed)]
    for start in range(0, len(back), BATCH):
        told(len(done.created) + start, len(done))
        _record(store, back[start : start + BATCH])
    told(len(done), len(done))


def _record(store: Store, saves: Sequence[Save]) -> None:
    store.record(lambda _number: saves)
