"""What a lesson costs on the lines of its teachers and students; the first part of the compiled kernel.

Written in the part of Python that numba compiles; without numba it runs as it is, with identical results. Every function
takes the array of `layout.py` first.
"""

from __future__ import annotations

from common.timetable import layout as at

Cells = list[int]


def random(m: Cells, below: int) -> int:
    """The next number of the seeded stream, in 0..below-1."""
    x = m[at.RANDOM]
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    m[at.RANDOM] = x
    return (x * below) >> 32


def bump(m: Cells, item: int, change: int) -> None:
    """Hard units of an item changed: keep the sums and the list of broken items."""
    units = m[m[at.UNITS] + item]
    m[m[at.UNITS] + item] = units + change
    m[at.HARD] += change
    m[at.PRESSURE] += change * m[m[at.WEIGHT] + item]
    if units == 0 and change > 0:
        place = m[at.BROKEN]
        m[m[at.BROKEN_LIST] + place] = item
        m[m[at.BROKEN_AT] + item] = place
        m[at.BROKEN] = place + 1
    elif units > 0 and units + change == 0:
        place = m[m[at.BROKEN_AT] + item]
        last = m[at.BROKEN] - 1
        moved = m[m[at.BROKEN_LIST] + last]
        m[m[at.BROKEN_LIST] + place] = moved
        m[m[at.BROKEN_AT] + moved] = place
        m[m[at.BROKEN_AT] + item] = -1
        m[at.BROKEN] = last


def objective(m: Cells) -> int:
    return m[at.PRESSURE] + m[at.SOFT] * m[at.SOFT_COUNTS]


def covered(m: Cells, lesson: int, period: int) -> int:
    return m[m[at.SHAPE] + m[m[at.LESSON_SHAPE] + lesson] * m[at.WIDTH] + period]


def building_at(m: Cells, row: int, slot: int) -> int:
    """The building of a line's lesson in a slot, or -1."""
    base = m[at.HOUSE] + (row * m[at.SLOTS] + slot) * m[at.BUILDINGS]
    for building in range(m[at.BUILDINGS]):
        if m[base + building] > 0:
            return building
    return -1


def trips(m: Cells, rule: int, track: int, day: int, short: int) -> int:
    """Changes of building on a day; with `short` 1, only those with too little time."""
    row = m[m[at.HOUSE_ROW] + track]
    found = 0
    last = -1
    last_period = 0
    for period in range(m[at.WIDTH]):
        building = building_at(m, row, day * m[at.WIDTH] + period)
        if building < 0:
            continue
        if last >= 0 and building != last:
            if not short:
                found += 1
            else:
                need = m[m[at.RULE_LOW] + rule]
                if need == 0:
                    need = m[m[at.TRAVEL] + last * m[at.BUILDINGS] + building]
                if m[m[at.BEGIN] + period] - m[m[at.END] + last_period] < need:
                    found += 1
        last = building
        last_period = period
    return found


def measure_special(m: Cells, rule: int, kind: int, track: int, day: int, mask: int) -> int:
    """Values that need more than the mask: buildings, lessons tied to the ends of the day, parts of it."""
    if kind == at.TRIPS:
        return trips(m, rule, track, day, 1)
    if kind == at.MOVES:
        return trips(m, rule, track, day, 0)
    if kind == at.TOUCHED or kind == at.SELECTED:  # noqa: PLR1714  numba compares numbers faster
        part = mask & m[m[at.PART] + m[m[at.RULE_PART] + rule] * m[at.DAYS] + day]
        if kind == at.SELECTED:
            return m[m[at.COUNT] + part]
        return 1 if part else 0
    row = m[m[at.SPECIAL_ROW] + track] * m[at.DAYS] + day
    if kind == at.AFTER_LAST:
        lasts = m[m[at.LASTS] + row]
        if lasts == 0:
            return 0
        return m[m[at.COUNT] + (mask >> (m[m[at.LOW] + lasts] + 1))]
    edged = m[m[at.EDGED] + row]
    found = 1 if edged >> m[m[at.LOW] + mask] & 1 else 0
    if mask and edged >> m[m[at.TOP] + mask] & 1:
        found += 1
    return found


def measure(m: Cells, rule: int, track: int, day: int, mask: int) -> int:
    """The value that a rule looks at on one day of a line whose taken intervals are `mask`."""
    kind = m[m[at.RULE_KIND] + rule]
    if kind >= at.TOUCHED and kind not in (at.SECOND, at.LATE, at.LONELY, at.CROWDED):
        return measure_special(m, rule, kind, track, day, mask)
    if mask == 0:
        return 0
    pack = m[m[at.TRACK_PACK] + track]
    if pack >= 0:
        mask = m[m[at.PACK] + pack * m[at.MASKS] + mask]
    if kind == at.USED:
        return 1
    if kind == at.HOURS:
        return m[m[at.COUNT] + mask]
    if kind == at.CROWDED:
        return 1 if m[m[at.COUNT] + mask] > m[m[at.RULE_LOW] + rule] else 0
    if kind == at.LONGEST:
        return m[m[at.RUN] + mask]
    if kind == at.LONELY:
        return m[m[at.COUNT] + (mask & ~(mask << 1) & ~(mask >> 1))]
    return measure_span(m, kind, mask, m[m[at.OPEN] + track * m[at.DAYS] + day])


def measure_span(m: Cells, kind: int, mask: int, free: int) -> int:
    """Values of the stretch between the first lesson and the last, and of what lies before it."""
    low = m[m[at.LOW] + mask]
    top = m[m[at.TOP] + mask]
    if kind == at.LENGTH:
        return top - low + 1
    if kind == at.GAPS:
        between = ((1 << top) - 1) & ~((1 << low) - 1)
        return m[m[at.COUNT] + (between & ~mask & free)]
    late = m[m[at.COUNT] + (((1 << low) - 1) & free)]
    if kind == at.SECOND:
        return 1 if late else 0
    return late - 1 if late > 1 else 0


def over(m: Cells, rule: int, value: int, mask: int) -> int:
    """How far a value is outside the rule's bounds; an empty day may be excused."""
    units = 0
    if value > m[m[at.RULE_HIGH] + rule]:
        units = value - m[m[at.RULE_HIGH] + rule]
    low = m[m[at.RULE_LOW] + rule]
    kind = m[m[at.RULE_KIND] + rule]
    if value < low and kind < at.TRIPS and (mask != 0 or m[m[at.RULE_FLAG] + rule] == 0):
        units += low - value
    return units


def rule_change(m: Cells, rule: int, day: int, value: int, was: int, mask: int) -> int:
    """Units won or lost when the day's value becomes `value` and its mask changes from `was` to `mask`."""
    old = m[m[at.RULE_VALUE] + rule * m[at.DAYS] + day]
    if m[m[at.RULE_WEEK] + rule]:
        if value == old:
            return 0
        total = m[m[at.RULE_SUM] + rule]
        return over(m, rule, total + value - old, 1) - over(m, rule, total, 1)
    return over(m, rule, value, mask) - over(m, rule, old, was)


def rules_cost(m: Cells, track: int, day: int, mask: int) -> int:
    """What the rules of a line would cost more if its day looked so."""
    was = m[m[at.MASK] + track * m[at.DAYS] + day]
    cost = 0
    for rule in range(m[m[at.TRACK_RULE] + track], m[m[at.TRACK_RULE] + track + 1]):
        change = rule_change(m, rule, day, measure(m, rule, track, day, mask), was, mask)
        if change != 0:
            weight = m[m[at.RULE_WEIGHT] + rule]
            if weight == 0:
                cost += change * m[m[at.WEIGHT] + m[at.TRACKS] + rule]
            else:
                cost += change * weight * m[at.SOFT_COUNTS]
    return cost


def rules_settle(m: Cells, track: int, day: int, mask: int) -> None:
    """Write down the day's new mask with all that follows for the rules."""
    was = m[m[at.MASK] + track * m[at.DAYS] + day]
    for rule in range(m[m[at.TRACK_RULE] + track], m[m[at.TRACK_RULE] + track + 1]):
        value = measure(m, rule, track, day, mask)
        change = rule_change(m, rule, day, value, was, mask)
        cell = m[at.RULE_VALUE] + rule * m[at.DAYS] + day
        m[m[at.RULE_SUM] + rule] += value - m[cell]
        m[cell] = value
        if change != 0:
            weight = m[m[at.RULE_WEIGHT] + rule]
            if weight == 0:
                bump(m, m[at.TRACKS] + rule, change)
            else:
                m[at.SOFT] += change * weight
    m[m[at.MASK] + track * m[at.DAYS] + day] = mask


def limit_units(m: Cells, track: int, slot: int, count: int) -> int:
    cell = m[at.LIMIT] + (m[m[at.LIMIT_ROW] + track] * m[at.SLOTS] + slot) * 3
    units = 0
    if count > m[cell + 1]:
        units = count - m[cell + 1]
    if count < m[cell] and (count > 0 or m[cell + 2] == 0):
        units += m[cell] - count
    return units


def house_add(
    m: Cells, track: int, lesson: int, slot: int, span: int, option: int, by: int
) -> None:
    """Note the building of a lesson on a line that minds buildings."""
    row = m[m[at.HOUSE_ROW] + track]
    if row < 0 or option < 0:
        return
    building = m[m[at.OPTION] + option * 4 + 1]
    if building < 0:
        return
    for one in range(slot, slot + span):
        m[m[at.HOUSE] + (row * m[at.SLOTS] + one) * m[at.BUILDINGS] + building] += by


def special_add(m: Cells, track: int, special: int, slot: int, span: int, by: int) -> None:
    """Note a lesson that ends the day (1) or keeps from its edges (2)."""
    row = m[m[at.SPECIAL_ROW] + track]
    day = slot // m[at.WIDTH]
    for one in range(slot, slot + span):
        bit = 1 << (one % m[at.WIDTH])
        if special & 2:
            cell = m[at.EDGED_COUNT] + row * m[at.SLOTS] + one
            m[cell] += by
            mask = m[at.EDGED] + row * m[at.DAYS] + day
            m[mask] = m[mask] | bit if m[cell] else m[mask] & ~bit
        if special & 1 and one == slot + span - 1:
            cell = m[at.LASTS_COUNT] + row * m[at.SLOTS] + one
            m[cell] += by
            mask = m[at.LASTS] + row * m[at.DAYS] + day
            m[mask] = m[mask] | bit if m[cell] else m[mask] & ~bit


def entry_cost(m: Cells, entry: int, slot: int) -> int:
    """What one lesson would cost on one of its lines."""
    track = m[m[at.ENTRY_TRACK] + entry]
    lesson = m[m[at.ENTRY_LESSON] + entry]
    width = m[at.WIDTH]
    day = slot // width
    period = slot - day * width
    span = covered(m, lesson, period)
    bits = ((1 << span) - 1) << period
    mask = m[m[at.MASK] + track * m[at.DAYS] + day]
    cost = 0
    cap = m[m[at.TRACK_CAP] + track]
    if cap == 1:
        if mask & bits:
            cost = m[m[at.COUNT] + (mask & bits)] * m[m[at.WEIGHT] + track]
    elif cap > 1:
        for one in range(slot, slot + span):
            count = m[m[at.OCCUPIED] + track * m[at.SLOTS] + one]
            change = limit_units(m, track, one, count + 1) - limit_units(m, track, one, count)
            cost += change * m[m[at.WEIGHT] + track]
    if m[m[at.TRACK_RULE] + track] == m[m[at.TRACK_RULE] + track + 1]:
        return cost
    special = m[m[at.ENTRY_SPECIAL] + entry]
    housed = m[m[at.HOUSE_ROW] + track] >= 0
    if special == 0 and not housed:
        if mask | bits == mask:
            return cost
        return cost + rules_cost(m, track, day, mask | bits)
    option = m[m[at.OFFER] + lesson]
    house_add(m, track, lesson, slot, span, option, 1)
    if special:
        special_add(m, track, special, slot, span, 1)
    cost += rules_cost(m, track, day, mask | bits)
    house_add(m, track, lesson, slot, span, option, -1)
    if special:
        special_add(m, track, special, slot, span, -1)
    return cost


def entry_settle(m: Cells, block: int, entry: int, slot: int, by: int) -> None:
    """Put one lesson on one of its lines (by = 1) or take it off (by = -1)."""
    track = m[m[at.ENTRY_TRACK] + entry]
    lesson = m[m[at.ENTRY_LESSON] + entry]
    width = m[at.WIDTH]
    day = slot // width
    period = slot - day * width
    span = covered(m, lesson, period)
    mask = m[m[at.MASK] + track * m[at.DAYS] + day]
    cap = m[m[at.TRACK_CAP] + track]
    for one in range(slot, slot + span):
        cell = m[at.OCCUPIED] + track * m[at.SLOTS] + one
        count = m[cell]
        m[cell] = count + by
        bit = 1 << (one - day * width)
        if count + by == 0:
            mask &= ~bit
        else:
            mask |= bit
        if cap == 1 and count + by + count > 2:
            bump(m, track, by)
        elif cap > 1:
            change = limit_units(m, track, one, count + by) - limit_units(m, track, one, count)
            if change != 0:
                bump(m, track, change)
        owner = m[at.OWNER] + track * m[at.SLOTS] + one
        if by > 0:
            m[owner] = block
        elif m[owner] == block:
            m[owner] = -1
    special = m[m[at.ENTRY_SPECIAL] + entry]
    if special:
        special_add(m, track, special, slot, span, by)
    house_add(m, track, lesson, slot, span, m[m[at.CHOSEN] + lesson], by)
    rules_settle(m, track, day, mask)
