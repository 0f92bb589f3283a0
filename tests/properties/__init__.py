"""Properties over random calendars and random edits: the days are known because the generator wrote the files."""
