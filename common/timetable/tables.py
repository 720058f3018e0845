"""A Problem laid out as the flat array that the search works on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from common.kit.errors import Invalid
from common.timetable import layout as at
from common.timetable.domains import Block, blocks_of
from common.timetable.kinds import Kind
from common.timetable.menus import Menus, menus_of
from common.timetable.pairs import PairRow, pairs_of
from common.timetable.problem import NOWHERE, Place, Problem, Rule, Solution
from common.timetable.tracks import tracks_of

WIDTH_AT_MOST = 16
"""A day's mask indexes tables of two to this power."""

FIRST_WEIGHT = 200_000
"""What a hard unit weighs at first, against wishes of at most 10 000 a unit."""

NEVER = 1 << 40


@dataclass
class Tables:
    """The array with what is needed to read a timetable out of it."""

    problem: Problem
    blocks: list[Block]
    menus: Menus
    cells: list[int] = field(default_factory=list)

    def solution(self, cells: list[int], *, best: bool = True) -> Solution:
        """The remembered timetable of an array of this shape, or the one it stands at."""
        slots, options = (at.BEST_SLOT, at.BEST_OPTION) if best else (at.BLOCK_SLOT, at.CHOSEN)
        places = [Place()] * len(self.problem.lessons)
        for number, block in enumerate(self.blocks):
            slot = int(cells[int(cells[slots]) + number])
            for lesson in block.lessons:
                option = int(cells[int(cells[options]) + lesson])
                if slot == NOWHERE:
                    continue
                rooms, virtual = self.menus.rooms(option)
                places[lesson] = Place(slot, rooms, virtual)
        return Solution(tuple(places))


def tables_of(problem: Problem, seed: int) -> Tables:
    """Everything laid out, nothing placed yet. Raises Invalid where a day has too many intervals."""
    if problem.width > WIDTH_AT_MOST:
        raise Invalid(
            f"В дне {problem.width} интервалов, а составляется не больше {WIDTH_AT_MOST}: разделите день"
        )
    blocks = blocks_of(problem)
    tables = Tables(problem, blocks, menus_of(problem))
    _Layout(tables, seed).fill()
    return tables


class _Layout:
    def __init__(self, tables: Tables, seed: int) -> None:
        self.tables = tables
        self.problem = tables.problem
        self.blocks = tables.blocks
        self.block_of = {
            lesson: number for number, block in enumerate(self.blocks) for lesson in block.lessons
        }
        self.tracks = tracks_of(self.problem)
        self.pairs = pairs_of(self.problem, self.block_of)
        self.cells = tables.cells
        self.cells.extend([0] * at.HEAD)
        self.cells[at.RANDOM] = (seed * 2_654_435_761 + 88_675_123) % 0xFFFFFFFF + 1

    def put(self, cell: int, values: list[int]) -> None:
        self.cells[cell] = len(self.cells)
        self.cells.extend(values)

    def rows(self, starts: int, values: int, rows: list[list[int]]) -> None:
        """Rows of different length: one table of offsets, one of values."""
        offsets, flat = [0], []
        for row in rows:
            flat.extend(row)
            offsets.append(len(flat))
        self.put(values, flat)
        self.put(starts, offsets)

    def fill(self) -> None:
        problem, cells = self.problem, self.cells
        items = sum(len(track.rules) for track in self.tracks)
        pair_items = max((row.item for row in self.pairs), default=-1) + 1
        for cell, value in (
            (at.SLOTS, problem.slots),
            (at.WIDTH, problem.width),
            (at.DAYS, len(problem.days)),
            (at.BLOCKS, len(self.blocks)),
            (at.LESSONS, len(problem.lessons)),
            (at.TRACKS, len(self.tracks)),
            (at.RULES, items),
            (at.PAIRS, len(self.pairs)),
            (at.ROOMS, len(problem.rooms)),
            (at.BUILDINGS, max(len(problem.buildings), 1)),
            (at.MASKS, 1 << problem.width),
            (at.BEST_HARD, NEVER),
            (at.PAIR_ITEM_FIRST, len(self.tracks) + items),
        ):
            cells[cell] = value
        cells[at.ROOM_ITEM] = len(self.tracks) + items + pair_items
        cells[at.SET_ITEM] = cells[at.ROOM_ITEM] + len(problem.rooms)
        self.masks()
        self.fill_blocks()
        self.fill_tracks()
        self.fill_rules()
        self.fill_pairs(pair_items)
        self.fill_rooms()
        self.fill_work()

    def masks(self) -> None:
        """Count, lowest and highest bit, longest run of every mask; the curve of acceptance."""
        size = 1 << self.problem.width
        self.put(at.COUNT, [mask.bit_count() for mask in range(size)])
        self.put(at.LOW, [max((mask & -mask).bit_length() - 1, 0) for mask in range(size)])
        self.put(at.TOP, [max(mask.bit_length() - 1, 0) for mask in range(size)])
        runs = [0] * size
        for mask in range(1, size):
            tail = (mask & -mask).bit_length() - 1
            rest = mask >> tail
            ones = ((rest + 1) & ~rest).bit_length() - 1
            runs[mask] = max(ones, runs[(rest >> ones) << 1] if rest >> ones else 0)
        self.put(at.RUN, runs)
        self.put(at.ACCEPT, [int(math.exp(-step / 64) * (1 << 32)) for step in range(1024)])
        breaks = {
            slot
            for rule in self.problem.rules
            if rule.kind is Kind.CLOSED
            and rule.hard
            and not (rule.teachers or rule.atoms or rule.rooms)
            for slot in rule.slots
        }
        after = []
        width = self.problem.width
        for day in range(len(self.problem.days)):
            for period in range(width + 1):
                free = period
                while free < width and day * width + free in breaks:
                    free += 1
                after.append(free)
        self.put(at.AFTER_BREAK, after)
        self.put(at.BEGIN, [period.start for period in self.problem.periods])
        self.put(at.END, [period.end for period in self.problem.periods])
        travel = self.problem.travel or ((0,) * max(len(self.problem.buildings), 1),) * max(
            len(self.problem.buildings), 1
        )
        self.put(at.TRAVEL, [minutes for row in travel for minutes in row])

    def fill_blocks(self) -> None:
        slots = self.problem.slots
        self.put(at.BLOCK_SLOT, [NOWHERE] * len(self.blocks))
        self.put(at.BEST_SLOT, [NOWHERE] * len(self.blocks))
        self.rows(at.BLOCK_DOMAIN, at.DOMAIN, [list(block.domain) for block in self.blocks])
        self.rows(at.BLOCK_LESSON, at.LESSON_OF, [list(block.lessons) for block in self.blocks])
        costs: dict[tuple[int, ...], int] = {}
        self.put(
            at.BLOCK_COST,
            [
                costs.setdefault(block.costs, len(costs)) if any(block.costs) else -1
                for block in self.blocks
            ],
        )
        self.put(at.START_COST, [cost for row in costs for cost in row])
        inside = [0] * (len(self.blocks) * slots)
        for number, block in enumerate(self.blocks):
            for slot in block.domain:
                inside[number * slots + slot] = 1
        self.put(at.IN_DOMAIN, inside)
        self.put(at.TABU, [0] * len(inside))
        self.put(at.LESSON_BLOCK, [self.block_of[n] for n in range(len(self.problem.lessons))])
        shapes: dict[tuple[tuple[int, int], ...], int] = {}
        self.put(
            at.LESSON_SHAPE, [shapes.setdefault(one, len(shapes)) for one in self.problem.spans]
        )
        lengths: list[int] = []
        for shape in shapes:
            known = dict(shape)
            lengths.extend(known.get(period, 0) for period in range(self.problem.width))
        self.put(at.SHAPE, lengths)
        busy = [n for n, block in enumerate(self.blocks) if len(block.domain) > 1]
        self.put(at.BUSY_LIST, busy)
        self.cells[at.MOVABLE] = len(busy)

    def fill_tracks(self) -> None:
        problem, tracks = self.problem, self.tracks
        slots, days = problem.slots, len(problem.days)
        entries: list[list[tuple[int, int, int]]] = [[] for _ in self.blocks]
        for number, track in enumerate(tracks):
            for lesson in track.lessons:
                special = track.special.get(lesson, 0)
                entries[self.block_of[lesson]].append((number, lesson, special))
        flat = [entry for row in entries for entry in row]
        offsets = [0]
        for row in entries:
            offsets.append(offsets[-1] + len(row))
        self.put(at.BLOCK_ENTRY, offsets)
        for column, cell in enumerate((at.ENTRY_TRACK, at.ENTRY_LESSON, at.ENTRY_SPECIAL)):
            self.put(cell, [entry[column] for entry in flat])
        self.put(at.TRACK_CAP, [track.cap for track in tracks])
        self.rows(at.TRACK_LESSON, at.LESSON_ON, [list(track.lessons) for track in tracks])
        packs: dict[int, int] = {}
        full = (1 << problem.width) - 1
        self.put(
            at.TRACK_PACK,
            [
                -1 if track.marks == full else packs.setdefault(track.marks, len(packs))
                for track in tracks
            ],
        )
        self.put(at.PACK, [pack(mask, marks) for marks in packs for mask in range(full + 1)])
        self.put(at.OPEN, [pack(mask, track.marks) for track in tracks for mask in track.open])
        self.put(at.MASK, [0] * (len(tracks) * days))
        self.put(at.OCCUPIED, [0] * (len(tracks) * slots))
        self.put(at.OWNER, [-1] * (len(tracks) * slots))
        self.put(at.LIMIT_ROW, numbered([bool(track.limits) for track in tracks]))
        self.put(at.LIMIT, [n for track in tracks for limit in track.limits for n in limit])
        special_rows = numbered([track.ties for track in tracks])
        self.put(at.SPECIAL_ROW, special_rows)
        rows = max(special_rows, default=-1) + 1
        for mask, count in ((at.LASTS, at.LASTS_COUNT), (at.EDGED, at.EDGED_COUNT)):
            self.put(mask, [0] * (rows * days))
            self.put(count, [0] * (rows * slots))
        house_rows = numbered([track.housed for track in tracks])
        self.put(at.HOUSE_ROW, house_rows)
        houses = (max(house_rows, default=-1) + 1) * slots * self.cells[at.BUILDINGS]
        self.put(at.HOUSE, [0] * houses)

    def fill_rules(self) -> None:
        rules = [(n, rule) for n, track in enumerate(self.tracks) for rule in track.rules]
        offsets = [0]
        for track in self.tracks:
            offsets.append(offsets[-1] + len(track.rules))
        self.put(at.TRACK_RULE, offsets)
        parts: dict[tuple[int, ...], int] = {}
        self.put(at.RULE_TRACK, [n for n, _ in rules])
        self.put(at.RULE_KIND, [rule.value for _, rule in rules])
        self.put(at.RULE_LOW, [rule.low for _, rule in rules])
        self.put(at.RULE_HIGH, [rule.high for _, rule in rules])
        self.put(at.RULE_FLAG, [int(rule.empty_fine) for _, rule in rules])
        self.put(at.RULE_WEIGHT, [rule.weight for _, rule in rules])
        self.put(at.RULE_WEEK, [int(rule.week) for _, rule in rules])
        self.put(
            at.RULE_PART,
            [parts.setdefault(rule.part, len(parts)) if rule.part else -1 for _, rule in rules],
        )
        self.put(at.PART, [mask for part in parts for mask in part])
        self.put(at.RULE_VALUE, [0] * (len(rules) * len(self.problem.days)))
        self.put(at.RULE_SUM, [0] * len(rules))

    def fill_pairs(self, items: int) -> None:
        by_block: list[list[PairRow]] = [[] for _ in self.blocks]
        ends: dict[int, tuple[int, int]] = {}
        for row in self.pairs:
            by_block[self.block_of[row.mine]].append(row)
            ends[row.item] = (self.block_of[row.mine], self.block_of[row.other])
        flat = [row for rows in by_block for row in rows]
        offsets = [0]
        for rows in by_block:
            offsets.append(offsets[-1] + len(rows))
        first = self.cells[at.PAIR_ITEM_FIRST]
        self.put(at.BLOCK_PAIR, offsets)
        self.put(at.PAIR_MINE, [row.mine for row in flat])
        self.put(at.PAIR_OTHER, [row.other for row in flat])
        self.put(at.PAIR_KIND, [row.kind for row in flat])
        self.put(at.PAIR_NUMBER, [row.number for row in flat])
        self.put(at.PAIR_WEIGHT, [row.weight for row in flat])
        self.put(at.PAIR_ITEM, [first + row.item for row in flat])
        self.put(at.ITEM_A, [ends[item][0] for item in range(items)])
        self.put(at.ITEM_B, [ends[item][1] for item in range(items)])

    def fill_rooms(self) -> None:
        problem, menus = self.problem, self.tables.menus
        self.put(at.LESSON_MENU, list(menus.of_lesson))
        offsets = [0]
        options: list[int] = []
        rooms: list[int] = []
        for menu in menus.menus:
            for option in menu:
                first = len(rooms)
                rooms.extend(option.rooms)
                options.extend((option.cost, building_of(problem, option.rooms), first, len(rooms)))
            offsets.append(len(options) // 4)
        self.put(at.MENU_OPTION, offsets)
        self.put(at.OPTION, options)
        self.put(at.OPTION_ROOM, rooms)
        for cell in (at.CHOSEN, at.OFFER, at.OLD_OFFER, at.BEST_OPTION):
            self.put(cell, [NOWHERE] * len(problem.lessons))
        self.put(at.ROOM_USE, closed_rooms(problem))
        self.put(at.ROOM_OWNER, [NOWHERE] * (len(problem.rooms) * problem.slots))
        in_room: list[list[int]] = [[] for _ in problem.rooms]
        for lesson, row in enumerate(menus.of_lesson):
            if row >= 0:
                for room in sorted({r for option in menus.menus[row] for r in option.rooms}):
                    in_room[room].append(lesson)
        self.rows(at.ROOM_LESSON, at.LESSON_IN, in_room)
        housed = {lesson for track in self.tracks if track.housed for lesson in track.lessons}
        self.put(
            at.LESSON_ROOMY,
            [int(n in housed and varied(problem, menus, n)) for n in range(len(problem.lessons))],
        )
        self.fill_sets()

    def fill_sets(self) -> None:
        sets = [rule for rule in self.problem.rules if rule.kind is Kind.ROOMS_MAX]
        of_lesson: list[list[int]] = [[] for _ in self.problem.lessons]
        for number, rule in enumerate(sets):
            for lesson in rule.lessons:
                of_lesson[lesson].append(number)
        self.rows(at.LESSON_SET, at.SET_OF, of_lesson)
        self.put(at.SET_COUNT, [0] * (len(sets) * len(self.problem.rooms)))
        self.put(at.SET_USED, [0] * len(sets))
        self.put(at.SET_HIGH, [rule.high for rule in sets])
        self.put(at.SET_WEIGHT, [soft_weight(rule) for rule in sets])
        self.cells[at.SETS] = len(sets)
        self.cells[at.ITEMS] = self.cells[at.SET_ITEM] + len(sets)

    def fill_work(self) -> None:
        items = self.cells[at.ITEMS]
        self.put(at.WEIGHT, [FIRST_WEIGHT] * items)
        self.put(at.UNITS, [0] * items)
        self.put(at.BROKEN_LIST, [0] * items)
        self.put(at.BROKEN_AT, [-1] * items)
        self.put(at.CHAIN_LIST, [0] * len(self.blocks))
        self.put(at.CHAIN_SLOT, [0] * len(self.blocks))
        self.put(at.CHAIN_MARK, [0] * len(self.blocks))
        self.note_empty()

    def note_empty(self) -> None:
        """Bounds from below are broken by the empty timetable: count that before anything is placed."""
        base = 0
        days = len(self.problem.days)
        for track in self.tracks:
            for number, rule in enumerate(track.rules):
                units = rule.low if rule.week else days * rule.low
                if rule.low and rule.value < at.TRIPS and (rule.week or not rule.empty_fine):
                    self.broken(len(self.tracks) + base + number, rule.weight, units)
            base += len(track.rules)
        for number, track in enumerate(self.tracks):
            units = sum(low for low, _, flag in track.limits if not flag)
            if units:
                self.broken(number, 0, units)

    def broken(self, item: int, weight: int, units: int) -> None:
        cells = self.cells
        if weight:
            cells[at.SOFT] += weight * units
            return
        cells[cells[at.UNITS] + item] = units
        cells[at.HARD] += units
        cells[at.PRESSURE] += units * FIRST_WEIGHT
        cells[cells[at.BROKEN_LIST] + cells[at.BROKEN]] = item
        cells[cells[at.BROKEN_AT] + item] = cells[at.BROKEN]
        cells[at.BROKEN] += 1


def closed_rooms(problem: Problem) -> list[int]:
    """Use of rooms before anything is placed: a closed slot is taken once."""
    use = [0] * (len(problem.rooms) * problem.slots)
    for rule in problem.rules:
        if rule.kind is Kind.CLOSED and rule.hard:
            for room in rule.rooms:
                for slot in rule.slots:
                    use[room * problem.slots + slot] = 1
    return use


def soft_weight(rule: Rule) -> int:
    """The weight as the search has it: hundredths of hundredths, 0 for hard."""
    return 0 if rule.hard else max(round(rule.weight * 100), 1)


def pack(mask: int, marks: int) -> int:
    """Only the marked bits, moved together."""
    found = place = 0
    while marks:
        low = marks & -marks
        if mask & low:
            found |= 1 << place
        place += 1
        marks ^= low
    return found


def numbered(flags: list[bool]) -> list[int]:
    found, next_row = [], 0
    for flag in flags:
        found.append(next_row if flag else -1)
        next_row += flag
    return found


def building_of(problem: Problem, rooms: tuple[int, ...]) -> int:
    return problem.rooms[rooms[0]].building if rooms else -1


def varied(problem: Problem, menus: Menus, lesson: int) -> bool:
    """Whether the choice of room can change the building."""
    menu = menus.of_lesson[lesson]
    if menu < 0:
        return False
    return len({building_of(problem, option.rooms) for option in menus.menus[menu]}) > 1
