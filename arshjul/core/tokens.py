"""What is kept of a feed's token: its hash. Making tokens needs chance and is not done here."""

from __future__ import annotations

from hashlib import sha256


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hex. No slow hash is needed: a token is 256 bits of chance, not a password."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
