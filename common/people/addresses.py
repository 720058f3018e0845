"""An address in one line: the parts that can be told for certain; the line itself is always kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields

from common.kit.keys import clean, search_key

_REGIONS = (
    (r"кемеров\w* обл|кузбасс", "42"),
    (r"новосибирск\w* обл", "54"),
    (r"томск\w* обл", "70"),
    (r"алтайск\w* край|край алтайск\w*", "22"),
    (r"респ\w*\.? алтай", "04"),
    (r"красноярск\w* край", "24"),
    (r"хакаси", "19"),
    (r"омск\w* обл", "55"),
    (r"иркутск\w* обл", "38"),
    (r"(?:респ\w*\.? )?тыва", "17"),
)
"""The region and those from which its pupils come; another region stays in the line."""

_CITIES = (
    "Анжеро-Судженск", "Белово", "Берёзовский", "Берёзовск", "Гурьевск", "Калтан", "Кемерово",
    "Киселёвск", "Ленинск-Кузнецкий", "Мариинск", "Междуреченск", "Мыски", "Новокузнецк",
    "Осинники", "Полысаево", "Прокопьевск", "Салаир", "Тайга", "Таштагол", "Топки", "Юрга",
)  # fmt: skip
_BY_KEY = {search_key(name): name for name in _CITIES}

_STREETS = (
    r"ул(?:ица)?|пр(?:-?к?-?т)?|проспект|просп|пер(?:еулок)?|б-р|бульв(?:ар)?|пл(?:ощадь)?|ш(?:оссе)?|"
    r"проезд|пр-д|мкр(?:н)?|микрорайон|кв-л|квартал|тракт|аллея|наб(?:ережная)?|тупик|линия"
)
_PLACES = (
    r"пгт|пос(?:[её]лок)?|п|с(?:ело)?|дер(?:евня)?|д|ст(?:анция)?|раз(?:ъезд)?|аал|хутор|х|снт|"
    r"рп|р\.\s?п|п\.\s?г\.\s?т|п\.\s?ст"
)
_NAME = r"(?P<name>[А-ЯЁA-Z0-9«][^,;]*?)"
_BEFORE = r"(?P<other>[А-ЯЁA-Z0-9«][^,;]*?)"
_PARTS: tuple[tuple[str, str], ...] = (
    ("apartment", r"(?:кв|квартира|комн?|комната|к-та|оф)\.?\s*(?P<name>\d+\s?[А-Яа-я]?)"),
    ("building1", r"(?:корп|корпус|к)\.?\s*(?P<name>\d+\s?[А-Яа-я]?)"),
    ("building2", r"(?:стр|строение|литера?)\.?\s*(?P<name>\d+\s?[А-Яа-я]?|[А-Я])"),
    ("house", r"(?:д|дом|зд|здание|уч|участок)\.?\s*(?P<name>\d+\s?[А-Яа-я]?(?:/\d+\s?[А-Яа-я]?)?)"),
    ("city_area", rf"{_NAME}\s+(?:р-н|район)\s+города|вн\.?\s?р-н\s+{_BEFORE}"),
    ("area", rf"(?:(?:{_NAME}\s+(?:р-?о?н|район|м\.?\s?о\.?|округ|м\.?\s?р-н))|(?:р-н|район)\s+{_BEFORE})"),
    ("city", rf"(?:г|гор|город)(?:\.\s*|\s+){_NAME}|{_BEFORE}\s+г\.?"),
    ("street", rf"(?:{_STREETS})(?:\.\s*|\s+)(?P<name>[^,;]+?)|{_BEFORE}\s+(?:{_STREETS})\.?"),
    ("place", rf"(?:{_PLACES})(?:\.\s*|\s+){_NAME}|{_BEFORE}\s+(?:{_PLACES})\.?"),
)  # fmt: skip
_KINDS = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in _PARTS)
_GLUED = re.compile(
    r"(?<=[^\s,;])\s+(?=(?:г|гор|город|ул|улица|пр(?:-?к?-?т)?|просп|проспект|пер|переулок|б-р|бульвар|пгт|пос|"
    r"с|дер|мкр|кв|квартира|корп|дом|д)(?:\.|\s)\s*[\dА-ЯЁ«])"
)
_HOUSE_ALONE = re.compile(
    r"(?P<house>\d+\s?[А-Яа-я]?(?:/\d+\s?[А-Яа-я]?)?)(?:\s?[-–—]\s?(?P<apartment>\d+\s?[А-Яа-я]?))?"
)
_STREET_AND_HOUSE = re.compile(
    r"(?P<street>.*[^\W\d_][^\d]*?)\s+(?P<house>\d+[А-Яа-я]?(?:/\d+[А-Яа-я]?)?)"
    r"(?:\s?[-–—]\s?(?P<apartment>\d+[А-Яа-я]?))?"
)
LONGEST = 200

_COUNTRY = {"россия", "рф", "российская федерация"}


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """`full` is the line as it was given; `unparsed` are the pieces that are in no part."""

    full: str
    index: str | None = None
    region_code: str | None = None
    area: str | None = None
    city: str | None = None
    city_area: str | None = None
    place: str | None = None
    street: str | None = None
    house: str | None = None
    building1: str | None = None
    building2: str | None = None
    apartment: str | None = None
    unparsed: tuple[str, ...] = ()

    def parts(self) -> dict[str, str]:
        """The parts that were told, by the names of the entity's columns."""
        names = (f.name for f in fields(self) if f.name not in {"full", "unparsed"})
        return {name: value for name in names if (value := getattr(self, name))}


def address(text: str) -> ParsedAddress:
    """«650000, Кемеровская обл., г. Юрга, ул. Ленина, д. 5, кв. 12» and shorter spellings of it."""
    full = clean(text)
    found: dict[str, str] = {}
    unparsed = tuple(piece for piece in _pieces(full) if not _take(piece, found))
    return ParsedAddress(full=full, unparsed=unparsed, **found)


def _pieces(full: str) -> Iterator[str]:
    """Between commas, and before a word like «ул.» where the comma was forgotten."""
    line = re.sub(r"(?<!\d)(\d{6})(?!\d)[\s,.]*", r", \1, ", full)
    for piece in re.split(r"[,;]", _GLUED.sub(", ", line)):
        bare = piece.strip(" .,")
        first, _, rest = bare.partition(" ")
        if rest[:1].isupper() and search_key(first) in _BY_KEY:  # «Юрга Ленина 5»
            yield first
            bare = rest
        if bare:
            yield bare


def _take(piece: str, found: dict[str, str]) -> bool:
    """Put a piece where it belongs; False where nothing is certain."""
    if search_key(piece).strip(".") in _COUNTRY:
        return True
    if re.fullmatch(r"\d{6}", piece):
        return _put(found, "index", piece)
    if code := _region(piece):
        return _put(found, "region_code", code)
    if city := _BY_KEY.get(search_key(piece)):
        return _put(found, "city", city)
    return _take_named(piece, found) or _take_bare(piece, found)


def _region(piece: str) -> str | None:
    key = search_key(piece)
    return next((code for stem, code in _REGIONS if re.match(stem, key)), None)


def _take_named(piece: str, found: dict[str, str]) -> bool:
    for part, pattern in _KINDS:
        match = pattern.fullmatch(piece)
        if not match:
            continue
        name = next((value for value in match.groupdict().values() if value), "")
        if part == "street" and (split := _STREET_AND_HOUSE.fullmatch(name)):
            street = _with_kind(piece.replace(name, split["street"]))
            return _put_all(found, split.groupdict() | {"street": street})
        value = _with_kind(piece) if part in {"street", "place", "area"} else name
        return _put(found, part, value)
    return False


def _with_kind(piece: str) -> str:
    """«пр. Ленина» is not «Ленина»; only «ул.» goes without saying."""
    spaced = re.sub(r"\.(?=\w)", ". ", piece)
    return re.sub(r"^ул(?:ица|\.)? +| +ул(?:ица|\.)?$", "", spaced, flags=re.IGNORECASE)


def _take_bare(piece: str, found: dict[str, str]) -> bool:
    """«5-12» behind a street is house and flat; «Ленина 5» is a street with its house."""
    has_place, has_house = bool(found.keys() & {"street", "place"}), "house" in found
    if has_place and not has_house and (match := _HOUSE_ALONE.fullmatch(piece)):
        return _put_all(found, match.groupdict())
    if has_house and "apartment" not in found and re.fullmatch(r"\d+[А-Яа-я]?", piece):
        return _put(found, "apartment", piece)
    if not found.keys() & {"city", "place"} or "street" in found:
        return False
    match = _STREET_AND_HOUSE.fullmatch(piece)
    return match is not None and _put_all(found, match.groupdict())


def _put(found: dict[str, str], part: str, value: str) -> bool:
    """The first of two wins; the second is left over, and so is what no column can hold."""
    if len(value) > LONGEST or found.get(part, value) != value:
        return False
    found[part] = value.strip()
    return True


def _put_all(found: dict[str, str], parts: dict[str, str | None]) -> bool:
    told = {name: value for name, value in parts.items() if value}
    if any(name in found or len(value) > LONGEST for name, value in told.items()):
        return False
    found.update(told)
    return True
