"""The button «Вид: …» of a list and what becomes of its views: chosen, saved, shared with the office, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from client.kit.background import Background
from client.kit.buttons import button
from client.kit.office_views import OfficeViews
from client.kit.records import Touched
from client.kit.view_panel import ALL, ViewPanel
from client.kit.views import PLAIN, Office, Shared, View, Views, view_of
from client.kit.words import hint
from common.kit.errors import EpoError

LONGEST = 24
"""Letters of a view's name on the button."""
PAUSE = 400
"""Milliseconds after the last change before it is kept."""


class ViewMenu(QObject):
    """`now` tells how the list is looked at, `show` makes it look so; `button` stands beside the quick filter.

    `chosen` when other rows may be wanted; `said(words)` where something is to be told;
    `dropped(words, undo)` when a view of the office went into the basket.
    """

    chosen = Signal()
    said = Signal(str)
    dropped = Signal(str, object)

    def __init__(
        self, views: Views, background: Background, now: Callable[[], View],
        show: Callable[[View], None],
    ) -> None:  # fmt: skip
        super().__init__(background)
        self.views, self.background, self.now, self.show = views, background, now, show
        self.office = OfficeViews(views.store, views.spec)
        self.plain = now()
        self.base = self.plain
        """What «*» is told against."""
        self.button = button("", "eye", run=self.open)
        self.panel: ViewPanel | None = None
        self._narrow = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.keep)

    def begin(self) -> None:
        """As the list was left the last time."""
        self._apply(self.views.chosen)
        if self.views.left is not None:
            self.show(self._whole(view_of(self.views.left)))
        self._tell()

    def _whole(self, view: View) -> View:
        return view if view.columns.order else self.plain

    def _apply(self, id: str) -> None:
        self.views.chosen = id
        self.show(self.plain if id == PLAIN else self._whole(self.views.view(id)))
        self.base = self.now()

    def is_changed(self) -> bool:
        return self.now() != self.base

    def touched(self) -> None:
        """The list is looked at in another way than a moment ago."""
        self._tell()
        self._pause.start()

    def keep(self) -> None:
        self._pause.stop()
        self.background.ask("view", self.views.keeping(self.now()), lambda _: None)

    def _tell(self) -> None:
        name = self.views.name(self.views.chosen) or ALL
        star = " *" if self.is_changed() else ""
        short = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
        words = star.strip() if self._narrow else f" {short}{star}"
        self.button.setText(words.replace("&", "&&"))
        state = ", изменён" if star else ""
        whose = "Общий вид" if self.views.is_shared(self.views.chosen) else "Вид"
        self.button.setAccessibleName(f"{whose} списка: {name}{state}")
        self.button.setToolTip(hint(f"{whose} списка: {name}{state}  Alt+V"))

    def fold(self, *, narrow: bool) -> None:
        """Where the list is narrow the name is in the tooltip; the «*» stays."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._tell()

    # ---- what the panel does

    def open(self) -> None:
        self.panel = ViewPanel(self.button, self)
        self.panel.open()

    def choose(self, id: str) -> None:
        self._apply(id)
        self._changed()
        self.chosen.emit()
        if gone := self.views.left_out(id):
            self.said.emit(f"Вид «{self.views.name(id)}» показан без этого: {'; '.join(gone)}.")

    def reset(self) -> None:
        """Only the chosen view, as it was saved; the others stay as they are."""
        self.choose(self.views.chosen)

    def save(self) -> None:
        if self.views.is_shared(self.views.chosen):
            self._store_shared(self.views.name(self.views.chosen))
        else:
            self.views.write_over(self.now())
            self._saved()

    def save_as(self, name: str) -> str | None:
        """One's own, whosever it is made of."""
        if said := self.views.refuse_name(name):
            return said
        self.views.add(name, self.now())
        self._saved()
        return None

    def rename(self, name: str) -> str | None:
        """A view of the office keeps what it shows: only its name is another."""
        chosen = self.views.chosen
        shared = self.views.office.views.get(chosen)
        if said := self.views.refuse_name(name, but=chosen, shared=shared is not None):
            return said
        if shared is not None:
            raw = {**shared.raw, "name": name}
            self._write(lambda: self.office.change(shared, raw), self.base)
        else:
            self.views.rename(name)
            self._changed()
        return None

    def drop(self) -> None:
        """The name goes; the list stays as it is seen."""
        shared = self.views.office.views.get(self.views.chosen)
        if shared is None:
            self.views.drop()
            self.base = self.plain
            self._changed()
            return
        words = f"Общий вид «{self.views.name(shared.id)}» удалён у всех"

        def gone(_: object) -> None:
            self.dropped.emit(words, lambda: self.office.take_back(shared))

        self.background.ask("share", lambda: self.office.drop(shared), gone, self._refused)

    def _saved(self) -> None:
        self.base = self.now()
        self._changed()

    def _changed(self) -> None:
        """What a person has said of a view is kept at once, however soon he leaves."""
        self._tell()
        self.keep()

    # ---- the office's views

    def share(self, name: str) -> str | None:
        """As the list is now, for everybody who reads it; one's own view of which it is made becomes it."""
        if said := self.views.refuse_name(name, shared=True):
            return said
        look, own = self.now(), self.views.chosen
        raw, before = self.views.made_of(name, look), self.views.saved.get(own)

        def shared(made: Shared) -> None:
            if self.views.saved.get(own) == before:
                self.views.saved.pop(own, None)
            if self.views.chosen == own:  # nothing else was chosen meanwhile
                self.views.chosen, self.base = made.id, look
            self._stored(made)

        self.background.ask("share", lambda: self.office.add(raw), shared, self._refused)
        return None

    def _store_shared(self, name: str) -> None:
        shared, look = self.views.office.views[self.views.chosen], self.now()
        raw = self.views.made_of(name, look)
        self._write(lambda: self.office.change(shared, raw), look)

    def _write(self, work: Callable[[], Shared], look: View) -> None:
        chosen = self.views.chosen

        def done(made: Shared) -> None:
            if self.views.chosen == chosen:
                self.base = look
            self._stored(made)

        self.background.ask("share", work, done, self._refused)

    def _stored(self, made: Shared) -> None:
        """It is known before it is read again, so that nothing of the list moves."""
        views = {**self.views.office.views, made.id: made}
        self.views.office = replace(self.views.office, views=views)
        self._changed()

    def _refused(self, fault: EpoError) -> None:
        self.said.emit(fault.message)

    def wants(self, touched: Touched) -> bool:
        """Are the office's views to be read again after this? While they are coming, after anything."""
        entity = self.office.entity
        return entity is not None and (entity.name in touched or not self.views.office.whole)

    def refresh(self) -> None:
        """Read the office's views: at the start, and when records have changed."""
        self.background.ask("office views", self.office.read, self._take)

    def _take(self, office: Office) -> None:
        views, was_changed = self.views, self.is_changed()
        before = views.raw(views.chosen)
        if views.take(office):
            self.base = self.plain
            self._changed()
        elif views.is_shared(views.chosen) and views.raw(views.chosen) != before:
            self._follow(was_changed=was_changed)
        self._tell()

    def _follow(self, *, was_changed: bool) -> None:
        """The office's view is another now: a list that was left as it was follows, what a person has changed stays."""
        look, new = self.now(), self.views.view(self.views.chosen)
        if was_changed and look != self._whole(new):
            return
        self._apply(self.views.chosen)
        self._changed()
        if self.now() != look:
            self.chosen.emit()
