"""The timetable kernel: a problem in, verdicts and timetables out; no database, no Qt, no compiled code needed."""
