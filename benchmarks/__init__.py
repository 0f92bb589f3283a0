"""How fast it is, measured beside what others use: each is run by itself, `python -m benchmarks.feeds`."""
