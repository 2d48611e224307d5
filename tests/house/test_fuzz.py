from __future__ import annotations

import importlib.util
import subprocess
from typing import TYPE_CHECKING

import pytest

from house import fuzz, virtualenv
from house.console import Refused
from tests.fuzz.seeds import SEEDS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtualenv, "enter", lambda _name: None)


def test_unknown_target_is_refused_with_the_list() -> None:
    with pytest.raises(Refused, match="There is no target speed; there are archive, frontmatter"):
        fuzz.main(["speed"])


def test_a_file_is_run_again_without_the_fuzzer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "input").write_bytes(SEEDS["hooks"][0])
    assert fuzz.main(["hooks", "--again", str(tmp_path / "input")]) == 0
    assert "is borne by hooks" in capsys.readouterr().out


def test_machine_without_a_fuzzer_is_told_what_runs_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    failed = subprocess.CompletedProcess([], 1, "", "no wheel")
    monkeypatch.setattr(subprocess, "run", lambda *_a, **_b: failed)
    with pytest.raises(Refused, match=r"cannot be installed for Python .*tests/fuzz"):
        fuzz.main(["hooks"])
