"""The shots of what a list can do: conditions, groups, views, the card beside it, one value for many, a cell in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from client.kit.bulk_edit import BulkEdit
from client.kit.list_screen import ListScreen
from client.shell.desktop import Desktop
from common.admissions.kinds import ReturnMethod
from common.kit.conditions import read

Settle = Callable[[], None]
Shoot = Callable[[str], None]

CONDITIONS = "рег:-0 состояние:принято общ:нет"


def list_craft(desktop: Desktop, look: str, place: Path, shoot: Shoot, settle: Settle) -> None:
    """The applicants' list is what is seen."""
    screen = desktop.frame.current_page()
    assert isinstance(screen, ListScreen)
    screen.filter.show(read(screen.spec.columns, CONDITIONS).conditions)
    screen.group_by("person_id__birth_date")
    screen.table.show_sort((("person_id__birth_date", True), ("name", False)))
    settle()
    shoot(f"groups_{look}")
    screen.filter.ask()
    shoot(f"condition_{look}")
    assert screen.filter.popover is not None
    screen.filter.popover.close_quietly()
    screen.menu.save_as("Принятые без общежития")
    screen.table.show_column(3, shown=False)
    screen.menu.open()
    shoot(f"views_{look}")
    assert screen.menu.panel is not None
    screen.menu.panel.close_quietly()
    screen.filter.type("дата:32.13.2010 группа:СД-21")
    shoot(f"fault_{look}")
    screen.menu.reset()
    _shared(screen, look, shoot, settle)
    screen.menu.choose("")
    settle()
    _beside(screen, look, shoot, settle)
    _many(screen, look, place, shoot, settle)


def _shared(screen: ListScreen, look: str, shoot: Shoot, settle: Settle) -> None:
    """One's own view becomes the office's, is looked at otherwise, and goes."""
    screen.menu.share("Принятые без общежития")
    screen.background.wait()
    settle()
    screen.group_by("source")
    screen.menu.open()
    shoot(f"office_views_{look}")
    assert screen.menu.panel is not None
    screen.menu.panel.close_quietly()
    screen.menu.drop()
    screen.background.wait()
    settle()


def _beside(screen: ListScreen, look: str, shoot: Shoot, settle: Settle) -> None:
    assert screen.beside is not None
    screen.window().resize(1440, 900)
    settle()
    if screen.beside.card.isHidden():
        screen.beside.turn()
    id = screen.source.id_at(3)
    screen.table.select_keys([id], id)
    settle()
    shoot(f"beside_{look}")
    screen.window().resize(1440, 900)
    settle()
    screen.beside.turn()


def _many(screen: ListScreen, look: str, place: Path, shoot: Shoot, settle: Settle) -> None:
    ids = [screen.source.id_at(row) for row in range(12)]
    screen.table.select_keys(ids, ids[0])
    screen.sums.ask()
    screen.background.wait()
    settle()
    shoot(f"chosen_{look}")
    screen.change_field()
    (dialog,) = screen.findChildren(BulkEdit)
    dialog.field.choose(next(o for o in dialog.field._all if o.id.name == "return_method"))
    assert dialog.value is not None
    dialog.value.set_value(ReturnMethod.POST)
    dialog.look()
    settle()
    dialog.grab().save(str(place / f"many_{look}.png"))
    dialog.reject()
    screen.table.view.clearSelection()
