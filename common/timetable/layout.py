"""Where everything lies in the search's one array: the first cells are sizes and offsets, named here.

One flat array of integers serves both forms of the kernel: a list for plain Python, an int64 array for compiled code.
The first cells hold sizes and counters, the rest offsets of tables; `m[m[MASK] + i]` is a cell of a table.
"""

from __future__ import annotations

from typing import Final

HEAD: Final = 128

# sizes and counters
SLOTS: Final = 0  # in the grid
WIDTH: Final = 1  # intervals in a day
DAYS: Final = 2
BLOCKS: Final = 3  # lessons that begin together are one block
LESSONS: Final = 4
TRACKS: Final = 5  # lines whose occupation matters: teachers, atoms, sets of lessons
RULES: Final = 6  # rules on tracks
PAIRS: Final = 7
ROOMS: Final = 8
SETS: Final = 9  # sets of lessons whose different rooms are counted
BUILDINGS: Final = 10
ITEMS: Final = 11  # things that can be broken hard: tracks, rules, pairs, rooms
SOFT: Final = 12  # current soft cost
HARD: Final = 13  # current hard units
SOFT_COUNTS: Final = 14  # 1 while soft cost matters to the search
RANDOM: Final = 15
BROKEN: Final = 16  # number of items in BROKEN_LIST
MASKS: Final = 17  # 2 ** WIDTH
ITERATION: Final = 18
BEST_HARD: Final = 19
BEST_SOFT: Final = 20
CHAIN: Final = 21  # length of CHAIN_LIST
ACCEPTED: Final = 22
PRESSURE: Final = 23  # hard units times learned weights
SET_ITEM: Final = 24  # first item of the sets
ROOM_ITEM: Final = 25
PAIR_ITEM_FIRST: Final = 26
MOVABLE: Final = 27  # length of BUSY_LIST
STALE: Final = 28  # iterations since the best

# what a day's mask says
COUNT: Final = 30
LOW: Final = 31  # lowest bit's position
TOP: Final = 32  # highest bit's position
RUN: Final = 33
ACCEPT: Final = 34  # exp(-x/64) in 2**31
AFTER_BREAK: Final = 35  # (day, period 0..WIDTH) to the next period that is no break

# blocks and lessons
BLOCK_SLOT: Final = 36
BLOCK_DOMAIN: Final = 37  # offsets into DOMAIN
DOMAIN: Final = 38
BLOCK_COST: Final = 39  # row of START_COST, or -1
START_COST: Final = 40
BLOCK_LESSON: Final = 41  # offsets into LESSON_OF
LESSON_OF: Final = 42
BLOCK_ENTRY: Final = 43  # offsets of entries: a lesson on a track
ENTRY_TRACK: Final = 44
ENTRY_LESSON: Final = 45
ENTRY_SPECIAL: Final = 46  # 1 ends the day, 2 away from the edges, 3 both
BLOCK_PAIR: Final = 47  # offsets of block's pairs
LESSON_BLOCK: Final = 48
LESSON_SHAPE: Final = 49
SHAPE: Final = 50  # (shape, period) to intervals covered
IN_DOMAIN: Final = 51  # (block, slot) to 1
TABU: Final = 52  # (block, slot) to the iteration when it is free again

# tracks
TRACK_CAP: Final = 53  # 1: lessons clash; 0: they do not; 2: LIMIT rows hold
TRACK_RULE: Final = 54  # offsets of rules
TRACK_LESSON: Final = 55  # offsets of lessons
LESSON_ON: Final = 56
TRACK_PACK: Final = 57  # row of PACK, or -1: which intervals are hours
PACK: Final = 58
OPEN: Final = 59  # (track, day) to its open hours
MASK: Final = 60  # (track, day)
OCCUPIED: Final = 61  # (track, slot) count
OWNER: Final = 62  # (track, slot) to a block that is there, or -1
LIMIT: Final = 63  # (track with cap 2, slot): low, high, flag
LIMIT_ROW: Final = 64
LASTS: Final = 65  # (track, day) mask of final intervals of lessons that end the day
LASTS_COUNT: Final = 66
EDGED: Final = 67  # (track, day) mask of lessons away from the edges
EDGED_COUNT: Final = 68
SPECIAL_ROW: Final = 69  # track to its row in the four above, or -1
HOUSE_ROW: Final = 70  # track to its row in HOUSE, or -1
HOUSE: Final = 71  # (row, slot, building) count

# rules on tracks
RULE_KIND: Final = 72
RULE_LOW: Final = 73
RULE_HIGH: Final = 74
RULE_FLAG: Final = 75
RULE_WEIGHT: Final = 76  # 0: hard
RULE_WEEK: Final = 77
RULE_PART: Final = 78  # row of PART, or -1
PART: Final = 79  # (row, day) mask
RULE_VALUE: Final = 80  # (rule, day)
RULE_SUM: Final = 81

# pairs: mine and the other lesson
PAIR_MINE: Final = 82
PAIR_OTHER: Final = 83
PAIR_KIND: Final = 84
PAIR_NUMBER: Final = 85
PAIR_WEIGHT: Final = 86
PAIR_ITEM: Final = 87

# rooms
LESSON_MENU: Final = 88  # row of MENU_OPTION, or -1: needs no room
MENU_OPTION: Final = 89  # offsets of options
OPTION: Final = 90  # (option): cost, building, first and last cell in OPTION_ROOM
OPTION_ROOM: Final = 91
CHOSEN: Final = 92  # lesson to its option, or -1
OFFER: Final = 93  # lesson to the option that gauge would take
ROOM_USE: Final = 94  # (room, slot) count; closed slots begin at one

# sets of rooms, learned weights, work space
LESSON_SET: Final = 95  # offsets into SET_OF
SET_OF: Final = 96
SET_COUNT: Final = 97  # (set, room)
SET_USED: Final = 98
SET_HIGH: Final = 99
SET_WEIGHT: Final = 100  # 0: hard
WEIGHT: Final = 101  # item to its learned weight
UNITS: Final = 102  # item to its hard units
BROKEN_LIST: Final = 103  # items with units
BROKEN_AT: Final = 104  # item to its place in the list, or -1
ROOM_LESSON: Final = 105  # offsets of lessons that may use the room
LESSON_IN: Final = 106
TRAVEL: Final = 107  # (building, building) minutes
BEGIN: Final = 108  # period to minutes
END: Final = 109
CHAIN_LIST: Final = 110  # blocks of a compound move
CHAIN_SLOT: Final = 111  # where each goes
CHAIN_MARK: Final = 112  # block to 1 while it is in the chain
OLD_OFFER: Final = 113  # lesson to its option before a move
BEST_SLOT: Final = 114  # block
BEST_OPTION: Final = 115  # lesson
LESSON_ROOMY: Final = 116  # 1: the building of its room matters to tracks
RULE_TRACK: Final = 117
ITEM_A: Final = 118  # pair item to its blocks
ITEM_B: Final = 119
BUSY_LIST: Final = 120  # blocks of more than one start, the movable ones
ROOM_OWNER: Final = 121  # (room, slot) to a lesson that is there, or -1

# kinds of values of a day
HOURS: Final = 0
GAPS: Final = 1
LONGEST: Final = 2
LENGTH: Final = 3
USED: Final = 4
TOUCHED: Final = 5
SECOND: Final = 6
LATE: Final = 7
LONELY: Final = 8
SELECTED: Final = 9
AFTER_LAST: Final = 10
AT_EDGE: Final = 11
MOVES: Final = 12
CROWDED: Final = 14  # 1 on a day of more hours than the low bound
TRIPS: Final = 13  # travel times that are too short

# kinds of pairs
NEAR: Final = 0  # days between at least NUMBER
NEAR_SPLIT: Final = 1  # on one day not side by side: hard companion of NEAR
FAR: Final = 2
OTHER_START: Final = 3
OTHER_DAY: Final = 4
OTHER_HOUR: Final = 5
NOT_NEXT: Final = 6  # the other must follow me
NOT_BEFORE: Final = 7  # I must follow the other
NOT_TOGETHER: Final = 8  # in one block of the day, NUMBER intervals of a third may lie between
NOT_ORDERED: Final = 9  # I end before the other begins
NOT_AFTER: Final = 10
ORDERED_DAY: Final = 11
AFTER_DAY: Final = 12
CLOSE: Final = 13  # on one day at least NUMBER intervals between
OVERLAP: Final = 14
OTHER_ROOM: Final = 15
