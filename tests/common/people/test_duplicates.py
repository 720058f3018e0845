"""One human being met twice is found; two human beings are left alone, even of one birthday."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from common.kit.keys import other_layout
from common.people.duplicates import SURE, Sighting, distance, likeness

ANNA = Sighting("Королёва", "Анна", "Петровна", dt.date(2008, 9, 1), "11223344595")


@pytest.mark.parametrize(
    ("other", "score", "reasons"),
    [
        (ANNA, 150, ("совпал СНИЛС",)),
        (
            Sighting("Другая", "Мария", None, dt.date(1990, 1, 1), "11223344595"),
            150,
            ("совпал СНИЛС",),
        ),
        (replace(ANNA, snils=None), 90, ("совпали ФИО", "дата рождения")),
        (
            Sighting("КОРОЛЕВА", "анна", "Петровна", dt.date(2008, 9, 1)),
            90,
            ("совпали ФИО", "дата рождения"),
        ),
        (
            Sighting("Rjhjk`df", "Fyyf", "Gtnhjdyf", dt.date(2008, 9, 1)),
            90,
            ("совпали ФИО", "дата рождения", "набрано в другой раскладке"),
        ),
        (
            Sighting("Королева", "Fyyf", None, dt.date(2008, 9, 1)),
            85,
            ("совпали фамилия и имя", "дата рождения", "набрано в другой раскладке"),
        ),
        (
            Sighting("Королева", "Анна", "Петровна", dt.date(2008, 1, 9)),
            80,
            ("совпали ФИО", "в дате переставлены день и месяц"),
        ),
        (
            Sighting("Королева", "Анна", "Петровна", dt.date(2008, 9, 11)),
            70,
            ("совпали ФИО", "дата рождения различается одной цифрой"),
        ),
        (
            Sighting("Анна", "Королёва", "Петровна", dt.date(2008, 9, 1)),
            85,
            ("имя и фамилия переставлены", "дата рождения"),
        ),
        (
            Sighting("Королёва", "Петровна", "Анна", dt.date(2008, 9, 1)),
            80,
            ("части ФИО переставлены", "дата рождения"),
        ),
        (
            Sighting("Каролева", "Анна", "Петровна", dt.date(2008, 9, 1)),
            80,
            ("ФИО различаются опечаткой", "дата рождения"),
        ),
        (
            Sighting("Королева", "Анна", "Петрвоан", dt.date(2008, 9, 1)),
            70,
            ("ФИО различаются двумя буквами", "дата рождения"),
        ),
        (
            Sighting("Королева", "Анна", "Петровна", dt.date(2008, 9, 1), "00116629900"),
            65,
            ("совпали ФИО", "дата рождения"),
        ),
    ],
)
def test_the_same_person_is_found_and_the_reason_said(
    other: Sighting, score: int, reasons: tuple[str, ...]
) -> None:
    assert likeness(ANNA, other) == likeness(other, ANNA) == (score, reasons)


@pytest.mark.parametrize(
    "other",
    [
        Sighting("Королёва", "Анна", "Петровна", dt.date(1999, 3, 5)),
        Sighting("Королёва", "Мария", "Петровна", dt.date(2008, 9, 1)),
        Sighting("Иванова", "Анна", "Петровна", dt.date(2008, 9, 1)),
        Sighting("Королёва", "Анна", "Ивановна", dt.date(2008, 9, 1)),
        Sighting("Каролева", "Анна", "Петровна", dt.date(2008, 9, 1), "00116629900"),
        Sighting("", "", None, None),
        Sighting("", "", None, dt.date(2008, 9, 1)),
    ],
)
def test_another_person_is_left_alone(other: Sighting) -> None:
    assert likeness(ANNA, other)[0] < SURE


def test_nothing_is_known_of_two_empty_forms() -> None:
    nobody = Sighting("", "", None, dt.date(2008, 9, 1))
    assert likeness(nobody, nobody) == (0, ())


@pytest.mark.parametrize(
    ("a", "b", "slips"),
    [
        ("иванов", "иванов", 0),
        ("иванов", "ивано", 1),
        ("иванов", "иванова", 1),
        ("иванов", "ивонов", 1),
        ("иванов", "ивнаов", 1),
        ("иванов", "ивнова", 2),
        ("иванов", "петров", 3),
        ("", "аб", 2),
    ],
)
def test_slips_of_the_hand_are_counted(a: str, b: str, slips: int) -> None:
    assert distance(a, b) == distance(b, a) == slips


LAST = (
    "Иванов Петров Сидоров Кузнецов Соколов Попов Лебедев Козлов Новиков Морозов Волков Соловьёв "
    "Васильев Зайцев Павлов Семёнов Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов Беляев "
    "Тарасов Белов Комаров Орлов Киселёв Макаров Андреев Ковалёв Ильин Гусев Титов Кузьмин Кудрявцев "
    "Баранов Куликов Алексеев Степанов Яковлев Сорокин Сергеев Романов Захаров Борисов Королёв "
    "Герасимов Пономарёв Григорьев Лазарев Медведев Ершов Никитин Соболев Рябов Поляков Цветков "
    "Данилов Жуков"
)
MEN = (
    "Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман "
    "Егор Арсений Иван Денис Евгений Даниил Тимофей Владислав Игорь Владимир Павел Руслан Марк "
    "Константин Тимур Олег Ярослав"
)
WOMEN = (
    "Анастасия Мария Анна Виктория Екатерина Наталья Марина Полина София Дарья Алиса Ксения "
    "Александра Елена Татьяна Ольга Юлия Кристина Вероника Валерия Варвара Арина Диана Милана "
    "Ульяна Софья Алина Надежда Любовь Светлана"
)
FATHERS = (
    "Александр Сергее Андрее Алексее Дмитрие Иванов Викторов Николаев Михайлов Владимиров Павлов "
    "Олегов Евгенье Юрье Игоре Романов Денисов Максимов Антонов Петров"
)


def pick(chance: random.Random, names: str) -> str:
    return chance.choice(names.split())


def somebody(chance: random.Random) -> Sighting:
    """A schoolchild of the region; two years of births, so that birthdays coincide."""
    woman = chance.random() < 0.5
    last = pick(chance, LAST) + ("а" if woman else "")
    stem = pick(chance, FATHERS)
    stem += "" if stem.endswith("ов") else "в" if stem.endswith("е") else "ов"
    middle = stem + ("на" if woman else "ич")
    born = dt.date(2008, 9, 1) + dt.timedelta(days=chance.randrange(730))
    return Sighting(last, pick(chance, WOMEN if woman else MEN), middle, born)


def slip(chance: random.Random, word: str) -> str:
    """One typing error past the first letter."""
    place = chance.randrange(1, len(word) - 1)
    letter = chance.choice("абвгдеиклмнопрст")
    return chance.choice(
        [
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        ]
    )


def met_again(chance: random.Random, who: Sighting) -> Sighting:
    born = who.birth_date
    assert born is not None
    swapped = born.replace(day=born.month, month=born.day) if born.day <= 12 else born
    other = replace(who, birth_date=swapped)
    return chance.choice(
        [
            replace(who, last_name=who.last_name.replace("ё", "е").upper()),
            replace(who, last_name=slip(chance, who.last_name)),
            replace(who, middle_name=slip(chance, who.middle_name or "")),
            other,
            replace(other, middle_name=None),
            replace(other, last_name=slip(chance, who.last_name)),
            replace(who, last_name=who.first_name, first_name=who.last_name),
            replace(
                who,
                last_name=other_layout(who.last_name),
                first_name=other_layout(who.first_name),
                middle_name=other_layout(who.middle_name or ""),
            ),
            replace(who, middle_name=None),
        ]
    )


def test_nearly_everybody_met_again_is_found() -> None:
    chance = random.Random(3)  # noqa: S311 - made-up people
    people = [somebody(chance) for _ in range(1500)]
    found = [likeness(who, met_again(chance, who))[0] >= SURE for who in people]
    assert sum(found) / len(found) >= 0.95


def test_two_of_one_birthday_are_seldom_taken_for_one() -> None:
    chance = random.Random(4)  # noqa: S311 - made-up people
    pairs = [(somebody(chance), somebody(chance)) for _ in range(3000)]
    pairs = [(a, replace(b, birth_date=a.birth_date)) for a, b in pairs if a.key != b.key]
    false = [(a.key, b.key) for a, b in pairs if likeness(a, b)[0] >= SURE]
    assert len(false) / len(pairs) <= 0.01


def test_two_of_any_birthdays_are_never_taken_for_one_here() -> None:
    chance = random.Random(5)  # noqa: S311 - made-up people
    pairs = [(somebody(chance), somebody(chance)) for _ in range(3000)]
    assert [1 for a, b in pairs if likeness(a, b)[0] >= SURE] == []
