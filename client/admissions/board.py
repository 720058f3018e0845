"""«Ход приёма»: how many have applied, for what, against the plan; from this computer's own records, without a link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from client.admissions.desk import today
from client.kit.background import Background
from client.kit.buttons import button
from client.kit.chart_view import ChartCard
from client.kit.pick import ChoiceEdit
from client.kit.theme import named, theme
from client.kit.words import ElidedLabel, plain
from client.store.store import Store
from client.store.tally import tally
from common.admissions.board import TAKING_PART, Board, Filed, Group, Standing, board, pictures
from common.admissions.kinds import ApplicationState, OriginalState
from common.admissions.rules import OPEN_STATES
from common.kit.charts import shown
from common.papers.charts import charted
from common.papers.layout import Sheet, paper, title, words

BY = ("filed_on", "state", "original")
TILES_BESIDE_FROM = 640
NONE = "Приёмной кампании ещё нет: её добавляют в разделе «Приёмные кампании»"
EMPTY = "Заявлений в этой кампании ещё нет. Они появятся здесь сразу после записи"


class Campaign(NamedTuple):
    id: UUID
    name: str
    year: int
    open: bool


class Told(NamedTuple):
    """What one reading of the store gives."""

    campaigns: list[Campaign]
    chosen: Campaign | None
    board: Board | None


def read(store: Store, wanted: UUID | None) -> Told:
    """The board of that campaign, else of the open one, else of the newest; off the window's thread."""
    found = [
        Campaign(UUID(id), row["name"], row["year"], row["status"] in OPEN_STATES)
        for id, row in store.all("admission_campaign").items()
    ]
    found.sort(key=lambda campaign: -campaign.year)
    chosen = next((c for c in found if c.id == wanted), None)
    chosen = chosen or next((c for c in found if c.open), found[0] if found else None)
    if chosen is None:
        return Told(found, None, None)
    groups = groups_of(store, chosen.id)
    return Told(found, chosen, board(filed_in(store, [group.id for group in groups]), groups))


def filed_in(store: Store, groups: Sequence[str]) -> list[Filed]:
    """Group by group."""
    return [
        Filed(
            group,
            dt.date.fromisoformat(day),
            ApplicationState.of(state),
            OriginalState.of(original),
            count,
        )
        for group in groups
        for day, state, original, count in tally(
            store, "application", BY, "competitive_group_id", group
        )
    ]


def groups_of(store: Store, campaign: UUID) -> list[Group]:
    rows = store.where("competitive_group", "campaign_id", campaign)
    own = store.many("org_specialty", {row["org_specialty_id"] for row in rows.values()})
    taught = store.many("specialty", {row["specialty_id"] for row in own.values()})

    def programme(row: dict[str, object]) -> str:
        known = own.get(row["org_specialty_id"].hex)  # type: ignore[attr-defined]  # a reference is a UUID
        specialty = taught.get(known["specialty_id"].hex) if known else None
        return f"{specialty['code']} {specialty['name']}" if specialty else str(row["name"])

    return [
        Group(id, row["name"], programme(row), row["funding"], row["places"])
        for id, row in rows.items()
    ]


class Tile(QFrame):
    """One number that everybody asks for."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.label = label
        self.number = plain("", role="title")
        body = QVBoxLayout(self)
        body.setContentsMargins(16, 10, 16, 12)
        body.setSpacing(2)
        body.addWidget(plain(label, role="muted"))
        body.addWidget(self.number)

    def say(self, text: str) -> None:
        self.number.setText(text)
        self.setAccessibleName(f"{self.label}: {text}")


class BoardPage(QWidget):
    """`read_in` when it is on the screen, or it was said why not; `print_asked(bytes)` with the paper."""

    read_in = Signal()
    print_asked = Signal(bytes)

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.background = Background(self)
        self.told: Told | None = None
        self.cards: list[ChartCard] = []
        self.heading = ElidedLabel("Ход приёма", role="title")
        self.choose = ChoiceEdit([], "Кампания")
        self.choose.hide()
        self.printing = button("Печать  Ctrl+P", "printer", run=self.print)
        self.printing.setShortcut("Ctrl+P")
        self.said = plain("Читаем заявления…", role="muted")
        self.said.setWordWrap(True)
        self.tiles = [Tile(t) for t in ("Подано", "Мест", "Оригиналов", "Человек на место")]
        self._build()

    def _build(self) -> None:
        self.top = QHBoxLayout()
        self.top.setSpacing(8)
        self.top.addWidget(self.heading, 1)
        self.top.addWidget(self.choose)
        self.top.addWidget(self.printing)
        self.row = QGridLayout()
        self.row.setSpacing(12)
        inside = named(QWidget(), "body")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 4, 0)
        self.body.setSpacing(12)
        self.body.addLayout(self.row)
        self.body.addStretch()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("Ход приёма: графики и таблицы")
        self.area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 14)
        whole.setSpacing(10)
        whole.addLayout(self.top)
        whole.addWidget(self.said)
        whole.addWidget(self.area, 1)
        self.setFocusProxy(self.area)
        self._place_tiles()

    def showEvent(self, event: QShowEvent) -> None:
        """Nobody counts while the page is hidden."""
        super().showEvent(event)
        self.reload()

    def reload(self) -> None:
        self._ask(self.choose.value())

    def _ask(self, campaign: UUID | None) -> None:
        self.background.ask("board", lambda: read(self.store, campaign), self._take, owner=self)

    def _take(self, told: Told) -> None:
        before, self.told = self.told, told
        if before is None or before.campaigns != told.campaigns:
            self._offer(told)
        made = told.board
        filled = made is not None and bool(made.days)
        self.said.setText(TAKING_PART if filled else EMPTY if told.chosen else NONE)
        self.printing.setEnabled(filled)
        self.area.setVisible(made is not None)
        if made is not None and (before is None or before.board != made):
            self._show(made)
        self.read_in.emit()

    def _offer(self, told: Told) -> None:
        """Which campaign: asked only where there are several."""
        made = ChoiceEdit([(c.id, c.name) for c in told.campaigns], "Кампания")
        made.setMinimumWidth(theme().px(220))
        made.set_value(told.chosen.id if told.chosen else None)
        made.changed.connect(self._chosen)
        made.setVisible(len(told.campaigns) > 1)
        self.top.replaceWidget(self.choose, made)
        self.choose.deleteLater()
        self.choose = made

    def _chosen(self) -> None:
        campaign = self.choose.value()
        if campaign is not None:
            self._ask(campaign)

    def _show(self, made: Board) -> None:
        for tile, text in zip(self.tiles, _numbers(made.whole), strict=True):
            tile.say(text)
        drawn = pictures(made) if made.days else pictures(made)[2:4]
        if len(self.cards) != len(drawn):
            for card in self.cards:
                card.setParent(None)
                card.deleteLater()
            self.cards = [ChartCard(picture) for picture in drawn]
            for place, card in enumerate(self.cards, 1):
                self.body.insertWidget(place, card)
            return
        for card, picture in zip(self.cards, drawn, strict=True):
            card.show_picture(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tiles()

    def _place_tiles(self) -> None:
        across = 4 if self.width() >= theme().px(TILES_BESIDE_FROM) else 2
        for number, tile in enumerate(self.tiles):
            self.row.addWidget(tile, number // across, number % across)

    def print(self) -> None:
        told = self.told
        if told is not None and told.board is not None and told.chosen is not None:
            made, name = told.board, told.chosen.name
            self.background.ask(
                "paper",
                lambda: sheets(made, name, today(self.store)),
                self.print_asked.emit,
                owner=self,
            )


def _numbers(whole: Standing) -> tuple[str, ...]:
    competition = whole.competition
    last = "—" if competition is None else shown(competition)
    return (shown(whole.filed), shown(whole.places), shown(whole.originals), last)


def sheets(made: Board, campaign: str, day: dt.date) -> bytes:
    """The board on paper."""
    pieces = [title("Ход приёма"), words(f"{campaign}. На {day:%d.%m.%Y}. {TAKING_PART}.")]
    for picture in pictures(made):
        pieces += charted(picture)
    return paper([Sheet("Ход приёма", tuple(pieces), f"{campaign}, {day:%d.%m.%Y}")], author="")
