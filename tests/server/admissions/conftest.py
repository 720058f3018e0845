"""An open campaign at a college, on each kind of database."""

from __future__ import annotations

import pytest

from tests.server.admissions.office import Office, open_office
from tests.server.conftest import House


@pytest.fixture
def office(ours: House) -> Office:
    return open_office(ours)
