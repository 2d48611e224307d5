from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile

from registry.domain.content import Content, File
from registry.domain.packing import pack_npm, pack_zip

FILES = {"b/é.md": File(b"text\n"), "a.sh": File(b"#!/bin/sh\n", executable=True), "c.bin": File(bytes(range(256)) * 9)}


def test_order_of_arrival_does_not_matter() -> None:
    turned = Content(dict(reversed(FILES.items())))
    assert pack_zip(turned) == pack_zip(Content(FILES))
    assert pack_npm(turned) == pack_npm(Content(FILES))
    assert turned.digest == Content(FILES).digest


def test_headers_say_nothing_about_when_and_where() -> None:
    with zipfile.ZipFile(io.BytesIO(pack_zip(Content(FILES)))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.filename: info.external_attr >> 16 for info in archive.infolist()} == {
            "a.sh": 0o100755,
            "b/é.md": 0o100644,
            "c.bin": 0o100644,
        }
    packed = pack_npm(Content(FILES))
    assert packed[4:8] == bytes(4)
    assert packed[3] == 0
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        facts = {(member.mtime, member.uid, member.gid, member.uname, member.gname) for member in archive}
    assert facts == {(499162500, 0, 0, "", "")}


def test_everything_in_a_tarball_lies_below_package() -> None:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(pack_npm(Content(FILES))))) as archive:
        assert archive.getnames() == ["package/a.sh", "package/b/é.md", "package/c.bin"]


def test_digest_is_over_paths_modes_and_bytes() -> None:
    line = f"- {hashlib.sha256(b'x').hexdigest()} a\n"
    assert Content({"a": File(b"x")}).digest == hashlib.sha256(line.encode()).hexdigest()
    digests = {Content({"a": File(b"x", executable=True)}).digest, Content({"b": File(b"x")}).digest}
    assert len(digests | {Content({"a": File(b"y")}).digest, Content({"a": File(b"x")}).digest}) == 4
