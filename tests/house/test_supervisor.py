"""Crashed programs come back, more slowly each time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from house import supervisor
from house.program import Guarded, Program
from house.supervisor import Supervisor, Watched

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def crashed(program: Program, crashes: int) -> Watched:
    """A program that has just ended after earlier crashes."""
    guarded = Guarded(program)
    guarded.wait()
    return Watched(program, guarded, crashes=crashes)


def test_pause_doubles_with_each_crash_up_to_a_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = Program("web", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    for crashes, pause in ((0, "0.5"), (1, "1"), (2, "2"), (20, "30")):
        watched = crashed(program, crashes)
        watched.tick()
        assert watched.guarded is None
        assert f"web ended with status 3; starting it again in {pause} s" in capsys.readouterr().out


def test_program_is_started_again_when_its_pause_is_over(tmp_path: Path) -> None:
    program = Program("web", [sys.executable, "-c", "import time; time.sleep(600)"], tmp_path)
    watched = Watched(program, None, crashes=1, due=0)
    watched.tick()
    assert watched.guarded is not None
    assert watched.guarded.poll() is None
    watched.guarded.stop()


def test_a_steady_run_clears_the_count(tmp_path: Path) -> None:
    watched = crashed(Program("web", [sys.executable, "-c", ""], tmp_path), crashes=7)
    watched.began -= supervisor.STEADY_SECONDS + 1
    watched.tick()
    assert watched.crashes == 1


def test_shutdown_stops_tiers_in_their_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    script = (
        "import signal, sys\n"
        "signal.signal(15, lambda *_: (open(sys.argv[1], 'a').write(sys.argv[2]), sys.exit()))\n"
        "print('up', flush=True)\n"
        "while True: signal.pause()"
    )
    site = Supervisor()
    for name in ("database", "web"):
        guarded = Guarded(
            Program(name, [sys.executable, "-c", script, str(order), f"{name} "], tmp_path / "run"), piped=True
        )
        assert guarded.output.readline() == b"up\n"
        site.adopt(guarded)
    site.shutdown([["web"], ["database"]])
    for watched in site.watched.values():
        assert watched.guarded is not None
        watched.guarded.output.close()
    assert order.read_text() == "web database "
