"""What the numbers of a list come to, under its rows; of the rows that are found, not of all."""

from __future__ import annotations

from collections.abc import Mapping

from client.kit.words import ElidedLabel
from common.kit.lists import ListSpec


class TotalsLine(ElidedLabel):
    """Hidden where no column has a total."""

    def __init__(self) -> None:
        super().__init__(role="muted")
        self.setContentsMargins(12, 6, 12, 2)
        self.hide()

    def show_totals(self, spec: ListSpec, totals: Mapping[str, str]) -> None:
        said = [
            f"{each.label}: {each.total.value} {totals[each.key]}"
            for each in spec.columns
            if each.total is not None and totals.get(each.key)
        ]
        self.setText(" · ".join(said))
        self.setVisible(bool(said))
