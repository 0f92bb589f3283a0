"""Letters into a Maildir: whole, once, and read by Python's own mailbox."""

from __future__ import annotations

import asyncio
import mailbox
from pathlib import Path

from arshjul.mail.transports import MaildirTransport, Parcel
from arshjul.mail.verdicts import Outcome, Phase, Verdict

PARCEL = Parcel("01JD", "arshjul@example.no", "kari@example.no", b"Subject: Frist\r\n\r\nHei\r\n")


def deliver(folder: Path, parcel: Parcel = PARCEL) -> tuple[Verdict, int]:
    """Deliver, and count how often it was said that the letter may be there from now on."""
    started = []

    async def note() -> None:
        started.append(1)

    async def work() -> Verdict:
        way = MaildirTransport(folder)
        await way.ready()
        verdict = await way.deliver(parcel, note)
        await way.close()
        return verdict

    return asyncio.run(work()), len(started)


def test_a_letter_lies_in_the_maildir(tmp_path: Path) -> None:
    assert deliver(tmp_path / "var" / "mail") == (Verdict(Outcome.ACCEPTED, Phase.DATA, None, "arshjul.01JD"), 1)
    (message,) = mailbox.Maildir(tmp_path / "var" / "mail", create=False)
    assert (message["Subject"], message.get_payload()) == ("Frist", "Hei\n")
    assert list((tmp_path / "var" / "mail" / "tmp").iterdir()) == []


def test_a_letter_that_comes_again_makes_no_second_copy(tmp_path: Path) -> None:
    deliver(tmp_path)
    again, _ = deliver(tmp_path)
    assert again.outcome is Outcome.ACCEPTED
    (tmp_path / "new" / "arshjul.01JD").rename(tmp_path / "cur" / "arshjul.01JD:2,S")  # somebody has read it
    deliver(tmp_path)
    assert [path.name for path in tmp_path.glob("*/*")] == ["arshjul.01JD:2,S"]


def test_a_crash_while_writing_leaves_no_half_letter(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "arshjul.01JD").write_bytes(b"Subj")
    deliver(tmp_path)
    assert (tmp_path / "new" / "arshjul.01JD").read_bytes() == b"Subject: Frist\n\nHei\n"


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_letter(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("en fil, ikke en mappe")
    verdict, _ = deliver(tmp_path / "mail")
    assert (verdict.outcome, verdict.phase) == (Outcome.RELAY, Phase.DATA)
    assert verdict.text.startswith(f"Maildir «{tmp_path}/mail»: ")
