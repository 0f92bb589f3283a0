"""What every way of handing on a letter has in common. The ways are `smtp` and `maildir`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from arshjul.core.verdicts import Verdict

OnDataStarted: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter to one recipient, as it is handed over: `wire` goes out byte for byte."""

    letter_id: str
    sender: str
    recipient: str
    wire: bytes


class Transport(Protocol):
    """A way out. One letter at a time."""

    async def ready(self) -> None:
        """Wait until another letter may go."""

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        """Hand the letter over and say what is known of it then.

        `on_data_started` is awaited right before the point from which the other side may have the letter; when it
        raises, the letter is not handed over, and the exception goes on to the caller. Cancelled, it takes leave of the
        other side at once; whether that has the letter is then not known, once `on_data_started` was awaited.
        """

    async def close(self) -> None:
        """Take leave; the next letter begins anew."""
