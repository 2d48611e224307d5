"""`script/server`: everything the product needs, on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from house import environment, lock, ports, preparation, program, sandbox, virtualenv
from house.console import Refused, Stopped, elapsed, say, step
from house.postgres import Postgres
from house.program import Program
from house.supervisor import Supervisor
from house.valkey import Valkey
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

READY_SECONDS = 90.0
READY_CRASHES = 3
READY_PAUSE = 0.2
GRACE = {"web": 25.0, "worker": 20.0, "beat": 5.0}
STOP_ORDER = (("web", "beat"), ("worker",), ("sandbox",), ("valkey",), ("postgres",))


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options, with `data` as an absolute path."""
    parser = argparse.ArgumentParser(
        prog="script/server",
        description="Set up and start the marketplace here: database, queue, web, worker, beat. Ctrl-C stops it.",
        epilog="DATABASE_URL, REDIS_URL and GS_BUCKET switch to real services; docs/operations.md says more.",
    )
    parser.add_argument(
        "--port", type=int, help=f"where the site answers (default: the last one, at first {environment.PORT})"
    )
    parser.add_argument("--data", type=Path, help="folder that keeps everything (default: .local)", metavar="DIR")
    parser.add_argument(
        "--test-tenant", action="store_true", help="open what a registry test suite needs; never for real use"
    )
    parser.add_argument("--no-demo", action="store_true", help="start without demo users and packages")
    options = parser.parse_args(argv)
    options.data = data_folder(options.data)
    return options


def data_folder(wanted: Path | None) -> Path:
    """The data folder, made when missing: the wanted one, else DATA_DIR, else `.local` in the checkout."""
    folder = Path(wanted or os.environ.get("DATA_DIR") or ROOT / ".local").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _stop(*_signal: object) -> NoReturn:
    raise Stopped


def catch_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into an orderly stop."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)


def _start_services(data: Path, port: int, supervisor: Supervisor) -> None:
    if environment.uses_embedded_postgres():
        with step("Starting PostgreSQL"):
            supervisor.adopt(Postgres(data).start())
    if environment.uses_embedded_valkey():
        with step("Starting Valkey"):
            supervisor.adopt(Valkey(data).start())
    if sandbox.is_used():
        with step("Starting the payments sandbox"):
            supervisor.adopt(sandbox.Sandbox(data, site_port=port).start())


def _role(name: str, data: Path, env: Mapping[str, str]) -> Program:
    log = data / "log" / f"{name}.log"
    return Program(name, [str(ROOT / "deploy" / "entrypoint"), name], data / "run", log, env, grace=GRACE[name])


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, urllib.error.URLError):
        return False


def _wait_until_ready(port: int, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(f"http://127.0.0.1:{port}/readyz"):
        supervisor.tick()
        web = supervisor.watched["web"]
        if web.crashes >= READY_CRASHES or time.monotonic() > deadline:
            raise Refused(f"The site does not get ready. The last lines of {web.program.log}:\n{web.program.tail()}")
        time.sleep(READY_PAUSE)


def _welcome(data: Path, env: Mapping[str, str]) -> None:
    say(f"\nReady after {elapsed():.1f} s: {env['BASE_URL']}")
    if env["TEST_TENANT"] == "1":
        say(f"npm registry for test suites: http://localhost:{env['PORT']}/")
    try:
        people = json.loads((data / "demo.json").read_text(encoding="utf-8")) if env["DEMO"] == "1" else []
    except (OSError, ValueError):
        people = []
    if people:
        say("\nDemo sign-ins (for this machine only):")
    for person in people:
        say(f"  {person['role']:<20} {person['email']:<30} {person['password']}")
    if sandbox.is_used():
        say(f"\nPayments sandbox (clock, disputes; no money moves): {env['STRIPE_API_HOST']}/")
    say(f"\nData and logs: {data}. Ctrl-C stops everything.\n")


def serve(options: argparse.Namespace, supervisor: Supervisor, note: Callable[..., None]) -> NoReturn:
    """Start everything and watch it until a stop is asked for, which raises Stopped.

    Raises Refused when a part does not start.
    """
    data = options.data
    program.sweep(data / "run")
    port = ports.choose(options.port, int(environment.state(data).get("port", environment.PORT)))
    environment.remember(data, port=port, demo=not options.no_demo, test_tenant=options.test_tenant)
    _start_services(data, port, supervisor)
    env = environment.environment(data, port)
    preparation.prepare(data, env)
    note(serving=True)
    with step("Starting web"):
        supervisor.start(_role("web", data, env))
        _wait_until_ready(port, supervisor)
    for name in ("worker", "beat"):
        supervisor.start(_role(name, data, env))
    _welcome(data, env)
    supervisor.watch()


def main(argv: Sequence[str]) -> int:
    """Run the site in the foreground; returns 0 after an orderly stop."""
    options = parse(argv)
    catch_signals()
    if shutil.which("git") is None:
        raise Refused("git is needed and was not found. On Debian or Ubuntu: apt-get install git")
    virtualenv.enter()
    with lock.held(options.data / "lock", "script/server") as note:
        supervisor = Supervisor()
        try:
            serve(options, supervisor, note)
        except Stopped:
            say("\nStopping ...")
            return 0
        finally:
            supervisor.shutdown(STOP_ORDER)
            say("Everything is stopped.")
