"""What an administrator writes: TOML with places, shapes, parties, calendars, and what is wrong in a file."""
