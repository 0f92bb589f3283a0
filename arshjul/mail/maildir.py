"""Letters into a Maildir, a folder that any mail program opens; nothing leaves the machine."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from arshjul.core.system_errors import why
from arshjul.core.verdicts import Outcome, Phase, Verdict
from arshjul.disk import private
from arshjul.mail.transports import OnDataStarted, Parcel
from arshjul.mail.verdicts import judged


@dataclass(frozen=True, slots=True)
class MaildirTransport:
    """Letters into `folder`. A letter's file is named after it, so handing it over again makes no second copy."""

    folder: Path

    async def ready(self) -> None:
        """Return at once: a folder needs no pause."""

    async def deliver(self, parcel: Parcel, on_data_started: OnDataStarted) -> Verdict:
        await on_data_started()
        return await judged(asyncio.to_thread(self._delivered, parcel), lambda: Phase.DATA)

    async def close(self) -> None:
        """Do nothing: there is nobody to take leave of."""

    def _delivered(self, parcel: Parcel) -> Verdict:
        try:
            return self._deliver(parcel)
        except OSError as error:
            return Verdict(Outcome.RELAY, Phase.DATA, None, f"Maildir «{self.folder}»: {why(error)}")

    def _deliver(self, parcel: Parcel) -> Verdict:
        for part in ("tmp", "new", "cur"):
            private.make_folder(self.folder / part)
        name = f"arshjul.{parcel.letter_id}"
        if self._is_there(name):
            return Verdict(Outcome.ACCEPTED, Phase.DATA, None, f"{name} lå der fra før")
        written = self.folder / "tmp" / name
        with os.fdopen(private.open_file(written), "wb") as file:
            file.write(parcel.wire.replace(b"\r\n", b"\n"))  # as mail lies on disk; on the line it has CRLF
            file.flush()
            os.fsync(file.fileno())
        written.rename(self.folder / "new" / name)
        _sync(self.folder / "new")
        return Verdict(Outcome.ACCEPTED, Phase.DATA, None, name)

    def _is_there(self, name: str) -> bool:
        """Tell whether the letter lies there, unread or moved to `cur` with flags after its name by a mail program."""
        return (self.folder / "new" / name).exists() or any((self.folder / "cur").glob(f"{name}*"))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
