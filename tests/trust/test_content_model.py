"""Files that are something else than their names say, found by a model that is asked about doubtful files only."""

from __future__ import annotations

import io
import pickle
import tarfile
from typing import TYPE_CHECKING

import grimp
import pytest

from registry.clients.scanner import contents, scan
from registry.domain.packing import pack_zip
from registry.domain.scanning.doubts import in_doubt
from tests.registry.domain.packages import content_of

if TYPE_CHECKING:
    from registry.domain.scanning import Hit

SCRIPT = b"""const fs = require('fs');
module.exports = function run(name) {
  const found = fs.readdirSync(name);
  return found.map((one) => one.toUpperCase()).filter(Boolean);
};
"""
BATCH = b"""@echo off\r\nsetlocal\r\nset NAME=%1\r\nif "%NAME%"=="" goto usage\r\n
for /f %%i in ('dir /b') do echo %%i\r\ngoto :eof\r\n:usage\r\necho usage: run NAME\r\n"""
KEYS = b'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Own]\r\n"a"="C:\\\\a.txt"\r\n'
OBJECT = pickle.dumps({"a": list(range(300)), "b": "text" * 30})
PLAIN = {
    "SKILL.md": b"---\nname: a\n---\nimport nothing\n",
    "notes.txt": "Grüße\n".encode(),
    "data.json": b'{"a": 1}',
    "scripts/run.js": SCRIPT,
    "logo.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "font.woff2": b"wOF2" + b"\0" * 40,
    "old.txt": "alt".encode("utf-16"),
    "LICENSE": b"Permission is granted",
    ".gitignore": b"/build\n",
    "empty.bin": b"",
}


def tape() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 900
        archive.addfile(member, io.BytesIO(b"hello there\n" * 75))
    return packed.getvalue()


def met(path: str, data: bytes) -> list[Hit]:
    return list(contents.unlike_their_names(content_of({"SKILL.md": "# A\n", path: data})))


@pytest.mark.parametrize(
    ("path", "data", "rule"),
    [
        ("logo.png", SCRIPT, "content.script-disguised"),
        ("font.woff2", BATCH, "content.script-disguised"),
        ("notes.txt", KEYS, "content.program"),
        ("model.dat", OBJECT, "content.program"),
        ("cache.dat", tape(), "content.archive"),
    ],
)
def test_what_runs_or_holds_more_under_another_name_is_held(path: str, data: bytes, rule: str) -> None:
    (hit,) = met(path, data)
    assert (hit.rule, hit.code, hit.path, hit.holds) == (rule, "MP3129", path, True)


@pytest.mark.parametrize(("path", "data"), [("notes.txt", BATCH), ("helper.dat", SCRIPT), ("photo.jpg", b"only words")])
def test_what_a_template_could_be_is_told_and_holds_nothing(path: str, data: bytes) -> None:
    (hit,) = met(path, data)
    assert (hit.code, hit.holds) == ("MP3129", False)


def test_the_same_is_found_inside_an_archive() -> None:
    (hit,) = met("pictures.zip", pack_zip(content_of({"logo.png": SCRIPT})))
    assert (hit.path, hit.holds) == ("pictures.zip!/logo.png", True)


def test_files_that_begin_as_their_names_say_are_never_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded() -> None:
        raise AssertionError

    monkeypatch.setattr(contents, "model", loaded)
    assert list(contents.unlike_their_names(content_of(PLAIN))) == []
    assert in_doubt(content_of(PLAIN)) == []


def test_more_doubtful_files_than_are_asked_about_need_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "ASKED_MOST", 1)
    *_, hit = contents.unlike_their_names(content_of({"a.dat": SCRIPT, "b.dat": SCRIPT}))
    assert (hit.code, hit.holds, dict(hit.params)) == ("MP3131", True, {"count": "2", "most": "1"})


def test_it_runs_within_the_limits_of_a_scan_and_where_it_cannot_the_check_is_an_error() -> None:
    asked = {"checks": ["content-model", "file-types"], "seconds": 30, "memory": 2 * 1024**3}
    archive = pack_zip(content_of({"SKILL.md": "# A\n", "font.woff2": SCRIPT}))
    report = scan(archive, asked)["checks"]
    assert [hit["code"] for hit in report["content-model"]["hits"]] == ["MP3129"]
    starved = scan(archive, asked | {"memory": 200 * 1024**2})["checks"]
    assert starved["content-model"]["error"]
    assert starved["content-model"]["hits"] == []
    assert not starved["file-types"]["error"]


def test_nothing_but_the_scanner_process_can_load_the_model_or_the_rules_over_bytes() -> None:
    graph = grimp.build_graph(
        "config", "marketplace", "registry", "payments", "installs", "reviews", include_external_packages=True
    )
    inside = {f"registry.clients.scanner.{name}" for name in ("__main__", "work", "contents", "yara")}
    for vendor in ("magika", "onnxruntime", "yara_x"):
        assert graph.find_downstream_modules(vendor) <= inside
