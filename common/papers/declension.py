"""Names of people in the five oblique cases, and how sure the program is of each.

Regular endings are declined by the tables below (Граудина, Ицкович, Катлинская: «Грамматическая
правильность русской речи»; Калакуцкая: «Склонение фамилий и личных имён»); surnames that are common
nouns by the dictionary. What hangs on stress or origin is marked as not sure: a registrar looks at
it and may overrule it (`PersonNameCase`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.papers.morphology import Forms, as_written, noun_forms
from common.people.kinds import NameCase, Sex
from common.people.names import SON_OF

HARD: Forms = ("а", "у", "а", "ом", "е")
HUSHED: Forms = ("а", "у", "а", "ем", "е")
SOFT: Forms = ("я", "ю", "я", "ем", "е")
SOFT_I: Forms = ("я", "ю", "я", "ем", "и")
POSSESSIVE: Forms = ("а", "у", "а", "ым", "е")
POSSESSIVE_F: Forms = ("ой", "ой", "у", "ой", "ой")
ADJECTIVE: Forms = ("ого", "ому", "ого", "ым", "ом")
ADJECTIVE_K: Forms = ("ого", "ому", "ого", "им", "ом")
ADJECTIVE_SOFT: Forms = ("его", "ему", "его", "им", "ем")
ADJECTIVE_F: Forms = ("ой", "ой", "ую", "ой", "ой")
ADJECTIVE_F_HUSHED: Forms = ("ей", "ей", "ую", "ей", "ей")
ADJECTIVE_F_SOFT: Forms = ("ей", "ей", "юю", "ей", "ей")
A: Forms = ("ы", "е", "у", "ой", "е")
A_BACK: Forms = ("и", "е", "у", "ой", "е")
A_HUSHED: Forms = ("и", "е", "у", "ей", "е")
A_TS: Forms = ("ы", "е", "у", "ей", "е")
YA: Forms = ("и", "е", "ю", "ей", "е")
YA_I: Forms = ("и", "и", "ю", "ей", "и")
FEMININE_SOFT: Forms = ("и", "и", "ь", "ью", "и")

VOWELS = "аеёиоуыэюя"
HUSHING = "жшчщ"
BACK = "гкх"
SHORTEST = 2
STILL = ("ых", "о", "е", "и", "у", "ы", "э", "ю", "ё")
"""Surnames on these never change, of either sex."""
REGULAR = ("ов", "ев", "ёв", "ин", "ын")
FRENCH = {"дюма", "петипа", "тома", "золя", "труайя", "люка", "дега", "моруа", "нодья"}
FLEEING = ("ок", "ек", "ёк", "ец", "ел", "ёл", "ень", "оть", "яц", "ей", "лев")
"""Endings of a man's surname out of which a vowel may flee."""
FIRST_HALVES = {"тер", "бонч", "нор"}
"""Of double surnames: «Бонч-Бруевича»."""
NAMES: dict[str, str] = {"пётр": "Петр", "петр": "Петр", "павел": "Павл", "лев": "Льв"}
"""Given names that lose a vowel, by what is left."""
WOMEN = {"любовь", "рахиль", "эсфирь", "юдифь", "руфь", "суламифь", "агарь"}
"""Women's names on a soft sign that change; «Нинель», «Айгуль» do not, and some would have it otherwise."""
STRESSED_ICH = {"ильич", "лукич", "фомич", "кузьмич"}
"""Patronymics whose ending is stressed."""
STRESSED: dict[str, Forms] = {
    "илья": ("и", "е", "ю", "ёй", "е"),
    "лука": ("и", "е", "у", "ой", "е"),
}


@dataclass(frozen=True, slots=True)
class Declined:
    """A name in a case; not `sure`: show it to a person before it is printed."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Paradigm:
    """The forms in the order of `NameCase`."""

    forms: Forms
    sure: bool = True


def decline(last: str, first: str, middle: str, sex: Sex) -> dict[NameCase, Declined]:
    """The whole name in every case; parts that are empty are left out."""
    told = [
        _by_parts(last, lambda word: surname(word, sex)),
        _by_parts(first, lambda word: given(word, sex)),
        patronymic(middle, sex),
    ]
    sure = all(part.sure for part in told)
    return {
        case: Declined(" ".join(filter(None, (part.forms[at] for part in told))), sure)
        for at, case in enumerate(NameCase)
    }


def surname(word: str, sex: Sex) -> Paradigm:
    """One word of a surname: a double one is declined word by word."""
    low = word.casefold()
    if len(low) < SHORTEST or not low.isalpha():
        return _still(word, sure=False)
    if low in FRENCH or low in FIRST_HALVES:
        return _still(word)
    if low.endswith(STILL) or _is_of_a_house(low):
        return _still(word)
    return _of_a_woman(word, low) if sex is Sex.FEMALE else _of_a_man(word, low)


def _is_of_a_house(low: str) -> bool:
    """«Долгих», «Волчьих» never change; «Эрлих» is a man's consonant."""
    return len(low) > 3 and low.endswith("их") and low[-3] in BACK + HUSHING + "нь"


def _of_a_woman(word: str, low: str) -> Paradigm:
    if low.endswith(tuple(f"{each}а" for each in REGULAR)) and len(low) > 3:
        return _with(word, 1, POSSESSIVE_F)
    if low.endswith("ая") and len(low) > 3 and low[-3] in VOWELS:
        return _still(word, sure=False)
    if low.endswith("ая") and len(low) > 3:
        soft = low[-3] in HUSHING
        return _with(word, 2, ADJECTIVE_F_HUSHED if soft else ADJECTIVE_F, sure=not soft)
    if low.endswith("яя"):
        return _with(word, 2, ADJECTIVE_F_SOFT)
    return _on_a(word, low) if low.endswith(("а", "я")) else _still(word)


def _of_a_man(word: str, low: str) -> Paradigm:
    if low.endswith(REGULAR) and len(low) > 3:
        return _with(word, 0, POSSESSIVE)
    if _is_adjective(low):
        return _adjective(word, low)
    if low.endswith(("а", "я")):
        return _on_a(word, low)
    if (known := noun_forms(low)) is not None:
        return Paradigm(_as_written(word, known), sure=not low.endswith(FLEEING))
    return _on_a_consonant(word, low, sure=not low.endswith(FLEEING))


def _is_adjective(low: str) -> bool:
    """«Цой» and «Палий» are nouns: a surname of one syllable on -ой is, and one on -ий after most consonants."""
    if len(low) < 4:
        return False
    if low.endswith("ий"):
        return low[-3] in BACK + HUSHING + "н"
    return low.endswith("ый") or (low.endswith("ой") and _syllables(low) > 1)


def _adjective(word: str, low: str) -> Paradigm:
    before = low[-3]
    if low.endswith("ий") and before not in BACK:
        return _with(word, 2, ADJECTIVE_SOFT, sure=before in "жш")
    return _with(word, 2, ADJECTIVE_K if before in BACK + HUSHING else ADJECTIVE)


def _on_a(word: str, low: str) -> Paradigm:
    """Of both sexes; an instrumental after a hushing sound hangs on stress."""
    before = low[-2]
    if low.endswith("ия"):
        return _with(word, 1, YA if len(low) == 3 else YA_I)  # «Лие», but «Марии»
    if low.endswith("я"):
        return _with(word, 1, YA, sure=before not in VOWELS)
    if before in VOWELS:
        return _still(word, sure=False)
    if before in HUSHING:
        return _with(word, 1, A_HUSHED, sure=False)
    if before == "ц":
        return _with(word, 1, A_TS, sure=False)
    return _with(word, 1, A_BACK if before in BACK else A)


def _on_a_consonant(word: str, low: str, *, sure: bool) -> Paradigm:
    if low.endswith("ий"):
        return _with(word, 1, SOFT_I, sure=False)
    if low.endswith("й"):
        return _with(word, 1, SOFT, sure=sure)
    if low.endswith("ь"):
        return _with(word, 1, SOFT, sure=False)  # «Ковалём» or «Гоголем» hangs on stress
    if low.endswith("ец") and _flees(low):
        kept = "й" if low[-3] in VOWELS else "ь" if low[-3] == "л" else ""
        return _with(as_written(word, f"{low[:-2]}{kept}ц"), 0, HARD, sure=False)
    if low.endswith(("ач", "яч", "аш", "ёж")) or (low.endswith("ц") and "ец" in low):
        return _with(word, 0, HARD, sure=False)
    if low[-1] in HUSHING + "ц":
        return _with(word, 0, HUSHED, sure=low.endswith("ич"))
    return _with(word, 0, HARD, sure=sure and not low.endswith("их"))


def _flees(low: str) -> bool:
    """«Кравец» → «Кравца»; «Швец», «Жнец», «Мудрец» keep theirs: nobody could say them."""
    stem = low[:-2]
    return _syllables(stem) > 0 and (stem[-1] in VOWELS or stem[-2:-1] in VOWELS)


def given(word: str, sex: Sex) -> Paradigm:
    low = word.casefold()
    if len(low) < SHORTEST or not low.isalpha():
        return _still(word, sure=False)
    if low in STRESSED:
        return _with(word, 1, STRESSED[low])
    if low[-1] in "оеиуыэюё":
        return _still(word)
    if low.endswith(("а", "я")):
        known = _on_a(word, low)
        return Paradigm(known.forms, sure=not (low[-2] in VOWELS and low.endswith("а")))
    if sex is Sex.FEMALE:
        soft = low in WOMEN
        return _with(word, 1, FEMININE_SOFT) if soft else _still(word, sure=not low.endswith("ь"))
    if low in NAMES:
        return _with(as_written(word, NAMES[low]), 0, HARD)
    known = _on_a_consonant(word, low, sure=True)
    return Paradigm(known.forms, sure=True)


def patronymic(words: str, sex: Sex) -> Paradigm:
    """«Гусейн оглы» stays as it is; so does a second name that is no patronymic, and that is not sure."""
    low = words.casefold()
    if not words or low.rpartition(" ")[2] in SON_OF:
        return _still(words)
    if sex is Sex.FEMALE and low.endswith("на"):
        return _with(words, 1, A)
    if sex is Sex.MALE and low.endswith("ич"):
        return _with(words, 0, HARD if low in STRESSED_ICH else HUSHED)
    known = _by_parts(words, lambda word: given(word, sex))
    return Paradigm(known.forms, sure=False)


def _by_parts(words: str, one: Callable[[str], Paradigm]) -> Paradigm:
    """Each word of a double name by itself, its dashes and spaces as they were."""
    forms, sure = ["", "", "", "", ""], True
    word = ""
    for letter in f"{words}\0":
        if letter not in " -\0":
            word += letter
            continue
        told = one(word) if word else _still("")
        tail = letter if letter != "\0" else ""
        forms = [form + own + tail for form, own in zip(forms, told.forms, strict=True)]
        sure, word = sure and told.sure, ""
    return Paradigm((forms[0], forms[1], forms[2], forms[3], forms[4]), sure)


def _with(word: str, cut: int, endings: Forms, *, sure: bool = True) -> Paradigm:
    """The endings on what is left without the last letters; in capitals where the word is."""
    stem = word[: len(word) - cut]
    loud = len(word) > 1 and word.isupper()
    forms = [stem + (ending.upper() if loud else ending) for ending in endings]
    return Paradigm((forms[0], forms[1], forms[2], forms[3], forms[4]), sure)


def _still(word: str, *, sure: bool = True) -> Paradigm:
    return Paradigm((word, word, word, word, word), sure)


def _as_written(word: str, forms: Forms) -> Forms:
    told = [as_written(word, form) for form in forms]
    return (told[0], told[1], told[2], told[3], told[4])


def _syllables(low: str) -> int:
    return sum(letter in VOWELS for letter in low)
