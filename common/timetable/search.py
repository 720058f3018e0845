"""The moves of the search: building, weighted tabu to feasibility, annealing to quality. Compiled where numba is there.

Each function works a number of steps on the one array and returns, so that its caller can measure, report and stop.
"""

from __future__ import annotations

from common.timetable import layout as at
from common.timetable.kernel import (
    gauge,
    keep_best,
    lift,
    place,
    recall,
    return_to_best,
)
from common.timetable.kernel_lines import Cells, covered, objective, random

__all__ = ["anneal", "build", "return_to_best", "set_weights", "tabu"]

MANY = 1 << 60
CHAIN_AT_MOST = 8


def build(m: Cells, order: int) -> None:
    """Put the blocks of CHAIN_LIST one by one where each costs least; ties fall by chance."""
    for turn in range(order):
        block = m[m[at.CHAIN_LIST] + turn]
        slot = cheapest(m, block, -1)
        if slot >= 0:
            gauge(m, block, slot, 1)
            place(m, block, slot)
    keep_best(m)


def cheapest(m: Cells, block: int, limit: int) -> int:
    """The slot of least cost for a lifted block that tabu lets through; -1 where there is none.

    A tabu slot is still taken where it makes the timetable better than `limit`.
    """
    first = m[m[at.BLOCK_DOMAIN] + block]
    count = m[m[at.BLOCK_DOMAIN] + block + 1] - first
    if count == 0:
        return -1
    base = objective(m)
    best = -1
    best_cost = MANY
    turn = random(m, count)
    for step in range(count):
        slot = m[m[at.DOMAIN] + first + (turn + step) % count]
        cost = gauge(m, block, slot, 1)
        free = m[m[at.TABU] + block * m[at.SLOTS] + slot] <= m[at.ITERATION]
        if cost < best_cost and (free or base + cost < limit):
            best = slot
            best_cost = cost
            if cost <= 0 and limit < 0:
                break
    return best


def lesson_in_trouble(m: Cells, item: int) -> int:
    """A block that has to do with a broken item, by chance among its culprits; -1 where none can move."""
    if item < m[at.TRACKS]:
        return crowded_block(m, item)
    if item < m[at.PAIR_ITEM_FIRST]:
        track = m[m[at.RULE_TRACK] + item - m[at.TRACKS]]
        first = m[m[at.TRACK_LESSON] + track]
        count = m[m[at.TRACK_LESSON] + track + 1] - first
        return m[m[at.LESSON_BLOCK] + m[m[at.LESSON_ON] + first + random(m, count)]]
    if item < m[at.ROOM_ITEM]:
        side = at.ITEM_A if random(m, 2) else at.ITEM_B
        return m[m[side] + item - m[at.PAIR_ITEM_FIRST]]
    if item < m[at.SET_ITEM]:
        return block_in_room(m, item - m[at.ROOM_ITEM])
    return block_of_set(m, item - m[at.SET_ITEM])


def crowded_block(m: Cells, track: int) -> int:
    """A lesson of the track that shares its time with another of the track."""
    first = m[m[at.TRACK_LESSON] + track]
    count = m[m[at.TRACK_LESSON] + track + 1] - first
    turn = random(m, count)
    for step in range(count):
        lesson = m[m[at.LESSON_ON] + first + (turn + step) % count]
        block = m[m[at.LESSON_BLOCK] + lesson]
        slot = m[m[at.BLOCK_SLOT] + block]
        if slot < 0:
            continue
        if m[m[at.TRACK_CAP] + track] > 1:
            return block
        for one in range(slot, slot + covered(m, lesson, slot % m[at.WIDTH])):
            if m[m[at.OCCUPIED] + track * m[at.SLOTS] + one] > 1:
                return block
    return -1


def block_in_room(m: Cells, room: int) -> int:
    """A lesson in a room at a time when the room is taken twice or closed."""
    first = m[m[at.ROOM_LESSON] + room]
    count = m[m[at.ROOM_LESSON] + room + 1] - first
    turn = random(m, count)
    for step in range(count):
        lesson = m[m[at.LESSON_IN] + first + (turn + step) % count]
        option = m[m[at.CHOSEN] + lesson]
        block = m[m[at.LESSON_BLOCK] + lesson]
        slot = m[m[at.BLOCK_SLOT] + block]
        if slot < 0 or option < 0:
            continue
        cell = m[at.OPTION] + option * 4
        for row in range(m[cell + 2], m[cell + 3]):
            if m[m[at.OPTION_ROOM] + row] == room:
                for one in range(slot, slot + covered(m, lesson, slot % m[at.WIDTH])):
                    if m[m[at.ROOM_USE] + room * m[at.SLOTS] + one] > 1:
                        return block
    return -1


def block_of_set(m: Cells, one_set: int) -> int:
    count = m[at.LESSONS]
    turn = random(m, count)
    for step in range(count):
        lesson = (turn + step) % count
        for row in range(m[m[at.LESSON_SET] + lesson], m[m[at.LESSON_SET] + lesson + 1]):
            if m[m[at.SET_OF] + row] == one_set:
                return m[m[at.LESSON_BLOCK] + lesson]
    return -1


def tabu(m: Cells, steps: int, learning: int) -> int:
    """Move blocks in trouble to where they cost least, until nothing is broken hard; says the steps done.

    Where no place is better than the present one, what is broken weighs more instead.
    """
    for step in range(steps):
        if m[at.BROKEN] == 0:
            return step
        m[at.ITERATION] += 1
        item = m[m[at.BROKEN_LIST] + random(m, m[at.BROKEN])]
        block = lesson_in_trouble(m, item)
        if block < 0 or m[m[at.BLOCK_SLOT] + block] < 0:
            continue
        before = objective(m)
        old = lift(m, block)
        back = m[at.TABU] + block * m[at.SLOTS] + old
        m[back] = m[at.ITERATION] + 1
        slot = cheapest(m, block, 0)
        gain = before - objective(m)
        if slot < 0:
            recall(m, block)
            place(m, block, old)
            continue
        cost = gauge(m, block, slot, 1)
        if cost > gain and random(m, 1000) >= 5:
            recall(m, block)
            place(m, block, old)
            m[back] = 0
            m[m[at.WEIGHT] + item] += learning
            m[at.PRESSURE] += learning * m[m[at.UNITS] + item]
            continue
        place(m, block, slot)
        m[back] = m[at.ITERATION] + 3 + random(m, 8)
        m[at.STALE] += 1
        if m[at.HARD] < m[at.BEST_HARD]:
            keep_best(m)
            m[at.STALE] = 0
    return steps


def accepted(m: Cells, change: int, heat: int) -> bool:
    if change <= 0:
        return True
    step = change * 64 // heat
    return step < 1024 and random(m, 1 << 30) < m[m[at.ACCEPT] + step] >> 2


def anneal(m: Cells, steps: int, heat: int) -> None:
    """Random moves, room changes and chains of exchanges, accepted by the heat; the best is remembered."""
    for _ in range(steps):
        block = m[m[at.BUSY_LIST] + random(m, m[at.MOVABLE])]
        first = m[m[at.BLOCK_DOMAIN] + block]
        count = m[m[at.BLOCK_DOMAIN] + block + 1] - first
        slot = m[m[at.DOMAIN] + first + random(m, count)]
        old = m[m[at.BLOCK_SLOT] + block]
        if old < 0:
            continue
        if slot == old or random(m, 4) == 0:
            shuffle_rooms(m, block, heat)
        else:
            chain_move(m, block, slot, heat)
        if m[at.HARD] < m[at.BEST_HARD] or (
            m[at.HARD] == m[at.BEST_HARD] and m[at.SOFT] < m[at.BEST_SOFT]
        ):
            keep_best(m)


def shuffle_rooms(m: Cells, block: int, heat: int) -> None:
    """The same time, one other room."""
    first = m[m[at.BLOCK_LESSON] + block]
    lesson = m[m[at.LESSON_OF] + first + random(m, m[m[at.BLOCK_LESSON] + block + 1] - first)]
    menu = m[m[at.LESSON_MENU] + lesson]
    if menu < 0:
        return
    option = m[m[at.MENU_OPTION] + menu]
    count = m[m[at.MENU_OPTION] + menu + 1] - option
    if count < 2:
        return
    option += random(m, count)
    other = sitting_there(m, lesson, option)
    if other >= 0:
        exchange_rooms(m, lesson, other, option, heat)
        return
    before = objective(m)
    slot = lift(m, block)
    recall(m, block)
    m[m[at.OFFER] + lesson] = option
    change = objective(m) + gauge(m, block, slot, 0) - before
    if not accepted(m, change, heat):
        recall(m, block)
    place(m, block, slot)


def sitting_there(m: Cells, lesson: int, option: int) -> int:
    """Another lesson with the same menu that has the wanted room at this time; -1 where there is none."""
    cell = m[at.OPTION] + option * 4
    if m[cell + 2] + 1 != m[cell + 3] or m[m[at.CHOSEN] + lesson] < 0:
        return -1
    slot = m[m[at.BLOCK_SLOT] + m[m[at.LESSON_BLOCK] + lesson]]
    room = m[m[at.OPTION_ROOM] + m[cell + 2]]
    other = m[m[at.ROOM_OWNER] + room * m[at.SLOTS] + slot]
    if other < 0 or m[m[at.LESSON_BLOCK] + other] == m[m[at.LESSON_BLOCK] + lesson]:
        return -1
    return other


def exchange_rooms(m: Cells, lesson: int, other: int, option: int, heat: int) -> None:
    """Two lessons of one time exchange their rooms, where both menus have them."""
    mine = m[m[at.CHOSEN] + lesson]
    theirs = option_with_room(m, other, mine)
    if theirs < 0:
        return
    block = m[m[at.LESSON_BLOCK] + lesson]
    second = m[m[at.LESSON_BLOCK] + other]
    before = objective(m)
    slot = lift(m, block)
    second_slot = lift(m, second)
    recall(m, block)
    recall(m, second)
    m[m[at.OFFER] + lesson] = option
    m[m[at.OFFER] + other] = theirs
    place(m, block, slot)
    place(m, second, second_slot)
    if not accepted(m, objective(m) - before, heat):
        lift(m, block)
        lift(m, second)
        recall(m, block)
        recall(m, second)
        m[m[at.OFFER] + lesson] = mine
        m[m[at.OFFER] + other] = option_with_room(m, other, option)
        place(m, block, slot)
        place(m, second, second_slot)


def option_with_room(m: Cells, lesson: int, like: int) -> int:
    """The lesson's option of the one room that another menu's option has; -1 where there is none."""
    menu = m[m[at.LESSON_MENU] + lesson]
    room = m[m[at.OPTION_ROOM] + m[m[at.OPTION] + like * 4 + 2]]
    if m[m[at.OPTION] + like * 4 + 2] + 1 != m[m[at.OPTION] + like * 4 + 3]:
        return -1
    for option in range(m[m[at.MENU_OPTION] + menu], m[m[at.MENU_OPTION] + menu + 1]):
        first = m[m[at.OPTION] + option * 4 + 2]
        if first + 1 == m[m[at.OPTION] + option * 4 + 3] and m[m[at.OPTION_ROOM] + first] == room:
            return option
    return -1


def add_to_chain(m: Cells, block: int, slot: int) -> bool:
    """Note that a block goes to a slot; refused where it cannot begin there or the chain is full."""
    length = m[at.CHAIN]
    if slot < 0 or slot >= m[at.SLOTS] or length >= CHAIN_AT_MOST:
        return False
    if m[m[at.IN_DOMAIN] + block * m[at.SLOTS] + slot] == 0:
        return False
    m[m[at.CHAIN_LIST] + length] = block
    m[m[at.CHAIN_SLOT] + length] = slot
    m[m[at.CHAIN_MARK] + block] = 1
    m[at.CHAIN] = length + 1
    return True


def link_owners(m: Cells, block: int, slot: int, shift: int) -> bool:
    """Every block in the way of this one joins the chain, shifted the other way."""
    for entry in range(m[m[at.BLOCK_ENTRY] + block], m[m[at.BLOCK_ENTRY] + block + 1]):
        track = m[m[at.ENTRY_TRACK] + entry]
        if m[m[at.TRACK_CAP] + track] != 1:
            continue
        lesson = m[m[at.ENTRY_LESSON] + entry]
        for one in range(slot, slot + covered(m, lesson, slot % m[at.WIDTH])):
            owner = m[m[at.OWNER] + track * m[at.SLOTS] + one]
            if owner >= 0 and m[m[at.CHAIN_MARK] + owner] == 0:
                start = m[m[at.BLOCK_SLOT] + owner]
                if not add_to_chain(m, owner, start + shift):
                    return False
    return True


def chain_of(m: Cells, block: int, slot: int) -> bool:
    """A Kempe chain: the block goes to the slot, who is in its way comes back, and so on."""
    m[at.CHAIN] = 0
    shift = slot - m[m[at.BLOCK_SLOT] + block]
    good = add_to_chain(m, block, slot)
    done = 0
    while good and done < m[at.CHAIN]:
        one = m[m[at.CHAIN_LIST] + done]
        there = m[m[at.CHAIN_SLOT] + done]
        back = -shift if there - m[m[at.BLOCK_SLOT] + one] == shift else shift
        good = link_owners(m, one, there, back)
        done += 1
    for row in range(m[at.CHAIN]):
        m[m[at.CHAIN_MARK] + m[m[at.CHAIN_LIST] + row]] = 0
    return good


def chain_move(m: Cells, block: int, slot: int, heat: int) -> None:
    """Try the chain that a move starts; leave everything as it was where the heat refuses."""
    if not chain_of(m, block, slot):
        return
    before = objective(m)
    length = m[at.CHAIN]
    if length == 1:
        old = lift(m, block)
        change = objective(m) + gauge(m, block, slot, 1) - before
        if accepted(m, change, heat):
            place(m, block, slot)
        else:
            recall(m, block)
            place(m, block, old)
        return
    for row in range(length):
        one = m[m[at.CHAIN_LIST] + row]
        there = m[m[at.CHAIN_SLOT] + row]
        m[m[at.CHAIN_SLOT] + row] = lift(m, one)
        m[m[at.CHAIN_MARK] + one] = there
    for row in range(length):
        one = m[m[at.CHAIN_LIST] + row]
        there = m[m[at.CHAIN_MARK] + one]
        gauge(m, one, there, 1)
        place(m, one, there)
    if not accepted(m, objective(m) - before, heat):
        for row in range(length):
            one = m[m[at.CHAIN_LIST] + row]
            keep_rooms(m, one)
        for row in range(length):
            one = m[m[at.CHAIN_LIST] + row]
            recall(m, one)
            place(m, one, m[m[at.CHAIN_SLOT] + row])
    for row in range(length):
        m[m[at.CHAIN_MARK] + m[m[at.CHAIN_LIST] + row]] = 0


def keep_rooms(m: Cells, block: int) -> None:
    """Lift once more without forgetting the rooms from before the chain."""
    first = m[m[at.BLOCK_LESSON] + block]
    last = m[m[at.BLOCK_LESSON] + block + 1]
    for row in range(first, last):
        lesson = m[m[at.LESSON_OF] + row]
        m[m[at.OFFER] + lesson] = m[m[at.OLD_OFFER] + lesson]
    lift(m, block)
    for row in range(first, last):
        lesson = m[m[at.LESSON_OF] + row]
        m[m[at.OLD_OFFER] + lesson] = m[m[at.OFFER] + lesson]


def set_weights(m: Cells, weight: int, soft: int) -> None:
    """Forget what was learned; `soft` 1 makes wishes count."""
    for item in range(m[at.ITEMS]):
        m[m[at.WEIGHT] + item] = weight
    m[at.PRESSURE] = m[at.HARD] * weight
    m[at.SOFT_COUNTS] = soft
