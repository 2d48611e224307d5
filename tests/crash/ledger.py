"""What the database, the store and the addresses of a site say about its versions: nothing lost, doubled or stuck."""

from __future__ import annotations

import hashlib
import json
import time
import urllib.request
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live_site import LiveSite

PAUSE = 0.1
IDLE = timedelta(hours=2)
OLDER = (
    "UPDATE marketplace_outboxentry SET due_at = due_at - %(by)s, leased_until = leased_until - %(by)s",
    "UPDATE registry_version SET received_at = received_at - %(by)s WHERE state IN ('received', 'scanning')",
    "UPDATE registry_version SET scan_started_at = scan_started_at - %(by)s WHERE state = 'scanning'",
    "UPDATE registry_artifact SET touched_at = touched_at - %(by)s",
    "UPDATE marketplace_idempotencykey SET created_at = created_at - %(by)s WHERE status IS NULL",
)
VERSIONS = (
    "SELECT p.full_name AS name, v.number, v.state, v.signature, v.scan_attempts FROM registry_version v"
    " JOIN registry_package p ON p.id = v.package_id ORDER BY 1, 2"
)
ARTIFACTS = "SELECT sha256, state FROM registry_artifact"
UNREADY = (
    "SELECT v.number FROM registry_version v JOIN registry_versionartifact d ON d.version_id = v.id"
    " JOIN registry_artifact a ON a.id IN (d.artifact_id, v.source_id) WHERE a.state <> 'ready'"
)
ACTS = (
    "SELECT subject_name AS name, action, count(*) FROM marketplace_auditentry"
    " WHERE action IN ('registry:version:receive', 'registry:version:publish') GROUP BY 1, 2"
)


class Ledger:
    """Reads a site's books."""

    def __init__(self, site: LiveSite) -> None:
        """Of this site."""
        self.site = site

    @contextmanager
    def _books(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        with psycopg.connect(self.site.database_url, autocommit=True, row_factory=dict_row) as connection:
            connection.execute("SELECT set_config('market.system', 'on', false)")
            yield connection

    def _rows(self, words: str) -> list[dict[str, Any]]:
        with self._books() as books:
            return books.execute(words.encode()).fetchall()

    def let_hours_pass(self) -> None:
        """Make every lease, delay and idle time of the site two hours older; call it while nothing of it runs."""
        with self._books() as books:
            for words in OLDER:
                books.execute(words.encode(), {"by": IDLE})

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until no job, version or artifact is under way; waiting delays are cut short, running leases are not."""
        hurry = "UPDATE marketplace_outboxentry SET due_at = now() WHERE leased_until IS NULL AND due_at > now()"
        busy = (
            "SELECT (SELECT count(*) FROM marketplace_outboxentry)"
            " + (SELECT count(*) FROM registry_version WHERE state IN ('received', 'scanning'))"
            " + (SELECT count(*) FROM registry_artifact WHERE state <> 'ready') AS left"
        )
        deadline = time.monotonic() + seconds
        while self._rows(busy)[0]["left"]:
            assert time.monotonic() < deadline, (self._rows("SELECT * FROM marketplace_outboxentry"), self.versions())
            with self._books() as books:
                books.execute(hurry.encode())
            time.sleep(PAUSE)

    def versions(self) -> dict[str, str]:
        """Each version's state by `@publisher/name@number`; a doubled one fails here."""
        rows = self._rows(VERSIONS)
        found = {f"{row['name']}@{row['number']}": row["state"] for row in rows}
        assert len(found) == len(rows), rows
        return found

    def downloads(self, name: str) -> int:
        """How many deliveries of the package are written down."""
        rows = self._rows(
            "SELECT p.full_name AS name, count(*) FROM installs_download d"
            " JOIN registry_package p ON p.id = d.package_id GROUP BY 1"
        )
        return sum(row["count"] for row in rows if row["name"] == name)

    def check(self, expected: set[str]) -> None:
        """Exactly these versions are published, whole, once, and every book says the same."""
        assert self.versions() == dict.fromkeys(expected, "published")
        assert all(row["signature"] for row in self._rows(VERSIONS))
        assert self._rows(UNREADY) == []
        counted = {(row["name"], row["action"].rsplit(":", 1)[1]): row["count"] for row in self._rows(ACTS)}
        assert counted == {(name, act): 1 for name in expected for act in ("receive", "publish")}
        self._check_store()
        self._check_documents(expected)

    def _check_store(self) -> None:
        """Every row has its bytes, every file its row; bytes that nobody refers to were swept."""
        rows = {row["sha256"]: row["state"] for row in self._rows(ARTIFACTS)}
        assert set(rows.values()) <= {"ready"}
        store = self.site.data_dir / "artifacts"
        files = [path for path in store.rglob("*") if path.is_file() and not path.name.startswith(".")]
        assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == set(rows)

    def _check_documents(self, expected: set[str]) -> None:
        """The packument names exactly the published versions, and the search finds each package once."""
        numbers: dict[str, set[str]] = {}
        for full in expected:
            name, _, number = full.rpartition("@")
            numbers.setdefault(name, set()).add(number)
        for name, wanted in numbers.items():
            with urllib.request.urlopen(f"{self.site.url}/npm/{name}", timeout=10) as answer:
                assert set(json.load(answer)["versions"]) == wanted
        found = self._rows("SELECT name_key FROM registry_searchdocument")
        assert sorted(row["name_key"] for row in found) == sorted(name.split("/")[1] for name in numbers)
