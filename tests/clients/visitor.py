"""A browser without scripts: cookies, forms and pages of a live site, and a publisher's token."""

from __future__ import annotations

import html
import io
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.clients.inside import run_inside

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.live_site import LiveSite

PASSWORD = "correct horse battery staple"
SECONDS = 60

PERSON = """
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.tokens import token_create
from marketplace.services.viewers import viewer_of_user
from registry.models import Publisher
from registry.services.publishers import publisher_create
with tenancy.bound(tenancy.SYSTEM):
    user = User.objects.create_user({email!r}, {password!r})
    if {publisher!r}:
        publisher_create(name={publisher!r}, by=viewer_of_user(user))
    said = (token_create(user=user, name="test", scopes=["publish", "read", "manage"])[1])
"""


@dataclass(frozen=True)
class Person:
    """An account of the live site, with a token of it; `publisher` is a namespace of theirs, or empty."""

    email: str
    token: str
    publisher: str


CHOICE = """
from installs.services.libraries import address_of, library_add, library_of
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.models import Package
with tenancy.bound(tenancy.SYSTEM):
    viewer = viewer_of_user(User.objects.get(email={email!r}))
    for name in {names!r}:
        library_add(library=library_of(by=viewer), package=Package.objects.get(full_name=name), by=viewer)
    said = address_of(by=viewer)
"""


def choose(site: LiveSite, who: Person, *names: str) -> str:
    """Put packages into the person's library; returns the key of their address."""
    script = CHOICE.format(email=who.email, names=names)
    return run_inside(site, script)


def person(site: LiveSite, publisher: str = "") -> Person:
    """A new account that nothing else uses."""
    email = f"{publisher or 'reader'}-{uuid4().hex[:8]}@example.com"
    script = PERSON.format(email=email, password=PASSWORD, publisher=publisher)
    return Person(email, run_inside(site, script), publisher)


class Visitor:
    """One browser."""

    def __init__(self, url: str) -> None:
        """With no cookies yet."""
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        """The page at `path`."""
        return self._text(urllib.request.Request(self.url + path))

    def post(self, path: str, **fields: str) -> str:
        """Send the form, and the page that answers it."""
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token or "", **fields}).encode()
        return self._text(urllib.request.Request(self.url + path, body, {"Referer": self.url + path}))

    def sign_in(self, email: str) -> None:
        """Sign in on the page; the library in this browser goes along."""
        self.get("/accounts/login/")
        self.post("/accounts/login/", login=email, password=PASSWORD)
        self.get("/library")

    def choose(self, full_name: str) -> None:
        """Press the button of the package's install box."""
        self.get(f"/{full_name}")
        self.post(f"/library/{full_name}/add")

    def line(self, full_name: str, client: str) -> str:
        """The command that the package's page shows for one client, as somebody would copy it."""
        page = self.get(f"/{full_name}")
        found = re.search(rf'<pre id="cmd-{client}">(.*?)</pre>', page, re.DOTALL)
        assert found, page
        lines = re.findall(r"<span[^>]*>(.*?)</span>", found[1], re.DOTALL)
        return "\n".join(html.unescape(re.sub(r"<[^>]+>|\u200b", "", line)) for line in lines)

    def _text(self, request: urllib.request.Request) -> str:
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{request.full_url}: {error.code} {error.read().decode()[:2000]}") from error


def publish(site: LiveSite, by: Person, files: Mapping[str, str], **fields: str) -> str:
    """Publish a package over the API and wait until it can be had; returns `@publisher/name@number`."""
    body, boundary = _form({"publisher": by.publisher, **fields}, _zipped(files))
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    version = call(site, by, "/api/v1/packages", body, **headers)
    path = f"/api/v1/packages/{version['package']}/versions/{version['number']}"
    deadline = time.monotonic() + SECONDS
    while version["state"] != "published":
        assert version["state"] in {"received", "scanning"}, version
        assert time.monotonic() < deadline, version
        time.sleep(0.05)
        version = call(site, by, path)
    return f"{version['package']}@{version['number']}"


def call(site: LiveSite, by: Person, path: str, body: bytes | None = None, *, method: str = "", **headers: str) -> Any:
    """One API call in the person's name; raises AssertionError with the refusal's words."""
    verb = method or ("GET" if body is None else "POST")
    sent = {"Authorization": f"Bearer {by.token}", **headers}
    status, answered = ask(site, path, body, method=verb, **sent)
    if status >= 400:
        raise AssertionError(f"{path}: {status} {answered.decode()[:2000]}")
    return json.loads(answered or b"null")


def ask(
    site: LiveSite, path: str, body: bytes | None = None, *, method: str = "GET", **headers: str
) -> tuple[int, bytes]:
    """Status and body of one request to the site, as the proxy before it would send it on."""
    address = urllib.parse.urlsplit(site.url)
    sent = {"Host": address.netloc, "X-Forwarded-Proto": address.scheme, "X-Forwarded-For": "127.0.0.1", **headers}
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", body, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def change(site: LiveSite, by: Person, version: str, act: str) -> None:
    """Yank, restore or unpublish `@publisher/name@number`."""
    name, _, number = version.rpartition("@")
    body = json.dumps({"act": act}).encode()
    path = f"/api/v1/packages/{name}/versions/{number}"
    call(site, by, path, body, method="PATCH", **{"Content-Type": "application/json"})


def _zipped(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def _form(fields: Mapping[str, str], file: bytes) -> tuple[bytes, str]:
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="package.zip"\r\n'
    parts += [f"{head}Content-Type: application/zip\r\n\r\n".encode(), file, f"\r\n--{boundary}--\r\n".encode()]
    return b"".join(parts), boundary
