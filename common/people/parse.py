"""Composite cells as people fill them: «Паспортные данные», «Представитель», addresses. What is not understood is kept."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from common.kit.dates import parse_day
from common.kit.formats import NAME, PHONE, clean
from common.kit.keys import search_key
from common.kit.unreadable import Unreadable
from common.people.kinds import Kinship

DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2}")
PHONES = re.compile(r"\+?\d[\d\s()-]{8,18}\d")
CODE = re.compile(r"(?:код(?:\s+подразделения)?\.?:?\s*)?(?<!\d)(\d{3}-\d{3})(?!\d)", re.IGNORECASE)
PASSPORT = re.compile(
    r"(?:паспорт(?:\s+рф)?|серия|сер\.)?[:\s]*(\d{2})\s?(\d{2})(?:\s*(?:№|N|номер)?\s*)(\d{6})(?!\d)",
    re.IGNORECASE,
)
KIN = (
    (Kinship.MOTHER, r"мать|мама|матер"),
    (Kinship.FATHER, r"отец|папа"),
    (Kinship.GUARDIAN, r"опекун"),
    (Kinship.CUSTODIAN, r"попечител"),
    (Kinship.FOSTER, r"приемн|приёмн"),
)


@dataclass(frozen=True, slots=True)
class ParsedPassport:
    series: str | None
    number: str | None
    issued_on: dt.date | None
    issued_by: str | None
    department_code: str | None
    rest: str | None
    """The whole cell, where it is not a passport."""


@dataclass(frozen=True, slots=True)
class ParsedRepresentative:
    last_name: str | None
    first_name: str | None
    middle_name: str | None
    relation: Kinship
    phone: str | None
    work_place: str | None
    identity: str | None
    rest: str | None


def full_name(text: str) -> tuple[str, str | None, str | None]:
    """(last, first, middle); «оглы», «кызы» and everything after the second word belong to the middle name."""
    words = (NAME.parse(text) or "").split()
    if not words:
        return "", None, None
    middle = " ".join(words[2:]) or None
    return words[0], words[1] if len(words) > 1 else None, middle


def passport(text: str) -> ParsedPassport:
    whole = clean(text)
    found = PASSPORT.search(whole)
    if not found:
        return ParsedPassport(None, None, None, None, None, whole or None)
    after = whole[found.end() :]
    code = CODE.search(after)
    if code:
        after = after[: code.start()] + " " + after[code.end() :]
    issued_on, after = _take_day(after)
    by = re.sub(r"^[\s,;.]*(?:кем\s+)?(?:выдан[оа]?\b)?[\s:,]*", "", after, flags=re.IGNORECASE)
    by = re.sub(r"\s*(?:дата выдачи|г\.?)?[\s,;.]*$", "", by, flags=re.IGNORECASE)
    by = clean(re.sub(r"\s+,", ",", by)).strip(" ,;.")
    return ParsedPassport(
        found[1] + found[2], found[3], issued_on, by or None, code[1] if code else None, None
    )


def _take_day(text: str) -> tuple[dt.date | None, str]:
    for match in DATE.finditer(text):
        try:
            return parse_day(match.group()), text[: match.start()] + " " + text[match.end() :]
        except Unreadable:
            continue
    return None, text


def phones(text: str) -> tuple[tuple[str, ...], str]:
    """The telephone numbers of a cell, and what is left of it."""
    found: list[str] = []
    rest = text
    for match in PHONES.finditer(text):
        try:
            number = PHONE.parse(match.group())
        except Unreadable:
            continue
        if number:
            found.append(number)
            rest = rest.replace(match.group(), " ", 1)
    return tuple(dict.fromkeys(found)), clean(rest).strip(" ,;")


def representative(text: str) -> ParsedRepresentative:
    whole = clean(text)
    identity = None
    found = re.search(r"паспорт.*$", whole, re.IGNORECASE)
    body = whole
    if found:
        identity, body = found.group(), whole[: found.start()]
    numbers, body = phones(body)
    key = search_key(body)
    relation = next((kin for kin, stem in KIN if re.search(rf"\b(?:{stem})", key)), Kinship.OTHER)
    pieces = [p.strip(" .()") for p in re.split(r"[,;:()]", body)]
    pieces = [p for p in pieces if p and not _is_kin(p) and search_key(p) not in {"тел", "телефон"}]
    names = next((p for p in pieces if re.fullmatch(r"[^\W\d_]+(?:[ -][^\W\d_.]+){1,3}", p)), None)
    if names is None:
        return ParsedRepresentative(None, None, None, relation, None, None, None, whole or None)
    work = ", ".join(p for p in pieces if p != names)
    last, first, middle = full_name(_without_kin(names))
    return ParsedRepresentative(
        last, first, middle, relation, "; ".join(numbers) or None, work or None, identity, None
    )


def _is_kin(piece: str) -> bool:
    return any(re.fullmatch(rf"(?:{stem})\w*", search_key(piece)) for _, stem in KIN)


def _without_kin(names: str) -> str:
    return " ".join(w for w in names.split() if not _is_kin(w))


def school(text: str) -> tuple[int | None, str | None]:
    """«2026, МБОУ СОШ № 5 г. Юрга» → (year of graduation, organisation)."""
    whole = clean(text)
    found = re.search(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)(?:\s*г(?:\.|од[а-я]*)?)?", whole)
    if not found:
        return None, whole or None
    rest = clean(whole[: found.start()] + " " + whole[found.end() :]).strip(" ,;.-")
    return int(found[1]), rest or None


def certificate(text: str) -> tuple[str | None, str | None]:
    """«Аттестат 04224 0098812» → (series, number); a single number has no series."""
    whole = re.sub(r"^(аттестат|диплом|серия|№)[\s:№]*", "", clean(text), flags=re.IGNORECASE)
    parts = [p for p in re.split(r"[\s,№]+|серия|номер", whole) if p]
    if not parts:
        return None, None
    if len(parts) == 1:
        return None, parts[0]
    return "".join(parts[:-1]), parts[-1]


def address_parts(text: str) -> dict[str, str]:
    """What can be told of an address line with certainty; the line itself is always kept."""
    found: dict[str, str] = {}
    if match := re.search(r"(?<!\d)(\d{6})(?!\d)", text):
        found["index"] = match[1]
    if re.search(r"кемеров|кузбасс", text, re.IGNORECASE):
        found["region_code"] = "42"
    for name, pattern in (
        ("city", r"\bг(?:\.|ород)\s*([А-ЯЁ][\w -]+?)(?=,|;|$| ул| пр)"),
        ("street", r"\b(?:ул\.?|улица|пр-кт|проспект|пер\.?|бульвар|б-р)\s*([^,;]+)"),
        ("house", r"\bд(?:\.|ом)\s*(\d+\s?[А-Яа-я]?(?:/\d+)?)"),
        ("apartment", r"\bкв(?:\.|артира)?\s*(\d+)"),
    ):
        if match := re.search(pattern, text):
            found[name] = clean(match[1])[:200]
    return found
