"""A `.fet` file (versions 5 to 7, element names as FET writes them) read into a Problem."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.kit.errors import Invalid
from common.timetable.fet_rules import READERS, Reading
from common.timetable.problem import (
    Day,
    Group,
    Lesson,
    Period,
    Problem,
    Room,
    Rule,
    Unsupported,
)
from common.timetable.xml_tree import Node, read_bytes, tree

HOUR = 60
"""FET knows no minutes: its hours are laid an hour apart, so that a gap of n hours is 60·n minutes."""

VERSIONS = ("5", "6", "7")
OTHER_MODES = {
    "Mornings_Afternoons": "режим «утро и вечер»",
    "Block_Planning": "режим «блоки»",
    "Terms": "режим «семестры»",
}


def read_fet(path: Path) -> Problem:
    """The problem of a file, or Invalid with a sentence that names the place."""
    return fet_problem(read_bytes(path), path.name)


def fet_problem(data: bytes, name: str) -> Problem:
    root = tree(data, name)
    if root.tag != "fet":
        raise Invalid(f"Файл «{name}» — не файл FET: его корень «{root.tag}», а нужен «fet»")
    version = root.attributes.get("version", "")
    if version.partition(".")[0] not in VERSIONS:
        raise Invalid(f"Файл «{name}» версии «{version[:20]}», а читаются версии FET 5, 6 и 7")
    return _Import(root, name, version).problem()


@dataclass
class _Import:
    root: Node
    name: str
    version: str
    counts: Counter[str] = field(default_factory=Counter)
    unsupported: Counter[str] = field(default_factory=Counter)

    def problem(self) -> Problem:
        days = self._names("Days_List", "Day", "Number_of_Days")
        hours = self._names("Hours_List", "Hour", "Number_of_Hours")
        teachers = tuple(self._listed("Teachers_List", "Teacher"))
        buildings = tuple(self._listed("Buildings_List", "Building"))
        atoms, groups = self._students()
        rooms = self._rooms(buildings)
        lessons, split = self._lessons(teachers, groups)
        empty = Problem(
            name=self.root.said("Institution_Name") or self.name,
            days=tuple(Day(day) for day in days),
            periods=tuple(Period(h, at * HOUR, (at + 1) * HOUR) for at, h in enumerate(hours)),
            lessons=lessons,
            teachers=teachers,
            atoms=atoms,
            groups=groups,
            rooms=rooms,
            buildings=buildings,
        )
        rules = self._rules(Reading(empty, self.name, split))
        self._note_modes()
        return replace(
            empty,
            rules=rules,
            unsupported=tuple(Unsupported(*pair) for pair in sorted(self.unsupported.items())),
            counts=tuple(sorted(self.counts.items())),
        ).checked()

    def _note_modes(self) -> None:
        """Other modes of FET give the same constraints another meaning."""
        mode = self.root.said("Mode", "Official")
        variant = self.version.partition("-")[2]
        if mode in OTHER_MODES or variant:
            self.unsupported[OTHER_MODES.get(mode, f"вариант файла «{variant[:30]}»")] += 1

    def _names(self, lists: str, tag: str, number: str) -> list[str]:
        found = self._listed(lists, tag)
        node = self.root.one(lists)
        said = node.said(number).strip() if node is not None else ""
        if not found or said != str(len(found)):
            raise Invalid(
                f"Файл «{self.name}»: в разделе «{lists}» названо {len(found)}, обещано {said or 'ничего'}"
            )
        if len(set(found)) < len(found):
            raise Invalid(f"Файл «{self.name}»: в разделе «{lists}» имя повторено")
        return found

    def _listed(self, lists: str, tag: str) -> list[str]:
        node = self.root.one(lists)
        return [] if node is None else [child.said("Name") for child in node.all(tag)]

    def _students(self) -> tuple[tuple[str, ...], tuple[Group, ...]]:
        """Leaves of the tree of years are atoms; a name met twice is the same students."""
        atoms: dict[str, int] = {}
        members: dict[str, tuple[int, ...]] = {}
        sizes: dict[str, int] = {}

        def enter(node: Node, levels: tuple[str, ...]) -> tuple[int, ...]:
            name = node.said("Name")
            inner = list(node.all(levels[0])) if levels else []
            if inner:
                found = {atom for child in inner for atom in enter(child, levels[1:])}
            elif name in members:
                found = set(members[name])
            else:
                found = {atoms.setdefault(name, len(atoms))}
            members[name] = tuple(sorted(found | set(members.get(name, ()))))
            sizes[name] = self._number(node, "Number_of_Students", 0)
            return members[name]

        lists = self.root.one("Students_List")
        for year in lists.all("Year") if lists is not None else ():
            enter(year, ("Group", "Subgroup"))
        groups = tuple(Group(name, inside, sizes[name]) for name, inside in members.items())
        return tuple(atoms), groups

    def _rooms(self, buildings: tuple[str, ...]) -> tuple[Room, ...]:
        node = self.root.one("Rooms_List")
        listed = list(node.all("Room")) if node is not None else []
        places = {room.said("Name"): at for at, room in enumerate(listed)}
        stands = {building: at for at, building in enumerate(buildings)}
        found = []
        for room in listed:
            parts = tuple(
                tuple(places[name] for name in part.texts("Real_Room") if name in places)
                for part in room.all("Set_of_Real_Rooms")
            )
            found.append(
                Room(
                    room.said("Name"),
                    self._number(room, "Capacity", 0),
                    stands.get(room.said("Building"), -1),
                    parts if room.said("Virtual") == "true" else (),
                )
            )
        return tuple(found)

    def _lessons(
        self, teachers: tuple[str, ...], groups: tuple[Group, ...]
    ) -> tuple[tuple[Lesson, ...], dict[int, tuple[int, ...]]]:
        """Active lessons, and for each group of split lessons its members in order."""
        by_teacher = {name: at for at, name in enumerate(teachers)}
        by_group = {group.name: at for at, group in enumerate(groups)}
        found: list[Lesson] = []
        split: dict[int, list[int]] = {}
        node = self.root.one("Activities_List")
        for one in node.all("Activity") if node is not None else ():
            self.counts["Activity"] += 1
            if one.said("Active", "true") != "true":
                continue
            number = self._number(one, "Id")
            who = self._known(by_teacher, one.texts("Teacher"), number, "преподавателя")
            whom = self._known(by_group, one.texts("Students"), number, "группы")
            size = self._number(one, "Number_Of_Students", -1)
            split.setdefault(self._number(one, "Activity_Group_Id", 0) or -number, []).append(
                len(found)
            )
            found.append(
                Lesson(
                    number,
                    one.said("Subject"),
                    who,
                    whom,
                    tuple(one.texts("Activity_Tag")),
                    self._number(one, "Duration"),
                    size if size >= 0 else sum(groups[at].size for at in whom),
                )
            )
        numbers = Counter(lesson.id for lesson in found)
        twice = next((number for number, times in numbers.items() if times > 1), None)
        if twice is not None:
            raise Invalid(f"Файл «{self.name}»: занятие № {twice} записано дважды")
        return tuple(found), {key: tuple(members) for key, members in split.items()}

    def _known(
        self, known: dict[str, int], names: list[str], number: int, what: str
    ) -> tuple[int, ...]:
        missing = next((name for name in names if name not in known), None)
        if missing is not None:
            raise Invalid(
                f"Файл «{self.name}»: у занятия № {number} нет в списке {what} «{missing}»"
            )
        return tuple(dict.fromkeys(known[name] for name in names))

    def _rules(self, reading: Reading) -> tuple[Rule, ...]:
        found: list[Rule] = []
        for lists in ("Time_Constraints_List", "Space_Constraints_List"):
            section = self.root.one(lists)
            for node in section.children if section is not None else ():
                if not node.tag.startswith("Constraint"):
                    continue
                self.counts[node.tag] += 1
                if node.said("Active", "true") != "true":
                    continue
                reader = READERS.get(node.tag.removeprefix("Constraint"))
                made = reader(reading, node) if reader is not None else None
                if made is None:
                    self.unsupported[node.tag] += 1
                else:
                    found.extend(rule for rule in made if rule.weight > 0)
        found.extend(reading.home_rules())
        return (*found, *reading.capacity_rules(found))

    def _number(self, node: Node, tag: str, default: int | None = None) -> int:
        said = node.said(tag).strip()
        if said == "" and default is not None:
            return default
        if not said.isdecimal() or len(said) > 9:
            raise Invalid(f"Файл «{self.name}»: «{tag}» — не число: «{said[:40]}»")
        return int(said)
