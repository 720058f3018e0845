"""Composite cells as people fill them: «Паспортные данные», «Представитель», school, certificate. Nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from common.kit.dates import MONTHS, MONTHS_ALONE, parse_day
from common.kit.formats import PHONE
from common.kit.keys import clean, search_key
from common.kit.unreadable import Unreadable
from common.people.kinds import Kinship
from common.people.names import PATRONYMIC, SON_OF, full_name

_STEMS = "|".join(dict.fromkeys(month[:3] for month in (*MONTHS, *MONTHS_ALONE)))
DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})(?![\d/])|\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|[«\"„]?\d{{1,2}}[»\"“]?\s+(?:{_STEMS})[а-я]*\.?\s+\d{{4}})(?:\s?(?:г\.?|года?)(?![А-Яа-яЁё]))?",
    re.IGNORECASE,
)
PHONES = re.compile(r"(?<!\d)\+?\d(?:[\s()./‐–-]*\d){9,14}(?!\d)")
CODE = re.compile(
    r"\(?(?:(?:код|к[./]\s?п\.?)(?:\s*подр(?:азделения|азд)?\.?)?[\s:№-]*)?(?<!\d)(?<!\d-)(\d{3})\s?[-–—]\s?(\d{3})(?!-?\d)\)?"
    r"|\(?(?:код|к[./]\s?п\.?)(?:\s*подр(?:азделения|азд)?\.?)?[\s:№-]*(\d{3})(\d{3})(?!\d)\)?",
    re.IGNORECASE,
)
PASSPORT = re.compile(
    r"(?:(?P<word>паспорт[а-я]*)(?:\s+(?:рф|гр[а-я.]*\s+(?:рф|россии|российской федерации)))?[\s:,]*)?"
    r"(?:(?P<series>сери[яи]|сер\.?)[\s:]*)?"
    r"(?<!\d)(\d{2})[\s-]?(\d{2})[\s,-]*(?P<sign>№|N|ном(?:ер|\.)?)?[\s:№]*(\d{3})\s?(\d{3})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParsedPassport:
    """`unparsed` are the pieces that found no place; where it is no passport of Russia, the whole cell."""

    series: str | None = None
    number: str | None = None
    issued_by: str | None = None
    issued_on: dt.date | None = None
    department_code: str | None = None
    unparsed: tuple[str, ...] = ()

    @property
    def rest(self) -> str | None:
        return "; ".join(self.unparsed) or None


@dataclass(frozen=True, slots=True)
class ParsedRepresentative:
    """`identity` is the document as it was written, `phone` holds all numbers of the cell."""

    last_name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    relation_hint: Kinship | None = None
    phone: str | None = None
    work_place: str | None = None
    passport: ParsedPassport | None = None
    identity: str | None = None
    unparsed: tuple[str, ...] = ()

    @property
    def rest(self) -> str | None:
        return "; ".join(self.unparsed) or None


@dataclass(frozen=True, slots=True)
class ParsedCertificate:
    series: str | None = None
    number: str | None = None
    issued_on: dt.date | None = None
    unparsed: tuple[str, ...] = ()


# ---- days and telephones in a text


def _take_days(text: str) -> tuple[list[dt.date], str]:
    """The dates of a text that exist in the calendar, and the text with the first of them cut out."""
    days: list[dt.date] = []
    rest = text
    for match in DATE.finditer(text):
        try:
            day = parse_day(match.group())
        except Unreadable:
            continue
        if day and not days:
            before = re.sub(r"(?<!\w)от\s*$", "", text[: match.start()])
            rest = f"{before} {text[match.end() :]}"
        if day:
            days.append(day)
    return days, rest


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
    rest = re.sub(r"(?<!\w)(?:моб|сот|тел|телефон|т)(?!\w)[.:]*(?=\s*(?:[,;)]|$))", " ", rest)
    return tuple(dict.fromkeys(found)), clean(rest).strip(" ,;")


# ---- passport

_OTHER_PLACE = re.compile(
    r"[\s,;.]*\b(?:зарегистрирован|прописан|прописка|место жительства|адрес|прожива|снилс|инн|"
    r"место рождения|дата рождения|д\.\s?р\.|г\.\s?р\.|род\.|действ|утерян|утрачен|просроч).*$",
    re.IGNORECASE,
)
_ISSUED = re.compile(r"(?<!\w)(?:кем\s+)?(?:выдан[оа]?|дата\s+выдачи)(?!\w)[\s:,]*", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:паспорт[а-я]*|гражданин[а-я]*|гражданк[а-я]*|рф|россии|российской|федерации|данные|серия)\b",
    re.IGNORECASE,
)


def passport(text: str) -> ParsedPassport:
    """«32 15 № 123456 выдан ОУФМС … 12.03.2015 код 420-012» in any order behind the number."""
    whole = clean(text)
    found = PASSPORT.search(whole)
    if not found or re.match(r"заг?ран", whole, re.IGNORECASE):
        return ParsedPassport(unparsed=(whole,) if whole else ())
    before = _piece(_BEFORE.sub(" ", whole[: found.start()]))
    after = whole[found.end() :]
    other = _OTHER_PLACE.search(after)
    unparsed = [before, _piece(other.group()) if other else ""]
    code, after = _take_code(after[: other.start()] if other else after)
    days, after = _take_days(after)
    unparsed += [match.group() for match in DATE.finditer(after)]
    after = DATE.sub(" ", after)
    by = _piece(_ISSUED.sub(" ", after))
    if by and not re.search(r"[^\W\d_]{2}", by):
        unparsed.append(by)
        by = ""
    return ParsedPassport(
        series=found[3] + found[4],
        number=found[6] + found[7],
        issued_by=by or None,
        issued_on=days[0] if days else None,
        department_code=code,
        unparsed=tuple(filter(None, unparsed)),
    )


def _take_code(text: str) -> tuple[str | None, str]:
    match = CODE.search(text)
    if not match:
        return None, text
    code = f"{match[1] or match[3]}-{match[2] or match[4]}"
    return code, f"{text[: match.start()]} {text[match.end() :]}"


def _piece(text: str) -> str:
    """What is left of a text after cutting: no marks at its edges, none doubled."""
    text = re.sub(r"\s+([,;])", r"\1", clean(text))
    text = re.sub(r"(?:[,;]\s*){2,}", ", ", text).replace("()", "")
    text = re.sub(r"(?:^|(?<=\s))(?:от|г\.)$", "", text.strip(" ,;:-"))
    return clean(re.sub(r"^[.,;:\s]+|[,;:\s]+$", "", text)).removesuffix(" от").strip()


# ---- representative

KIN = (
    (Kinship.MOTHER, r"мать|мама|матер[иью]"),
    (Kinship.FATHER, r"отец|папа|отц[ау]"),
    (Kinship.GUARDIAN, r"опекун\w*"),
    (Kinship.CUSTODIAN, r"попечител\w*"),
    (Kinship.FOSTER, r"при[её]мн\w* (?:мать|отец|родитель)|при[её]мн\w*"),
    (Kinship.SPOUSE, r"муж|жена|супруг\w*"),
    (
        Kinship.OTHER,
        r"бабушк\w*|дедушк\w*|бабка|дед|т[её]т[яи]|дяд[яи]|брат|сестра|отчим|мачеха|родственни\w*",
    ),
)
_ALL_KIN = "|".join(words for _, words in KIN)
_KIN = re.compile(rf"(?<!\w)(?:{_ALL_KIN})(?!\w)", re.IGNORECASE)
_ROLE = re.compile(r"(?<!\w)(?:законн\w* представител\w*|представител\w*|фио)(?!\w)", re.IGNORECASE)
_WORK = re.compile(
    r"(?<!\w)(?:ооо|оао|ао|пао|зао|нао|ип|ано|ргуп|мп|муп|гуп|фгуп|фку|фкп|мку|мб\w+|ма\w?оу|гб\w+|га\w*у|"
    r"гк\w*у|мк\w*оу|фгб\w+|оу|доу|сош|ржд|мвд|мчс|уфсин|гуфсин|росгвард\w*|завод\w*|шахт\w*|разрез\w*|"
    r"больниц\w*|поликлиник\w*|школ\w*|детск\w* сад\w*|магазин\w*|фабрик\w*|администраци\w*|колледж\w*|"
    r"техникум\w*|университет\w*|институт\w*|банк\w*|почт\w*|аптек\w*|войсков\w*|в/ч|"
    r"место работы|работ[аы]\w*|не работ\w*|временно не|безработн\w*|неработ\w*|пенсионер\w*|"
    r"домохозя\w*|самозанят\w*|инвалид\w*|декрет\w*|служащ\w*|"
    r"бухгалтер\w*|продав\w*|водител\w*|учител\w*|врач\w*|медсестр\w*|медицинск\w*|инженер\w*|шахтер\w*|"
    r"повар\w*|воспитател\w*|менеджер\w*|директор\w*|мастер\w*|слесар\w*|электр\w*|машинист\w*|"
    r"оператор\w*|кассир\w*|юрист\w*|военн\w*|охранник\w*|технолог\w*|экономист\w*|диспетчер\w*|"
    r"парикмахер\w*|предпринимател\w*|механик\w*|горнорабоч\w*|сварщик\w*|строител\w*|токар\w*|"
    r"фельдшер\w*|педагог\w*|преподавател\w*|уборщи\w*|кладовщи\w*|специалист\w*|рабоч\w*|начальник\w*)"
    r"(?!\w)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"прожив|адрес|зарегистр|прописан|умер|лишен|скончал", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:[^\W\d_]+[ ])*?[^\W\d_]['\w-]+(?: (?:[^\W\d_]\. ?[^\W\d_]\.|[^\W\d_]['\w-]*\.?)){1,4}"
)
_OPEN, _CLOSE = "«(„", "»)“"


def representative(text: str) -> ParsedRepresentative:
    """«Иванова Мария Петровна, мать, 8-913-123-45-67; ООО «Ромашка», бухгалтер; паспорт …»."""
    whole = clean(text)
    identity, body = _take_identity(whole)
    numbers, body = phones(body)
    sections = [_split(section, ",") for section in _split(body, ";")]
    pieces = [piece for section in sections for piece in section]
    named = next((piece for piece in pieces if _is_person(piece)), None)
    if named is None:
        return ParsedRepresentative(unparsed=(whole,) if whole else ())
    work, unparsed = _sort_out(sections, named)
    last, first, middle = full_name(_bare_name(named))
    return ParsedRepresentative(
        last_name=last,
        first_name=first,
        middle_name=middle,
        relation_hint=_relation(" ".join(pieces)),
        phone="; ".join(numbers) or None,
        work_place=", ".join(work) or None,
        passport=passport(identity) if identity else None,
        identity=identity or None,
        unparsed=tuple(unparsed),
    )


def _take_identity(whole: str) -> tuple[str, str]:
    """The document and the text without it; a bare run of ten digits may be a telephone."""
    match: re.Match[str] | None = next(
        (m for m in PASSPORT.finditer(whole) if _says_passport(m)), None
    )
    start = match.start() if match else whole.casefold().find("паспорт")
    if start < 0:
        return "", whole
    end = len(whole)
    for mark in re.finditer(r"[;,]\s*", whole[start:]):
        tail = whole[start + mark.end() :]
        if re.match(r"(?:тел|моб|сот|т\.|\+7|8[\s(-]*[39])", tail, re.IGNORECASE) or (
            mark.group().startswith(";") and _WORK.match(tail)
        ):
            end = start + mark.start()
            break
    return whole[start:end].strip(" ,;"), f"{whole[:start]}; {whole[end:]}"


def _says_passport(match: re.Match[str]) -> bool:
    if any(match[name] for name in ("word", "series", "sign")):
        return True
    return " " in match.group().strip() and not match[3].startswith(("89", "79", "9"))


def _split(text: str, mark: str) -> list[str]:
    """Pieces between marks that stand in no quotes and no brackets; a bracket is a piece of its own."""
    pieces, depth, piece, straight = [], 0, "", False
    for letter in re.sub(r"\(([^()«»]*)\)", r", \1,", text) if mark == "," else text:
        straight ^= letter == '"'
        depth = max(0, depth + (letter in _OPEN) - (letter in _CLOSE))
        if letter == mark and not depth and not straight:
            pieces.append(piece)
            piece = ""
        else:
            piece += letter
    return [bare for piece in (*pieces, piece) if (bare := piece.strip(" ,;:-"))]


def _relation(text: str) -> Kinship | None:
    key = search_key(text)
    found = [kin for kin, words in KIN if re.search(rf"(?<!\w)(?:{words})(?!\w)", key)]
    return Kinship.FOSTER if Kinship.FOSTER in found else found[0] if found else None


def _bare_name(piece: str) -> str:
    """The name of a piece without «мать:» and «законный представитель»."""
    bare = clean(_ROLE.sub(" ", _KIN.sub(" ", piece))).strip(" :–—-")
    return re.sub(r"(?<=\w{2})\.$", "", bare)


def _is_person(piece: str) -> bool:
    name = _bare_name(piece)
    if _WORK.search(name) or _ELSEWHERE.search(name) or re.search(r"[«»\"\d]", name):
        return False
    return _all_small(name) or bool(_PERSON.fullmatch(name) and name[0].isupper())


def _all_small(name: str) -> bool:
    """«иванова мария петровна»: three words, or four with «оглы», the last one a patronymic."""
    words = name.split()
    if not re.fullmatch(r"[а-яё -]+", name) or len(words) not in (3, 4):
        return False
    if len(words) == 4:
        return words[-1] in SON_OF
    return bool(PATRONYMIC.fullmatch(words[-1]))


def _sort_out(sections: list[list[str]], named: str) -> tuple[list[str], list[str]]:
    """What is left besides the name: the work place, and what is neither."""
    work: list[str] = []
    unparsed: list[str] = []
    for section in sections:
        left = [p for p in section if p != named and _says_more(p)]
        works = any(_WORK.search(piece) for piece in left)
        alone = named not in section and len(sections) > 1
        for piece in left:
            if _ELSEWHERE.search(piece) or not re.search(r"[^\W\d_]", piece):
                unparsed.append(piece)
            elif works or alone:
                work.append(re.sub(r"^место работы[\s:–-]*", "", piece, flags=re.IGNORECASE))
            else:
                unparsed.append(piece)
    return work, unparsed


def _says_more(piece: str) -> bool:
    left = _ROLE.sub("", _KIN.sub("", re.sub(r"(?i)\b(?:тел|телефон|моб|сот|т)\b\.?", "", piece)))
    return bool(re.search(r"\w", left))


# ---- school and certificate

_YEAR = re.compile(r"(?<![\d№.-])(?<!№ )(19[5-9]\d|20\d\d)(?![\d.-])(?:\s?(?:год[ау]?|г\b\.?))?")
_FINISHED = re.compile(
    r"^(?:окончил[а]?|закончил[а]?|выпуск|год окончания)?[\s:]*(?:в\b)?\s*", re.IGNORECASE
)


def school(text: str) -> tuple[int | None, str | None]:
    """«2026, МБОУ СОШ № 5 г. Юрга» → (year of graduation, organisation)."""
    whole = clean(text)
    found = _YEAR.search(whole)
    if not found:
        return None, whole or None
    before = _FINISHED.sub("", whole[: found.start()])
    rest = _piece(f"{before} {whole[found.end() :]}").strip(" .-–—")
    return int(found[1]), rest or None


_NUMBER = re.compile(
    r"(?:(?:серия\s*)?(\d{2}\s?-?\s?[А-ЯA-Z]{1,2}|\d{5}(?=[\s№])|\d{4}(?=[\s№])|\d{6}(?=\s))[\s,-]*)?"
    r"(?:№|номер|N)?\s*(?<!\d)(\d{6,14})(?!\d)",
    re.IGNORECASE,
)
_CERTIFICATE_WORDS = re.compile(
    r"(?:аттестат\w*|диплом\w*|свидетельство|об?|основном|среднем|общем|полном|профессиональном|"
    r"образовании|серия|номер|выдан|дата выдачи|с отличием|от|№|г\.?)(?!\w)",
    re.IGNORECASE,
)


def certificate_number(text: str) -> ParsedCertificate:
    """«Аттестат 04224 0098812» → series 04224, number 0098812; a single number has no series."""
    whole = clean(text)
    if search_key(whole) in {"", "-", "нет", "б/н"}:
        return ParsedCertificate()
    days, rest = _take_days(whole)
    found = _NUMBER.search(rest)
    if not found:
        return ParsedCertificate(unparsed=(whole,))
    left = _piece(f"{rest[: found.start()]} {rest[found.end() :]}")
    more = left if re.search(r"\w", _CERTIFICATE_WORDS.sub("", left)) else ""
    series = re.sub(r"[\s-]", "", found[1] or "").upper()
    return ParsedCertificate(
        series or None, found[2], days[0] if days else None, (more,) if more else ()
    )
