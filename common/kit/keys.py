"""Keys of search and sorting: letter case, ё, look-alikes and the wrong keyboard layout do not hide a person."""

from __future__ import annotations

import re

from common.kit.checks import LOOK_ALIKES

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~@#$^&"
_CYRILLIC = 'йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё"№;:?'
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_LOOK_ALIKE = re.compile(f"[{''.join(map(chr, LOOK_ALIKES))}]")
_CYRILLIC_LETTER = re.compile("[а-яё]", re.IGNORECASE)
_DASHES = re.compile("[‐‑‒–—−]")
_QUOTES = re.compile('[«»„“”"]')
_APOSTROPHES = re.compile("[’‘`ʼ]")


def fold_homoglyphs(text: str) -> str:
    """Latin look-alikes inside Cyrillic words become Cyrillic: «ПM.01» → «ПМ.01»."""

    def fold(match: re.Match[str]) -> str:
        word = match.group()
        return word.translate(LOOK_ALIKES) if _CYRILLIC_LETTER.search(word) else word

    if not _LOOK_ALIKE.search(text):
        return text  # most texts, and many are asked
    return re.sub(r"\w+", fold, text)


def search_key(text: str) -> str:
    """The one form in which texts are searched and compared."""
    plain = _QUOTES.sub("", _APOSTROPHES.sub("'", _DASHES.sub("-", fold_homoglyphs(text))))
    return " ".join(plain.casefold().replace("ё", "е").split())


def sort_key(text: str) -> str:
    """Russian order on any database: Абрамов, ёж, Елисеев stand by their letters, case aside."""
    return search_key(text)


def other_layout(text: str) -> str:
    """What would have been typed under the other layout: «bdfyjdf fyyf» → «иванова анна»."""
    table = _TO_LATIN if _CYRILLIC_LETTER.search(text) else _TO_CYRILLIC
    return text.translate(table)


def words(query: str) -> tuple[tuple[str, ...], ...]:
    """The words of a quick filter; each with the spellings to try: as typed, then in the other layout."""
    return tuple(
        tuple(
            dict.fromkeys(key for key in (search_key(word), search_key(other_layout(word))) if key)
        )
        for word in query.split()
    )


def person_key(last: str, first: str, middle: str | None) -> str:
    return search_key(" ".join(filter(None, (last, first, middle))))


def name_case(text: str) -> str:
    """Repairs ALL CAPS and all small; whatever was typed with care stays as it is."""
    clean = " ".join(text.split())
    if len(clean) < 2 or not (clean.isupper() or clean.islower()):
        return clean
    return re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), clean.casefold())
