"""What is kept of a feed's token: its hash. Making tokens needs chance and is not done here, but from a key."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hex. No slow hash is needed: a token is 256 bits of chance, not a password."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def token_of(key: bytes, feed: str) -> str:
    """Return the token that a feed always has in a published folder: HMAC-SHA256 of its name, 43 signs."""
    return urlsafe_b64encode(hmac.digest(key, feed.encode(), "sha256")).decode("ascii").rstrip("=")
