"""The same steps drawn by Hypothesis, which shrinks what it finds."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.simulation.base import Step
from tests.simulation.history import WEIGHTS
from tests.simulation.swarm import opened

NUMBER = st.integers(min_value=0, max_value=999)
RARE = ("restore", "clone", "image", "spoil", "replica", "time", "skew", "bulk")


class Machine(RuleBasedStateMachine):
    """Any steps in any order; every step checks the desk it touched, the end checks all."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.simulation = self.stack.enter_context(opened())

    @rule(
        name=st.sampled_from([n for n in WEIGHTS if n not in RARE]),
        k=NUMBER,
        n=NUMBER,
        f=NUMBER,
        c=NUMBER,
    )
    def work(self, name: str, k: int, n: int, f: int, c: int) -> None:
        self.simulation.step(Step(name, k, n, f, c))

    @rule(name=st.sampled_from(RARE), k=NUMBER, n=NUMBER, f=NUMBER, c=NUMBER)
    def fault(self, name: str, k: int, n: int, f: int, c: int) -> None:
        self.simulation.step(Step(name, k, n, f, c))

    def teardown(self) -> None:
        with self.stack:
            self.simulation.quiet()


Machine.TestCase.settings = settings(
    max_examples=4,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestAnySteps = Machine.TestCase
