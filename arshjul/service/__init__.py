"""The running service: clock, guard, parts, publishing, and what keeps it going."""
