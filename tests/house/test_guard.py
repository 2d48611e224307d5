"""A guarded program never outlives its launcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import pytest

from house import console, processes, program, record
from house.program import Guarded, Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
INTERRUPTIBLE = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print('up', flush=True); time.sleep(600)",
]
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(600)
"""
LAUNCHER = """
import sys
from pathlib import Path
sys.path.insert(0, {scripts!r})
from house.program import Guarded, Program
kept = Guarded(Program("sleeper", {command!r}, Path({run!r})))
print("started", flush=True)
sys.stdin.read()
"""


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether something becomes true within a generous time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def child_of(run: Path, name: str) -> int:
    """The process number of a guarded program, once it is recorded."""
    assert eventually(lambda: "child" in record.load(run / f"{name}.json"))
    return int(record.load(run / f"{name}.json")["child"][0])


def test_closing_stops_the_program_and_its_record(tmp_path: Path) -> None:
    guarded = Guarded(Program("sleeper", SLEEPER, tmp_path))
    child = child_of(tmp_path, "sleeper")
    guarded.stop()
    assert processes.identity(child) is None
    assert not (tmp_path / "sleeper.json").exists()


def test_whole_group_is_killed_after_the_grace_time(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    guarded = Guarded(Program("stubborn", [sys.executable, "-c", STUBBORN, str(note)], tmp_path / "run", grace=0.2))
    assert eventually(lambda: note.exists() and bool(note.read_text()))
    guarded.stop()
    assert eventually(lambda: processes.identity(int(note.read_text())) is None)


def test_program_ends_when_its_launcher_is_killed(tmp_path: Path) -> None:
    source = LAUNCHER.format(scripts=str(program.HOUSE.parent), command=SLEEPER, run=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == b"started\n"
        child = child_of(tmp_path, "sleeper")
        launcher.kill()
        assert eventually(lambda: processes.identity(child) is None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program of its parent's death")
def test_program_ends_when_its_guard_is_killed(tmp_path: Path) -> None:
    guarded = Guarded(Program("sleeper", SLEEPER, tmp_path))
    child = child_of(tmp_path, "sleeper")
    os.kill(record.load(tmp_path / "sleeper.json")["guard"][0], signal.SIGKILL)
    assert eventually(lambda: processes.identity(child) is None)
    assert guarded.wait() == -signal.SIGKILL
    guarded.close()


def test_sweep_stops_a_program_whose_guard_is_gone(tmp_path: Path) -> None:
    with subprocess.Popen(INTERRUPTIBLE, start_new_session=True, stdout=subprocess.PIPE) as orphan:
        assert orphan.stdout is not None
        assert orphan.stdout.readline() == b"up\n"
        pair = [orphan.pid, processes.identity(orphan.pid)]
        record.save(tmp_path / "orphan.json", {"guard": [orphan.pid, "an earlier process"], "child": pair})
        program.sweep(tmp_path)
        assert orphan.wait() == -signal.SIGINT
    assert not (tmp_path / "orphan.json").exists()


def test_sweep_leaves_a_reused_process_number_alone(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEPER, start_new_session=True) as stranger:
        record.save(tmp_path / "old.json", {"guard": [stranger.pid, "other"], "child": [stranger.pid, "other"]})
        program.sweep(tmp_path)
        assert stranger.poll() is None
        stranger.kill()


def test_long_log_is_moved_while_its_program_writes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LOG_BYTES", 10)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as stream:
        stream.write(b"twelve bytes")
        program.trim(log)
        stream.write(b"on")
    assert (tmp_path / "web.log.1").read_bytes() == b"twelve bytes"
    assert log.read_bytes() == b"on"


def test_failed_step_is_refused_with_the_end_of_its_output(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        print("first line")
        raise SystemExit("no disk left")
    """)
    with pytest.raises(console.Refused, match="migrate ended with status 1") as caught:
        program.run(Program("migrate", [sys.executable, "-c", script], tmp_path))
    assert "no disk left" in str(caught.value)
