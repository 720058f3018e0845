"""Keys of search and sorting: letter case, ё, look-alikes and the wrong keyboard layout do not hide a person."""

from __future__ import annotations

import re
import unicodedata

from common.kit.checks import LOOK_ALIKES

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~@#$^&"
_CYRILLIC = 'йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё"№;:?'
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_ALIKE = "".join(map(chr, LOOK_ALIKES))
_LOOK_ALIKE = re.compile(f"[{_ALIKE}]")
_FOREIGN = re.compile(f"[^\\W\\d_А-Яа-яЁё{_ALIKE}]")
_CYRILLIC_LETTER = re.compile("[а-яё]", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASHES = re.compile("[‐‑‒–—−]")
_QUOTES = re.compile('[«»„“”"]')
_APOSTROPHES = re.compile("[’‘`ʼ´]")
_ALWAYS_SMALL = {"оглы", "кызы", "гызы", "улы", "углы"}
"""«Son of», «daughter of»: written small in passports."""


def clean(text: str) -> str:
    """One line, plain spaces, no invisible marks, «й» in one piece."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def fold_homoglyphs(text: str) -> str:
    """Latin look-alikes inside Cyrillic words become Cyrillic: «ПM.01» → «ПМ.01».

    A word with another foreign letter («PDFфайл») is left alone: it is not a slip of the layout.
    """

    def fold(match: re.Match[str]) -> str:
        word = match.group()
        if not _CYRILLIC_LETTER.search(word) or _FOREIGN.search(word):
            return word
        return word.translate(LOOK_ALIKES)

    if not _LOOK_ALIKE.search(text):
        return text  # most texts, and many are asked
    return _WORD.sub(fold, text)


def search_key(text: str) -> str:
    """The one form in which texts are searched and compared."""
    plain = fold_homoglyphs(clean(text))
    plain = _QUOTES.sub("", _APOSTROPHES.sub("'", _DASHES.sub("-", plain)))
    return " ".join(plain.casefold().replace("ё", "е").split())


def sort_key(text: str) -> str:
    """Russian order on any database: Абрамов, ёж, Елисеев stand by their letters, case aside."""
    return search_key(text)


def latin_letters(text: str) -> str:
    """Those that a slip of the keyboard layout leaves in a text."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalpha())


def other_layout(text: str) -> str:
    """What would have been typed under the other layout: «bdfyjdf fyyf» → «иванова анна»."""
    table = _TO_LATIN if _CYRILLIC_LETTER.search(text) else _TO_CYRILLIC
    return text.translate(table)


def words(query: str) -> tuple[tuple[str, ...], ...]:
    """The words of a quick filter; each with the spellings to try: as typed, then in the other layout."""
    spellings = (
        (search_key(word), search_key(other_layout(word))) for word in clean(query).split()
    )
    tried = (tuple(dict.fromkeys(key for key in keys if key)) for keys in spellings)
    return tuple(keys for keys in tried if keys)


def person_key(last: str, first: str, middle: str | None) -> str:
    return search_key(" ".join(filter(None, (last, first, middle))))


def name_case(text: str) -> str:
    """Repairs ALL CAPS and all small; whatever was typed with care stays as it is."""
    plain = clean(text)
    if len(plain) < 2 or not (plain.isupper() or plain.islower()):
        return plain
    return _LETTERS.sub(_capital, plain.lower())


def _capital(match: re.Match[str]) -> str:
    word = match.group()
    return word if word in _ALWAYS_SMALL else word.capitalize()


def spelt_name(text: str) -> str:
    """A name as it is stored: look-alikes, dashes, apostrophes and spaces around hyphens put right."""
    plain = _APOSTROPHES.sub("'", _DASHES.sub("-", fold_homoglyphs(clean(text))))
    return name_case(re.sub(r"(?<=\w) ?- ?(?=\w)", "-", plain))
