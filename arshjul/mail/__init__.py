"""Letters as mail: written from templates, built into messages, handed to a server or a Maildir."""

from __future__ import annotations
