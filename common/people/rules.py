"""Rules about a human being and his papers: values in, messages by field out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

ADULT = 18
"""Years at which a person signs for himself (ГК РФ, ст. 21)."""

RUSSIAN_PASSPORT = "1"
"""Code of the Russian citizen's passport in the dictionary of document kinds."""


def age(born: dt.date, on: dt.date) -> int:
    """Full years on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_minor(born: dt.date, on: dt.date) -> bool:
    return age(born, on) < ADULT


def check_name(values: Mapping[str, Any]) -> dict[str, str]:
    """A name holds no digits; everything else of living names is allowed."""
    labels = {"last_name": "Фамилия", "first_name": "Имя", "middle_name": "Отчество"}
    return {
        field: f"«{label}»: уберите цифры"
        for field, label in labels.items()
        if re.search(r"\d", str(values.get(field) or ""))
    }


def refuse_one_person(values: Mapping[str, Any]) -> dict[str, str]:
    """Nobody is another than himself."""
    if values.get("person_id") is not None and values.get("person_id") == values.get("other_id"):
        return {"other_id": "«Другое физическое лицо»: выбран тот же человек"}
    return {}


def check_passport(kind_code: str, series: str | None, number: str) -> dict[str, str]:
    """The passport of a citizen of Russia has a series of 4 and a number of 6 digits."""
    if kind_code != RUSSIAN_PASSPORT:
        return {}
    found = {}
    if not re.fullmatch(r"\d{4}", series or ""):
        found["series"] = "«Серия»: у паспорта РФ четыре цифры"
    if not re.fullmatch(r"\d{6}", number):
        found["number"] = "«Номер»: у паспорта РФ шесть цифр"
    return found


def check_period(values: Mapping[str, Any]) -> dict[str, str]:
    start, end = values.get("issued_on"), values.get("valid_to")
    if start is not None and end is not None and end < start:
        return {"valid_to": "«Действителен до»: раньше даты выдачи; поправьте одну из дат"}
    return {}


def check_certificate(values: Mapping[str, Any]) -> dict[str, str]:
    """A document is issued in the year of graduation or later."""
    year, issued = values.get("graduation_year"), values.get("issued_on")
    if year is not None and issued is not None and issued.year < year:
        return {"issued_on": "«Дата выдачи»: раньше года окончания; сверьте с документом"}
    return {}


def average_of(total: int, count: int) -> int | None:
    """The average in ten-thousandths, rounded half up as papers have it; None where nothing is averaged."""
    return (2 * total * 10_000 + count) // (2 * count) if count else None
