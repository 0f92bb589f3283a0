"""Where the letter templates that come with the program lie; an organisation's own win over them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

IN_PACKAGE: Final = Path(__file__).parent / "templates"
"""Where the wheel puts them; in a clone they lie at the top, where an administrator finds them."""

PACKAGED: Final = IN_PACKAGE if IN_PACKAGE.is_dir() else Path(__file__).parents[2] / "templates"
"""The folder with `email` in it."""
