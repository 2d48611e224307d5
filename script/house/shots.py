"""`script/shots`: pictures of every type of page, of a running demo site or of one started for it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from house import virtualenv
from house.console import say, step
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Take the pictures; returns 0."""
    parser = argparse.ArgumentParser(prog="script/shots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("page", nargs="*", help="only these, by name")
    parser.add_argument("--url", help="a running site with the demo data (default: one is started and stopped)")
    options = parser.parse_args(argv)
    virtualenv.enter("requirements-dev.txt")
    sys.path.append(str(ROOT))
    from tests import live_site, servers  # noqa: PLC0415  (needs the virtual environment)
    from tests.browser import shots  # noqa: PLC0415  (likewise)

    if options.url:
        made = shots.take(options.url.rstrip("/"), options.folder, set(options.page))
    else:
        with servers.postgres() as server, live_site.live_site(server, demo="1") as site:
            with step("Loading the demo data"):
                site.manage("demo_load")
                site.wait_until_idle(240)
            made = shots.take(site.url, options.folder, set(options.page))
    say(f"{made} pictures in {options.folder}")
    return 0
