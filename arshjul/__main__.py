"""`python -m arshjul` is the same as `arshjul`."""

from __future__ import annotations

import sys

from arshjul.cli import main

if __name__ == "__main__":
    sys.exit(main())
