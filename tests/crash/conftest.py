"""A site of its own for tests that break it, a person who publishes there, and the ledger that finds what broke."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import pytest

from tests import live_site, servers
from tests.crash.ledger import Ledger
from tests.databases import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house.postgres import Postgres
    from house.valkey import Valkey
    from tests.live_site import LiveSite

BOUNDARY = "part-of-a-form"
PERSON = """
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.tokens import token_create
from marketplace.services.viewers import viewer_of_user
from registry.services.publishers import publisher_create
with tenancy.bound(tenancy.SYSTEM):
    user = User.objects.create_user("ann@example.com", "correct horse battery staple")
    publisher_create(name="acme", by=viewer_of_user(user))
    print(token_create(user=user, name="test", scopes=["publish"])[1])
"""


class Author:
    """Somebody who publishes at a site and tries again when nothing comes back."""

    def __init__(self, site: LiveSite) -> None:
        """With an account, a publisher `acme` and a token."""
        self.site = site
        self.token = site.manage("shell", "--verbosity=0", "-c", PERSON).stdout.split()[-1]
        self.asked: set[str] = set()

    def publish(self, name: str, number: str = "1.0.0") -> int | None:
        """Send one version; the status, or None when the line went dead."""
        self.asked.add(f"@acme/{name}@{number}")
        address, body = f"{self.site.url}/api/v1/packages", _form(_archive(name, number))
        request = urllib.request.Request(address, body, self._headers(name, number))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return None

    def _headers(self, name: str, number: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Idempotency-Key": f"{name}-{number}",
        }


def _archive(name: str, number: str) -> bytes:
    manifest: dict[str, Any] = {"name": name, "version": number, "description": f"{name} looks things over."}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(".claude-plugin/plugin.json", json.dumps(manifest))
        archive.writestr("skills/look/SKILL.md", "---\nname: look\ndescription: Look things over\n---\n\nLook.\n")
        archive.writestr("README.md", f"# {name}\n\nVersion {number}.\n")
    return stream.getvalue()


def _form(archive: bytes) -> bytes:
    fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="publisher"\r\n\r\nacme\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="package.zip"\r\n\r\n'
    return f"{fields}{head}".encode() + archive + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """A PostgreSQL that tests may stop and start."""
    with servers.own_postgres() as service:
        yield service


@pytest.fixture(scope="session")
def queue_server() -> Iterator[Valkey]:
    """A Valkey that tests may stop and start."""
    with servers.own_valkey() as service:
        yield service


@pytest.fixture(scope="session")
def site(database_server: Postgres, queue_server: Valkey) -> Iterator[LiveSite]:
    """Web, worker and beat with points to be killed at."""
    server = Server(database_server.superuser_url)
    with live_site.live_site(
        server, django_settings_module="tests.crash.settings", redis_url=queue_server.url
    ) as running:
        (running.data_dir / "kill").mkdir()
        yield running


@pytest.fixture(scope="session")
def author(site: LiveSite) -> Author:
    """The person who publishes."""
    return Author(site)


@pytest.fixture
def ledger(site: LiveSite) -> Ledger:
    """The site's books."""
    return Ledger(site)
