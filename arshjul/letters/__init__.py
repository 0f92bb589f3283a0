"""What people are written: leads, reminders, history, changes, the plan of a morning, and the words of letters."""
