"""What people subscribe to: entries, iCalendar, revisions, subscriptions, publishing."""
