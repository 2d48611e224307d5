"""A publish, a yank and a change of visibility show on every surface of a live site within two seconds.

Two seconds are the promise for a machine that is not loaded. Here every surface is asked again for `PATIENCE` seconds,
so that a slow machine does not fail; what is kept for longer (a cache's age, a job that waits for its sweep) does.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.clients import packages
from tests.clients.visitor import ask, call, change, choose, person, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
PATIENCE = 10.0
JSON = {"Content-Type": "application/json"}
NUMBER = r"([0-9]+\.[0-9]+\.[0-9]+)"


@dataclass(frozen=True)
class Surface:
    """A place that shows the package: what it says now (a version or "there"; None: nothing).

    One that `lists` tells yanked versions too.
    """

    says: Callable[[], str | None]
    lists: bool = False
    numbered: bool = True


def fetched(site: LiveSite, path: str, pattern: str) -> Callable[[], str | None]:
    """The first match in what the address answers."""

    def look() -> str | None:
        status, body = ask(site, path, Accept="*/*")
        assert status < 500, (path, body[:500])
        found = re.search(pattern, body.decode(), re.DOTALL) if status == 200 else None
        return found[1] if found else None

    return look


def cloned(site: LiveSite, path: str, folder: Path) -> Callable[[], str | None]:
    """The version in the tree that git gets; None when there is no repository or no plugin in it."""

    def look() -> str | None:
        to = folder / uuid4().hex
        line = ["git", "clone", "--quiet", "--depth", "1", f"{site.url}{path}", str(to)]
        quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": "/usr/bin:/bin"}
        if subprocess.run(line, check=False, capture_output=True, env=quiet).returncode:
            return None
        listed = json.loads((to / ".claude-plugin" / "marketplace.json").read_text(encoding="utf-8"))["plugins"]
        return str(listed[0]["version"]) if listed else None

    return look


def surfaces(site: LiveSite, name: str, *, key: str, shelf: str, folder: Path) -> dict[str, Surface]:
    """Everything that shows the package to strangers, to a library that holds it, and in a collection."""
    publisher, _slash, word = name.removeprefix("@").partition("/")
    chip = rf'chip mono num">{NUMBER}<'
    artifact = rf"/@{publisher}/{word}/{NUMBER}/"
    texts = {
        "page": (f"/{name}", rf'<span class="mono">{NUMBER}</span>'),
        "publisher page": (f"/@{publisher}", chip),
        "results": (f"/search?q={word}", chip),
        "collection page": (f"/collections/{shelf}", chip),
        "API": (f"/api/v1/packages/{name}", rf'"latest":\s*"{NUMBER}"'),
        "API search": (f"/api/v1/packages?q={word}", rf'"latest":\s*"{NUMBER}"'),
        "API collection": (f"/api/v1/collections/{shelf}", rf'"latest":\s*"{NUMBER}"'),
        "packument": (f"/npm/{name}", rf'"dist-tags":\s*{{[^}}]*"latest":\s*"{NUMBER}"'),
        "npm search": (f"/npm/-/v1/search?text={word}", rf'"version":\s*"{NUMBER}"'),
        "Claude publisher": (f"/claude/{publisher}/marketplace.json", artifact),
        "Claude catalogue": ("/claude/marketplace.json", artifact),
        "Claude library": (f"/claude/i/{key}/marketplace.json", artifact),
        "Claude collection": (f"/claude/collections/{shelf}/marketplace.json", artifact),
        "skills of the package": (f"/{name}/.well-known/agent-skills/index.json", artifact),
        "skills of the publisher": (f"/@{publisher}/.well-known/agent-skills/index.json", artifact),
        "skills of the library": (f"/s/{key}/.well-known/agent-skills/index.json", artifact),
        "feed of the publisher": (f"/@{publisher}/feed.atom", rf"{name} {NUMBER}"),
        "feed of what changed": ("/feeds/updated.atom", rf"{name} {NUMBER}"),
    }
    found = {place: Surface(fetched(site, *asked)) for place, asked in texts.items()}
    found["feed of the package"] = Surface(fetched(site, f"/{name}/feed.atom", rf"{name} {NUMBER}"), lists=True)
    found["versions page"] = Surface(fetched(site, f"/{name}/versions", rf"<code>{NUMBER}</code>"), lists=True)
    found["skills search"] = Surface(fetched(site, f"/api/search?q={word}", f"({word})"), numbered=False)
    for place, path in {
        "git publisher": f"/git/{publisher}.git",
        "git library": f"/git/i/{key}.git",
        "git collection": f"/git/collections/{shelf}.git",
    }.items():
        found[place] = Surface(cloned(site, path, folder))
    return found


def wrong(everything: dict[str, Surface], current: str | None, newest: str | None) -> dict[str, str | None]:
    """What the surfaces still say that is not so, after asking for as long as patience lasts."""
    late: dict[str, str | None] = {}
    deadline = time.monotonic() + PATIENCE

    def settle(one: tuple[str, Surface]) -> None:
        place, surface = one
        wanted = newest if surface.lists else current
        wanted = "there" if wanted and not surface.numbered else wanted
        while True:
            is_last, said = time.monotonic() > deadline, surface.says()
            said = "there" if said and not surface.numbered else said
            if said == wanted:
                return
            if is_last:
                late[place] = said
                return
            time.sleep(0.1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(settle, everything.items()))
    return late


def test_what_happens_to_a_package_shows_everywhere_soon(
    live_site: LiveSite, publisher: Person, tmp_path: Path
) -> None:
    word = f"w{uuid4().hex[:12]}"
    name = publish(live_site, publisher, packages.skill(word)).rpartition("@")[0]
    shelf = call(live_site, publisher, "/api/v1/collections", json.dumps({"title": "Kept"}).encode(), **JSON)["slug"]
    call(live_site, publisher, f"/api/v1/collections/{shelf}/entries/{name}", b"{}", method="PUT", **JSON)
    key = choose(live_site, person(live_site), name)
    everything = surfaces(live_site, name, key=key, shelf=shelf, folder=tmp_path)
    assert wrong(everything, "1.0.0", "1.0.0") == {}

    newer = publish(live_site, publisher, packages.skill(word, "Read the tests first."), version="1.1.0")
    assert wrong(everything, "1.1.0", "1.1.0") == {}

    change(live_site, publisher, newer, "yank")
    assert wrong(everything, "1.0.0", "1.1.0") == {}

    for visibility, current, newest in (("private", None, None), ("public", "1.0.0", "1.1.0")):
        wanted = json.dumps({"visibility": visibility}).encode()
        call(live_site, publisher, f"/api/v1/packages/{name}", wanted, method="PATCH", **JSON)
        assert wrong(everything, current, newest) == {}
