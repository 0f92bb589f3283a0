"""When: days and workdays, places in a year, cadences and their turns, and the reader of Norwegian phrases."""
