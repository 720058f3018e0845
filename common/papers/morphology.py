"""Forms of words by the dictionary of OpenCorpora (pymorphy3): common nouns, posts, departments."""

from __future__ import annotations

import functools
from typing import Any

from pymorphy3 import MorphAnalyzer

from common.people.kinds import NameCase

Forms = tuple[str, str, str, str, str]
"""Genitive, dative, accusative, instrumental, prepositional: in the order of `NameCase`."""

GRAMMEMES = {
    NameCase.GENITIVE: "gent",
    NameCase.DATIVE: "datv",
    NameCase.ACCUSATIVE: "accs",
    NameCase.INSTRUMENTAL: "ablt",
    NameCase.PREPOSITIONAL: "loct",
}
FIRST_HALVES = {"бизнес", "веб", "интернет", "пресс", "медиа", "вице", "экс", "арт", "кино"}
"""Before a dash they stand still."""
ADJECTIVES = {"ADJF", "PRTF"}


@functools.cache
def _analyzer() -> MorphAnalyzer:
    """0.2 s and 29 MB at the first word."""
    return MorphAnalyzer()


def noun_forms(low: str) -> Forms | None:
    """Of a man called by a common noun or a surname that the dictionary knows; None where it does not."""
    for parse in _analyzer().parse(low):
        tag = parse.tag
        if (
            parse.is_known
            and {"NOUN", "masc", "sing", "nomn"} <= tag.grammemes
            and not {"Geox", "Name", "Abbr"} & tag.grammemes
        ):
            forms = [_inflected(parse, {name}) for name in GRAMMEMES.values()]
            forms[2] = forms[0]  # he is alive, whatever the word is
            return (forms[0], forms[1], forms[2], forms[3], forms[4])
    return None


def _inflected(parse: Any, wanted: set[str]) -> str:
    made = parse.inflect(wanted)
    return str(made.word if made is not None else parse.word)


def as_written(word: str, form: str) -> str:
    """With the capitals of the word."""
    if len(word) > 1 and word.isupper():
        return form.upper()
    return word[:1] + form[1:] if word[:1].isupper() else form


def decline_title(text: str, case: NameCase) -> str:
    """A post or a department: its head noun and what agrees with it; the rest stands still.

    «Старший мастер участка» → «старшего мастера участка»; words of no nominative are left as they are.
    """
    words = text.split(" ")
    head = _head(words)
    if head is None:
        return text
    leading = _noun(words[head].casefold()) or _adjective(words[head].casefold(), None)
    told = [_told(word, leading, case) for word in words[: head + 1]]
    return " ".join([*told, *words[head + 1 :]])


def _head(words: list[str]) -> int | None:
    """The first noun in the nominative; the last adjective where none follows: «заведующий отделением»."""
    last = None
    for at, word in enumerate(words):
        if any(part[1:] != part[1:].lower() and not part.isupper() for part in word.split("-")):
            return last  # «КузТАГиС»: an abbreviation stands still
        low = word.casefold()
        first = low.partition("-")[0]
        noun, adjective = _noun(first), _adjective(low, None)
        if noun is None and adjective is None:
            return last
        last = at
        if adjective is None or not _agrees(words[at + 1 : at + 2], adjective):
            return at
    return last


def _agrees(words: list[str], adjective: Any) -> bool:
    """«Старший мастер» goes on; «заведующий отделением» and «исполняющий обязанности» do not."""
    low = words[0].casefold().partition("-")[0] if words else ""
    number, gender = adjective.tag.number, adjective.tag.gender
    wanted = {"nomn", *filter(None, (number, gender))}
    return _best(low, {"NOUN", *ADJECTIVES}, wanted) is not None


def _noun(low: str) -> Any:
    return _best(low, {"NOUN"}, {"nomn"})


def _adjective(low: str, leading: Any) -> Any:
    """One that agrees with the head, where there is one already."""
    agrees = {"nomn"}
    if leading is not None:
        tag = leading.tag
        agrees |= {"plur"} if tag.number == "plur" or not tag.gender else {tag.gender}
    return _best(low, ADJECTIVES, agrees)


def _best(low: str, kinds: set[str], wanted: set[str]) -> Any:
    found = (p for p in _analyzer().parse(low) if p.tag.POS in kinds and wanted <= p.tag.grammemes)
    return max(found, key=lambda parse: parse.score, default=None)


def _told(word: str, leading: Any, case: NameCase) -> str:
    low, wanted = word.casefold(), {GRAMMEMES[case]}
    adjective = _adjective(low, leading)
    if adjective is not None and _noun(low) is None:
        many = leading.tag.number == "plur"
        if case is NameCase.ACCUSATIVE and (many or leading.tag.gender == "masc"):
            wanted.add(leading.tag.animacy or ("inan" if many else "anim"))
        return as_written(word, _inflected(adjective, wanted))
    return "-".join(as_written(part, _of_noun(part.casefold(), wanted)) for part in word.split("-"))


def _of_noun(low: str, wanted: set[str]) -> str:
    parse = None if low in FIRST_HALVES else _noun(low)
    return low if parse is None else _inflected(parse, wanted)
