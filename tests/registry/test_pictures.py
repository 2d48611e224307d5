from __future__ import annotations

import io
import json
import struct
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, NotAllowed, TooLarge
from registry.clients.pictures import picture_encode
from registry.domain import pictures as limits
from registry.domain.pictures import Kind, PictureRefused
from registry.models import Artifact, Package, Picture
from registry.services.artifact_sweep import artifacts_sweep
from registry.services.pictures import picture_add
from registry.services.visibility import visibility_set
from tests.marketplace.people import browser, person, viewer
from tests.registry.world import publish, publisher_of

if TYPE_CHECKING:
    from marketplace.models import User

NAME = "@acme/reviewer"
EDIT = f"/{NAME}/edit"


def drawn(width: int = 64, height: int = 48, form: str = "PNG", colour: str = "teal", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, form, **more)
    return written.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is this large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.fixture
def ann(db: None) -> User:  # noqa: ARG001  (the database)
    user = person("ann")
    publish(publisher_of(user), user, number="1.0.0")
    return user


@pytest.fixture
def package(ann: User) -> Package:  # noqa: ARG001  (the publisher)
    with tenancy.bound(tenancy.SYSTEM):
        return Package.objects.select_related("publisher").get(full_name=NAME)


def shot(package: Package, by: User, alt: str = "The report", **more: Any) -> Picture:
    with tenancy.bound(tenancy.SYSTEM):
        return picture_add(
            package=package, kind=Kind.SCREENSHOT, stream=io.BytesIO(drawn(**more)), alt=alt, by=viewer(by)
        )


def alts() -> list[str]:
    with tenancy.bound(tenancy.SYSTEM):
        return list(Picture.objects.filter(kind="screenshot").order_by("position").values_list("alt", flat=True))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_only_pixels_are_kept_and_no_more_than_are_shown(form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    made = picture_encode(drawn(3200, 1000, form, exif=exif), Kind.SCREENSHOT)
    assert (made.width, made.height) == (1600, 500)
    with Image.open(io.BytesIO(made.data)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("WEBP", (1600, 500), {})
    assert b"taken at home" not in made.data


def test_a_picture_of_noise_is_made_to_fit() -> None:
    written = io.BytesIO()
    Image.effect_noise((1600, 1600), 120).convert("RGB").save(written, "JPEG", quality=95)
    assert len(picture_encode(written.getvalue(), Kind.SCREENSHOT).data) <= limits.OUTPUT_BYTES_MOST


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (declared(60_000, 60_000), "MP3091"),
        (declared(2**31 - 1, 2**31 - 1), "MP3091"),
        (drawn(8, 8), "MP3091"),
        (declared(640, 480), "MP3090"),
        (drawn()[:60], "MP3090"),
        (b"", "MP3090"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "MP3090"),
        (drawn(form="GIF"), "MP3090"),
    ],
    ids=["bomb", "overflow", "tiny", "short", "cut", "empty", "svg", "gif"],
)
def test_bombs_and_what_is_no_picture_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        picture_encode(data, Kind.SCREENSHOT)
    assert refusal.value.code == code


def test_made_ordered_and_described_on_the_site_without_a_script(ann: User, package: Package) -> None:
    client = browser(ann)
    for alt, colour in (("First", "red"), ("Second", "blue")):
        file = SimpleUploadedFile("a.png", drawn(colour=colour), "image/png")
        client.post(f"/{NAME}/pictures", {"kind": "screenshot", "alt": alt, "file": file})
    client.post(f"/{NAME}/pictures", {"kind": "icon", "file": SimpleUploadedFile("i.jpg", drawn(300, 300, "JPEG"))})
    assert alts() == ["First", "Second"]
    with tenancy.bound(tenancy.SYSTEM):
        icon, first, second = package.pictures.select_related("artifact").order_by("kind", "position")
    client.post(f"/{NAME}/pictures/{second.public_id}", {"do": "up"})
    client.post(f"/{NAME}/pictures/{first.public_id}", {"do": "alt", "alt": "A report, line by line"})
    assert alts() == ["Second", "A report, line by line"]
    client.post(f"/{NAME}/pictures", {"kind": "screenshot", "alt": " ", "file": SimpleUploadedFile("a.png", drawn())})
    client.post(f"/{NAME}/pictures", {"kind": "screenshot", "alt": "x", "file": SimpleUploadedFile("a.png", b"no")})
    client.post(f"/{NAME}/pictures", {"kind": "icon"})
    page = client.get(EDIT).content.decode()
    assert all(said in page for said in ("MP3093", "MP3090", "Choose a file first."))
    shown = browser().get(f"/{NAME}").content.decode()
    assert f"/{NAME}/media/{icon.artifact.sha256}.webp" in shown
    assert shown.index('alt="Second"') < shown.index('alt="A report, line by line"')
    for page in ("/search?q=reviewer", "/@acme", f"/compare?p={NAME}"):
        listed = browser().get(page).content.decode()
        assert f'/media/{icon.artifact.sha256}.webp" alt="" width="56" height="56" loading="lazy"' in listed, page
    told = browser().get(f"/api/v1/packages/{NAME}").json()
    assert told["icon"].endswith(f"/{NAME}/media/{icon.artifact.sha256}.webp")
    client.post(f"/{NAME}/pictures/{icon.public_id}", {"do": "remove"})
    assert browser().get(f"/api/v1/packages/{NAME}").json()["icon"] is None
    client.post(f"/{NAME}/pictures/{second.public_id}", {"do": "remove"})
    assert alts() == ["A report, line by line"]
    assert client.post(f"/{NAME}/pictures/{first.public_id}", {"do": "dance"}).status_code == 404


def test_bytes_are_served_to_be_looked_at_only(ann: User, package: Package) -> None:
    path = f"/{NAME}/media/{shot(package, ann).artifact.sha256}.webp"
    answer = browser().get(path)
    assert answer.content[:4] == b"RIFF"
    headers = {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")}
    assert headers == {
        "Content-Type": "image/webp",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=300",
    }
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser().get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    with tenancy.bound(tenancy.SYSTEM):
        visibility_set(package=package, is_private=True, by=viewer(ann))
    assert browser().get(path).status_code == 404
    assert browser(ann).get(path)["Cache-Control"] == "private, no-store"
    with tenancy.bound(tenancy.PUBLIC):
        assert not Picture.objects.exists()


def test_what_no_listing_shows_is_swept_away(ann: User, package: Package) -> None:
    kept, gone = shot(package, ann), shot(package, ann, colour="red")
    with tenancy.bound(tenancy.SYSTEM):
        gone.delete()
        Artifact.objects.update(touched_at=timezone.now() - timedelta(hours=2))
        artifacts_sweep()
        left = set(Artifact.objects.values_list("sha256", flat=True))
    assert kept.artifact.sha256 in left
    assert gone.artifact.sha256 not in left


def test_refusals(ann: User, package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed):
        shot(package, person("otto"))
    for alt in ("", " \n ", "x" * 201):
        with pytest.raises(Invalid):
            shot(package, ann, alt)
    monkeypatch.setattr("registry.services.pictures.SCREENSHOTS_MOST", 1)
    shot(package, ann)
    with pytest.raises(Conflict):
        shot(package, ann, colour="red")
    monkeypatch.setattr("registry.services.pictures.INPUT_BYTES_MOST", 10)
    with pytest.raises(TooLarge):
        shot(package, ann)
    with tenancy.bound(tenancy.SYSTEM):
        for wrong in ({"alt": ""}, {"kind": "icon"}, {"kind": "film"}):
            with pytest.raises(IntegrityError, match="registry_picture_"), transaction.atomic():
                Picture.objects.update(**wrong)


def test_over_the_api(ann: User, package: Package) -> None:  # noqa: ARG001  (the listing)
    client, path = browser(ann), f"/api/v1/packages/{NAME}/pictures"
    made = client.post(path, {"alt": "First", "file": SimpleUploadedFile("a.png", drawn())})
    assert made.status_code == 201
    client.post(path, {"alt": "Second", "file": SimpleUploadedFile("b.png", drawn(colour="red"))})
    bomb = client.post(path, {"alt": "Third", "file": SimpleUploadedFile("c.png", declared(50_000, 50_000))})
    assert (bomb.status_code, bomb.json()["code"]) == (422, "MP3091")
    one = f"{path}/{made.json()['id']}"
    stale = client.patch(one, json.dumps({"alt": "x"}), "application/json", headers={"If-Match": made["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "MP3023")
    assert client.patch(one, json.dumps({"alt": "Last", "move": "down"}), "application/json").json()["alt"] == "Last"
    listed = browser().get(path).json()["results"]
    assert [row["alt"] for row in listed] == ["Second", "Last"]
    assert browser().get(listed[0]["url"].removeprefix("http://localhost:8000")).status_code == 200
    assert client.delete(one).status_code == 204
    assert alts() == ["Second"]


def test_the_page_asks_as_much_with_pictures_as_without(ann: User, package: Package) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        publish(package.publisher, ann, number="1.1.0")
    client = browser()

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    before = asked(f"/{NAME}")
    for colour in ("red", "blue"):
        shot(package, ann, colour=colour)
    assert asked(f"/{NAME}") == before <= 12
    assert asked(f"/{NAME}/versions/1.0.0") <= 13
