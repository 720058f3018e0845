"""The state of a search: lift a block, gauge a place, put it there. A block is what moves as one: lessons that begin together."""

from __future__ import annotations

from common.timetable import layout as at
from common.timetable.kernel_lines import Cells, bump, covered, entry_cost, entry_settle, random
from common.timetable.kernel_pairs import pair_units, room_of


def one_pair(m: Cells, pair: int, slot: int, options: int) -> int:
    """Units of a pair if my lesson began in `slot`; `options`: the table where my room stands."""
    mine = m[m[at.PAIR_MINE] + pair]
    other = m[m[at.PAIR_OTHER] + pair]
    where = m[m[at.BLOCK_SLOT] + m[m[at.LESSON_BLOCK] + other]]
    if where < 0:
        return 0
    kind = m[m[at.PAIR_KIND] + pair]
    my_span = covered(m, mine, slot % m[at.WIDTH])
    span = covered(m, other, where % m[at.WIDTH])
    if kind == at.OTHER_ROOM:
        beside = slot // m[at.WIDTH] == where // m[at.WIDTH] and (
            slot + my_span == where or where + span == slot
        )
        alike = room_of(m, m[options + mine]) == room_of(m, m[m[at.CHOSEN] + other])
        return 1 if beside and not alike else 0
    return pair_units(m, kind, m[m[at.PAIR_NUMBER] + pair], slot, my_span, where, span)


def pairs_cost(m: Cells, block: int, slot: int) -> int:
    cost = 0
    for pair in range(m[m[at.BLOCK_PAIR] + block], m[m[at.BLOCK_PAIR] + block + 1]):
        units = one_pair(m, pair, slot, m[at.OFFER])
        if units:
            weight = m[m[at.PAIR_WEIGHT] + pair]
            if weight == 0:
                cost += units * m[m[at.WEIGHT] + m[m[at.PAIR_ITEM] + pair]]
            else:
                cost += units * weight * m[at.SOFT_COUNTS]
    return cost


def pairs_settle(m: Cells, block: int, slot: int, by: int) -> None:
    for pair in range(m[m[at.BLOCK_PAIR] + block], m[m[at.BLOCK_PAIR] + block + 1]):
        units = one_pair(m, pair, slot, m[at.CHOSEN])
        if units:
            weight = m[m[at.PAIR_WEIGHT] + pair]
            if weight == 0:
                bump(m, m[m[at.PAIR_ITEM] + pair], by * units)
            else:
                m[at.SOFT] += by * units * weight


def option_cost(m: Cells, lesson: int, option: int, slot: int, span: int) -> int:
    """What a choice of rooms costs: their clashes, its own wishes, the number of different rooms."""
    cell = m[at.OPTION] + option * 4
    cost = m[cell] * m[at.SOFT_COUNTS]
    for place in range(m[cell + 2], m[cell + 3]):
        room = m[m[at.OPTION_ROOM] + place]
        use = m[at.ROOM_USE] + room * m[at.SLOTS]
        for one in range(slot, slot + span):
            if m[use + one] > 0:
                cost += m[m[at.WEIGHT] + m[at.ROOM_ITEM] + room]
        for row in range(m[m[at.LESSON_SET] + lesson], m[m[at.LESSON_SET] + lesson + 1]):
            one_set = m[m[at.SET_OF] + row]
            if m[m[at.SET_COUNT] + one_set * m[at.ROOMS] + room] == 0 and (
                m[m[at.SET_USED] + one_set] >= m[m[at.SET_HIGH] + one_set]
            ):
                weight = m[m[at.SET_WEIGHT] + one_set]
                if weight == 0:
                    cost += m[m[at.WEIGHT] + m[at.SET_ITEM] + one_set]
                else:
                    cost += weight * m[at.SOFT_COUNTS]
    return cost


def travel_cost(m: Cells, block: int, lesson: int, option: int, slot: int, span: int) -> int:
    """What the building of a choice costs on the lines of the lesson."""
    m[m[at.OFFER] + lesson] = option
    cost = 0
    for entry in range(m[m[at.BLOCK_ENTRY] + block], m[m[at.BLOCK_ENTRY] + block + 1]):
        track = m[m[at.ENTRY_TRACK] + entry]
        if m[m[at.ENTRY_LESSON] + entry] == lesson and m[m[at.HOUSE_ROW] + track] >= 0:
            cost += entry_cost(m, entry, slot)
    return cost


def choose_option(m: Cells, block: int, lesson: int, slot: int) -> int:
    """The cheapest rooms for a lesson at a time become its offer; ties fall by chance."""
    menu = m[m[at.LESSON_MENU] + lesson]
    if menu < 0:
        m[m[at.OFFER] + lesson] = -1
        return 0
    first = m[m[at.MENU_OPTION] + menu]
    count = m[m[at.MENU_OPTION] + menu + 1] - first
    span = covered(m, lesson, slot % m[at.WIDTH])
    roomy = m[m[at.LESSON_ROOMY] + lesson]
    best = -1
    best_cost = 0
    best_whole = 0
    turn = random(m, count) if count > 1 else 0
    for step in range(count):
        option = first + (turn + step) % count
        cost = option_cost(m, lesson, option, slot, span)
        whole = cost
        if roomy:
            whole += travel_cost(m, block, lesson, option, slot, span)
        if best < 0 or whole < best_whole:
            best = option
            best_cost = cost
            best_whole = whole
            if whole <= 0:
                break
    m[m[at.OFFER] + lesson] = best
    return best_cost


def rooms_mark(m: Cells, lesson: int, option: int, slot: int, by: int) -> None:
    """Reserve an offer while the other lessons of its block choose."""
    if option < 0:
        return
    cell = m[at.OPTION] + option * 4
    span = covered(m, lesson, slot % m[at.WIDTH])
    for place in range(m[cell + 2], m[cell + 3]):
        use = m[at.ROOM_USE] + m[m[at.OPTION_ROOM] + place] * m[at.SLOTS]
        for one in range(slot, slot + span):
            m[use + one] += by


def gauge(m: Cells, block: int, slot: int, free: int) -> int:
    """What a lifted block would cost in a slot. With `free` 1 its rooms are chosen now, else the offers stand."""
    first = m[m[at.BLOCK_LESSON] + block]
    last = m[m[at.BLOCK_LESSON] + block + 1]
    cost = 0
    for place in range(first, last):
        lesson = m[m[at.LESSON_OF] + place]
        if free:
            cost += choose_option(m, block, lesson, slot)
        elif m[m[at.OFFER] + lesson] >= 0:
            span = covered(m, lesson, slot % m[at.WIDTH])
            cost += option_cost(m, lesson, m[m[at.OFFER] + lesson], slot, span)
        if last - first > 1:
            rooms_mark(m, lesson, m[m[at.OFFER] + lesson], slot, 1)
    if last - first > 1:
        for place in range(first, last):
            lesson = m[m[at.LESSON_OF] + place]
            rooms_mark(m, lesson, m[m[at.OFFER] + lesson], slot, -1)
    row = m[m[at.BLOCK_COST] + block]
    if row >= 0:
        cost += m[m[at.START_COST] + row * m[at.SLOTS] + slot] * m[at.SOFT_COUNTS]
    for entry in range(m[m[at.BLOCK_ENTRY] + block], m[m[at.BLOCK_ENTRY] + block + 1]):
        cost += entry_cost(m, entry, slot)
    return cost + pairs_cost(m, block, slot)


def rooms_settle(m: Cells, lesson: int, slot: int, by: int) -> None:
    """Take or give back the chosen rooms of a lesson."""
    option = m[m[at.CHOSEN] + lesson]
    if option < 0:
        return
    cell = m[at.OPTION] + option * 4
    m[at.SOFT] += by * m[cell]
    span = covered(m, lesson, slot % m[at.WIDTH])
    for place in range(m[cell + 2], m[cell + 3]):
        room = m[m[at.OPTION_ROOM] + place]
        use = m[at.ROOM_USE] + room * m[at.SLOTS]
        for one in range(slot, slot + span):
            count = m[use + one]
            m[use + one] = count + by
            if count + count + by > 2:
                bump(m, m[at.ROOM_ITEM] + room, by)
            owner = m[at.ROOM_OWNER] + room * m[at.SLOTS] + one
            if by > 0:
                m[owner] = lesson
            elif m[owner] == lesson:
                m[owner] = -1
        for row in range(m[m[at.LESSON_SET] + lesson], m[m[at.LESSON_SET] + lesson + 1]):
            set_settle(m, m[m[at.SET_OF] + row], room, by)


def set_settle(m: Cells, one_set: int, room: int, by: int) -> None:
    cell = m[at.SET_COUNT] + one_set * m[at.ROOMS] + room
    count = m[cell]
    m[cell] = count + by
    if count > 0 and count + by > 0:
        return
    used = m[m[at.SET_USED] + one_set]
    high = m[m[at.SET_HIGH] + one_set]
    m[m[at.SET_USED] + one_set] = used + by
    change = max(used + by - high, 0) - max(used - high, 0)
    if change != 0:
        weight = m[m[at.SET_WEIGHT] + one_set]
        if weight == 0:
            bump(m, m[at.SET_ITEM] + one_set, change)
        else:
            m[at.SOFT] += change * weight


def settle(m: Cells, block: int, slot: int, by: int) -> None:
    row = m[m[at.BLOCK_COST] + block]
    if row >= 0:
        m[at.SOFT] += by * m[m[at.START_COST] + row * m[at.SLOTS] + slot]
    for place in range(m[m[at.BLOCK_LESSON] + block], m[m[at.BLOCK_LESSON] + block + 1]):
        rooms_settle(m, m[m[at.LESSON_OF] + place], slot, by)
    for entry in range(m[m[at.BLOCK_ENTRY] + block], m[m[at.BLOCK_ENTRY] + block + 1]):
        entry_settle(m, block, entry, slot, by)
    pairs_settle(m, block, slot, by)


def lift(m: Cells, block: int) -> int:
    """Take a block off the timetable; says where it was. Its rooms stay noted in OLD_OFFER."""
    slot = m[m[at.BLOCK_SLOT] + block]
    settle(m, block, slot, -1)
    for place in range(m[m[at.BLOCK_LESSON] + block], m[m[at.BLOCK_LESSON] + block + 1]):
        lesson = m[m[at.LESSON_OF] + place]
        m[m[at.OLD_OFFER] + lesson] = m[m[at.CHOSEN] + lesson]
        m[m[at.CHOSEN] + lesson] = -1
    m[m[at.BLOCK_SLOT] + block] = -1
    return slot


def place(m: Cells, block: int, slot: int) -> None:
    """Put a lifted block into a slot with the rooms that OFFER names."""
    for cell in range(m[m[at.BLOCK_LESSON] + block], m[m[at.BLOCK_LESSON] + block + 1]):
        lesson = m[m[at.LESSON_OF] + cell]
        m[m[at.CHOSEN] + lesson] = m[m[at.OFFER] + lesson]
    m[m[at.BLOCK_SLOT] + block] = slot
    settle(m, block, slot, 1)


def recall(m: Cells, block: int) -> None:
    """The rooms before the last lift become the offer again."""
    for cell in range(m[m[at.BLOCK_LESSON] + block], m[m[at.BLOCK_LESSON] + block + 1]):
        lesson = m[m[at.LESSON_OF] + cell]
        m[m[at.OFFER] + lesson] = m[m[at.OLD_OFFER] + lesson]


def keep_best(m: Cells) -> None:
    """Remember the timetable as it stands."""
    m[at.BEST_HARD] = m[at.HARD]
    m[at.BEST_SOFT] = m[at.SOFT]
    for block in range(m[at.BLOCKS]):
        m[m[at.BEST_SLOT] + block] = m[m[at.BLOCK_SLOT] + block]
    for lesson in range(m[at.LESSONS]):
        m[m[at.BEST_OPTION] + lesson] = m[m[at.CHOSEN] + lesson]


def return_to_best(m: Cells) -> None:
    """Lay the remembered timetable out again."""
    for block in range(m[at.BLOCKS]):
        lift(m, block)
    for block in range(m[at.BLOCKS]):
        for cell in range(m[m[at.BLOCK_LESSON] + block], m[m[at.BLOCK_LESSON] + block + 1]):
            lesson = m[m[at.LESSON_OF] + cell]
            m[m[at.OFFER] + lesson] = m[m[at.BEST_OPTION] + lesson]
        place(m, block, m[m[at.BEST_SLOT] + block])
