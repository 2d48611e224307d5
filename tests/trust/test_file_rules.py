"""Rules over bytes: what a file does when it is opened or read."""

from __future__ import annotations

import pickle

import pytest

from registry.clients.scanner.yara import hits_in
from registry.domain.packing import pack_zip
from tests.registry.domain.packages import content_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40
BAD = {
    "document_runs_macro_when_opened": OLE + b"Sub AutoOpen()\nCreateObject(1)",
    "pdf_runs_script_when_opened": b"%PDF-1.7\n<< /OpenAction << /S /JavaScript /JS (x) >> >>",
    "shortcut_runs_program": bytes.fromhex("4c0000000114020000000000c000000000000046"),
    "help_file_or_installer": b"<html><HTA:APPLICATION id=a></html>",
    "picture_carries_program": PNG + b"<?php system(1);",
    "python_object_that_runs": b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93.",
    "web_shell": b"<?php eval($_POST['a']);",
}
GOOD = {
    "picture": PNG,
    "document": OLE + b"Sub AutoOpen()",
    "pdf": b"%PDF-1.7\n<< /Type /Catalog >>",
    "object": pickle.dumps({"system": ["posix", 1]}),
    "page": b"<?php echo htmlspecialchars($_POST['a']);",
}


def rules_met(name: str, data: bytes) -> list[str]:
    return [hit.rule for hit in hits_in(content_of({name: data}))]


@pytest.mark.parametrize("rule", BAD)
def test_file_that_acts_is_met_by_its_rule(rule: str) -> None:
    assert rules_met("assets/file.bin", BAD[rule]) == [f"yara.{rule}"]


@pytest.mark.parametrize("kind", GOOD)
def test_file_that_only_holds_data_is_met_by_none(kind: str) -> None:
    assert rules_met("assets/file.bin", GOOD[kind]) == []


def test_archives_inside_are_opened_and_prose_that_quotes_is_left_alone() -> None:
    inside = pack_zip(content_of({"a.php": BAD["web_shell"]}))
    (hit,) = hits_in(content_of({"pages.zip": inside, "notes.md": BAD["web_shell"]}))
    assert (hit.path, hit.code, hit.holds) == ("pages.zip!/a.php", "MP3104", True)
