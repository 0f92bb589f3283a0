"""What is done again and again: reload the files, plan the letters, send them. Each round is given its `now`."""

from __future__ import annotations
