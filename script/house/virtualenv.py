"""The project's virtual environment: made when missing, finished when interrupted, skipped when nothing changed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from house import lock, program, record
from house.console import Refused, Step, step
from house.program import Program

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SETUP = ROOT / ".local" / "setup"
LOCK_SECONDS = 600
STAMPS = VENV / "house.json"
PIP_WORDS = ("Collecting ", "Downloading ", "Using cached ", "Building ", "Installing ", "Preparing ")


def _sources(requirements: Path) -> list[Path]:
    """A requirements file and those that it includes with `-r`, innermost first."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    included = [requirements.parent / line[3:].strip() for line in lines if line.startswith("-r ")]
    return [source for path in included for source in _sources(path)] + [requirements]


def fingerprint(requirements: Path) -> str:
    """What decides whether an installation is still right: the files' content and the Python under it."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for source in _sources(requirements):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _base_python() -> str:
    """The Python outside of any virtual environment, so that .venv is never made from itself."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _explain_missing_venv() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = ".".join(map(str, sys.version_info[:2]))
    hint = "apt-get install python3-venv" if shutil.which("apt-get") else "your system's package for Python's venv"
    raise Refused(
        f"Python {version} here cannot make virtual environments (no venv or ensurepip module). Install it: {hint}"
    )


def _works() -> bool:
    check = "import pip, sys; sys.exit(sys.prefix == sys.base_prefix)"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def _make(run: Path) -> None:
    if _works():
        return
    _explain_missing_venv()
    with step("Making the virtual environment"):
        program.run(Program("venv", [_base_python(), "-m", "venv", "--clear", str(VENV)], run))


def _forget_halves() -> None:
    """Drop the records of packages whose installation was cut off; pip writes INSTALLER after a package's files."""
    for info in VENV.glob("lib/python*/site-packages/*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def _progress(current: Step, line: str) -> None:
    if line.strip().startswith(PIP_WORDS):
        current.detail(" ".join(line.split()[:2]).split("==")[0])


def _install(requirements: Path, run: Path) -> None:
    _forget_halves()
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--no-compile",
        "--progress-bar=off",
        "-r",
        str(requirements),
    ]
    with step(f"Installing {requirements.name}") as current:
        env = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
        program.run(Program("pip", command, run, env=env), lambda line: _progress(current, line))
    done = {source.name: fingerprint(source) for source in _sources(requirements)}
    record.update(STAMPS, **done)


def ensure(name: str = "requirements.txt") -> Path:
    """Make `.venv` hold what the requirements file `name` asks for; returns its Python.

    Raises Refused with a sentence when this Python cannot make one or when pip fails.
    """
    requirements = ROOT / name
    if record.load(STAMPS).get(name) == fingerprint(requirements) and PYTHON.exists():
        return PYTHON
    run = SETUP / "run"
    with lock.held(SETUP / "lock", "setting up .venv", wait=LOCK_SECONDS):
        if record.load(STAMPS).get(name) != fingerprint(requirements) or not _works():
            program.sweep(run)
            _make(run)
            _install(requirements, run)
    return PYTHON


def enter(name: str = "requirements.txt") -> None:
    """Go on inside the virtual environment: makes it, then runs this very command again with its Python."""
    python = ensure(name)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), *sys.argv])  # noqa: S606
