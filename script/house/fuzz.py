"""`script/fuzz [TARGET ...]`: atheris looks for input that a reader of strangers' bytes cannot bear.

The targets are those of `tests/fuzz/targets.py`. What was learnt stays in `.local/fuzz`, so that the next run goes on.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from house import virtualenv
from house.console import Refused, say
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

ATHERIS = "atheris==3.0.0"
FOLDER = ROOT / ".local" / "fuzz"
INPUT_SECONDS = 20
INPUT_MOST = 65_536
MEMORY_MB = 2048


def main(argv: Sequence[str]) -> int:
    """Fuzz each target in turn; returns 1 when one did not bear something, whose file is named."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", help="only these")
    parser.add_argument("--seconds", type=int, default=60, help="how long each (default: 60)")
    parser.add_argument("--again", type=Path, help="only run this file through the one target")
    options = parser.parse_args(argv)
    virtualenv.enter("requirements-dev.txt")
    sys.path.append(str(ROOT))
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415  (needs the virtual environment)

    chosen = options.target or sorted(TARGETS)
    if unknown := set(chosen) - set(TARGETS):
        raise Refused(f"There is no target {', '.join(sorted(unknown))}; there are {', '.join(sorted(TARGETS))}.")
    if options.again:
        for name in chosen:
            TARGETS[name](options.again.read_bytes())
        say(f"{options.again} is borne by {', '.join(chosen)}")
        return 0
    _ensure_atheris()
    return max(_run(name, options.seconds) for name in chosen)


def _ensure_atheris() -> None:
    """Install it when it is missing; raises Refused where there is none for this machine."""
    if importlib.util.find_spec("atheris"):
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", ATHERIS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (nothing of it is given)
    if done.returncode:
        machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
        raise Refused(
            f"{ATHERIS} cannot be installed for {machine}. `script/test unit -- tests/fuzz` runs the same targets "
            "without it."
        )


def _run(name: str, seconds: int) -> int:
    corpus = FOLDER / name
    corpus.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "tests.fuzz", name, str(corpus), f"-max_total_time={seconds}", "-print_final_stats=1",
        f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}", f"-max_len={INPUT_MOST}",
        f"-artifact_prefix={FOLDER}/{name}-",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    told = [line for line in done.stderr.splitlines() if line.startswith("stat::number_of_executed_units")]
    count = told[0].split()[-1] if told else "?"
    if done.returncode == 0:
        say(f"{name:<12} {count:>9} inputs in {seconds} s, all borne")
        return 0
    say(f"{name:<12} {count:>9} inputs, and one that it does not bear:")
    say("\n".join(done.stderr.splitlines()[-40:]))
    say(f"Run it again: script/fuzz {name} --again {FOLDER}/{name}-...")
    return 1
