"""What the web served before a reload is let go: the memory of a service does not grow with every edit."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from arshjul.organisation import Organisation
from arshjul.service.running import Service
from arshjul.web.site import SiteState
from tests.service.test_reload import with_service
from tests.small_site import edit

RELOADS = 5


def test_earlier_states_and_files_are_let_go_after_reloads(tmp_path: Path) -> None:
    async def use(service: Service) -> None:
        states: list[weakref.ref[SiteState]] = []
        files: list[weakref.ref[Organisation]] = []
        for number in range(RELOADS):
            states.append(weakref.ref(service.site.state))
            files.append(weakref.ref(service.good))
            old = "Styremøte" if number == 0 else f"Møte {number}"
            edit(tmp_path / "calendars" / "region.toml", f'title = "{old}"', f'title = "Møte {number + 1}"')
            await service.reload()
            await service.tick()
        gc.collect()
        assert [one() for one in states] == [None] * RELOADS
        assert [one() for one in files] == [None] * RELOADS
        assert service.site.state.occurrences

    with_service(tmp_path, use)
