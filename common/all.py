"""Every declaration of the house: import this and `entities()` is complete."""

from __future__ import annotations

import common.administration.entities
import common.admissions.entities
import common.colleges.entities
import common.people.entities
import common.reference.entities  # noqa: F401  imported for their declarations
