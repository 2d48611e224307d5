"""What decides whether packages are installed again, and how a cut-off installation is finished."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING

import pytest

from house import virtualenv
from house.console import Refused

if TYPE_CHECKING:
    from pathlib import Path


def test_fingerprint_follows_included_files(tmp_path: Path) -> None:
    base, dev = tmp_path / "requirements.txt", tmp_path / "requirements-dev.txt"
    base.write_text("Django==5.2.19\n")
    dev.write_text("-r requirements.txt\npytest==9.2.0\n")
    before = virtualenv.fingerprint(dev)
    assert virtualenv.fingerprint(dev) == before
    base.write_text("Django==5.2.20\n")
    assert virtualenv.fingerprint(dev) != before


def test_half_installed_package_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    whole, half = packages / "whole-1.0.dist-info", packages / "half-1.0.dist-info"
    for info in (whole, half):
        info.mkdir(parents=True)
        (info / "METADATA").touch()
    (whole / "INSTALLER").write_text("pip")
    monkeypatch.setattr(virtualenv, "VENV", tmp_path)
    virtualenv._forget_halves()
    assert (whole.exists(), half.exists()) == (True, False)


def test_missing_ensurepip_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(Refused, match="apt-get install python3-venv"):
        virtualenv._explain_missing_venv()
