"""The certificate that the tests' servers show."""

from __future__ import annotations

from tests.smtp_servers import certificate

__all__ = ["certificate"]
