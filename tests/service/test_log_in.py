"""A refused log-in: the service stops trying, says so, and goes on by itself once the password has been changed."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from arshjul.letters.brakes import HoldKind
from arshjul.mail.verdicts import State
from arshjul.rounds import holds
from arshjul.store import queue
from arshjul.store.engine import open_store
from arshjul.store.upkeep import upgrade
from tests.cli.test_doctor import running
from tests.clock import going
from tests.crash.bench import write_site
from tests.crash.test_serve import serving
from tests.sample_letters import queued
from tests.serving import until
from tests.smtp_servers import ScriptedServer

pytestmark = pytest.mark.faults


def test_letters_wait_for_a_new_password_and_for_nobody_else(tmp_path: Path) -> None:
    server = ScriptedServer({"AUTH": ["535 5.7.8 Bad credentials", "235 welcome"]}, ("AUTH PLAIN",))
    password = tmp_path / "passord"
    password.write_text("gammelt", encoding="utf-8")
    password.chmod(0o600)
    with running(server) as port:
        write_site(tmp_path, port, 1, 1)
        config = tmp_path / "config.toml"
        text = config.read_text(encoding="utf-8").replace(
            "start_tls = false", 'start_tls = false\nusername = "arshjul"\npassword_file = "passord"'
        )
        config.write_text(text, encoding="utf-8")
        store = open_store(f"sqlite:///{tmp_path}/var/arshjul.db", tmp_path / "var")
        upgrade(store)
        now = going()
        queue.queue(store, [queued(1, send_at=now - timedelta(minutes=1), reminders=())], now)
        with serving(tmp_path) as service:
            until(lambda: holds.current(store) is not None)
            hold = holds.current(store)
            assert hold is not None
            assert (hold.kind, hold.reason) == (
                HoldKind.SETUP,
                "E-posttjeneren godtar ikke innloggingen, avsenderen eller maskinen: 535 5.7.8 Bad credentials. "
                "Kjør «arshjul doctor».",
            )
            assert queue.counts(store) == {State.QUEUED: 1}
            assert "gammelt" not in repr(hold)
            time.sleep(0.1)
            assert server.commands.count("AUTH") == 1
            password.write_text("nytt", encoding="utf-8")
            until(lambda: holds.current(store) is None)
            (waiting,) = queue.letters_by_state(store, State.QUEUED)  # it goes a minute after it met with the refusal
            assert (waiting.attempt, waiting.next_at is not None) == (0, True)
            service.terminate()
            assert service.wait(30) == 0
        said = (tmp_path / "said").read_text(encoding="utf-8")
        assert "Utsendingen står: E-posttjeneren godtar ikke" in said
        assert "kjør «arshjul outbox release»." in said
        assert "gammelt" not in said
        assert "nytt" not in said.replace("på nytt", "")
        store.close()
