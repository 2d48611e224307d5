"""Somebody who publishes at a site that breaks."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.live_site import LiveSite

BOUNDARY = "part-of-a-form"
MADE = (2026, 1, 1, 0, 0, 0)
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
        self.last_request_id = ""

    def publish(self, name: str, number: str = "1.0.0") -> int | None:
        """Send one version; the status, or None when the line went dead."""
        self.asked.add(f"@acme/{name}@{number}")
        address, body = f"{self.site.url}/api/v1/packages", form(archive(name, number))
        request = urllib.request.Request(address, body, self.headers(name, number))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.last_request_id = answer.headers["X-Request-ID"]
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return None

    def headers(self, name: str, number: str) -> dict[str, str]:
        """What goes with a version: token, form, a key that makes a repeated request the same one."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Idempotency-Key": f"{name}-{number}",
        }


def archive(name: str, number: str) -> bytes:
    """A plugin as a zip; the same bytes whenever it is asked for, as a repeated request needs them."""
    manifest: dict[str, Any] = {"name": name, "version": number, "description": f"{name} looks things over."}
    files = {
        ".claude-plugin/plugin.json": json.dumps(manifest),
        "skills/look/SKILL.md": "---\nname: look\ndescription: Look things over\n---\n\nLook.\n",
        "README.md": f"# {name}\n\nVersion {number}.\n",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for path, text in files.items():
            packed.writestr(zipfile.ZipInfo(path, MADE), text)
    return stream.getvalue()


def form(packed: bytes) -> bytes:
    """The form that uploads an archive."""
    fields = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="publisher"\r\n\r\nacme\r\n'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="package.zip"\r\n\r\n'
    return f"{fields}{head}".encode() + packed + f"\r\n--{BOUNDARY}--\r\n".encode()
