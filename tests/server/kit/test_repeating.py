"""What is done again and again beside the server ends at once, and does nothing more after that."""

from __future__ import annotations

import threading

from server.kit.repeating import Repeating


def test_ending_one_that_rests_begins_nothing_more() -> None:
    done: list[int] = []
    first = threading.Event()

    def act() -> None:
        done.append(1)
        first.set()

    repeating = Repeating("test", act, 3600)
    repeating.start()
    assert first.wait(10)
    repeating.end()
    assert done == [1]
