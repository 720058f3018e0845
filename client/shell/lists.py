"""Every list of the desktop: the store keeps its rows."""

from __future__ import annotations

from client.administration.lists import ADMINISTRATION, HANDED
from common.admissions.lists import LISTS as ADMISSIONS

LISTS = (*ADMISSIONS, HANDED, *ADMINISTRATION)
