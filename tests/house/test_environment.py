"""The environment that the launcher makes."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from house import environment, record

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "GS_BUCKET",
    "SECRET_KEY",
    "BASE_URL",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
)


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without any of our variables."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_embedded_services_give_an_app_and_an_owner_address(tmp_path: Path) -> None:
    record.save(tmp_path / "postgres.json", {"port": 5501, "market_app": "one", "market_owner": "two"})
    record.save(tmp_path / "valkey.json", {"port": 5502, "password": "three"})
    found = environment.environment(tmp_path, 8123)
    assert found["DATABASE_URL"] == "postgresql://market_app:one@127.0.0.1:5501/market"
    assert found["DATABASE_OWNER_URL"] == "postgresql://market_owner:two@127.0.0.1:5501/market"
    assert found["REDIS_URL"] == "redis://:three@127.0.0.1:5502/0"
    assert found["BASE_URL"] == "http://localhost:8123"


def test_real_services_take_the_place_of_the_embedded_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/market")
    monkeypatch.setenv("GS_BUCKET", "bytes")
    found = environment.environment(tmp_path, 8000)
    assert not environment.uses_embedded_postgres()
    assert found["DATABASE_URL"] == "postgresql://app@db/market"
    assert "DATABASE_OWNER_URL" not in found
    assert found["GS_BUCKET"] == "bytes"


def test_secrets_stay_the_same_and_are_the_owners_alone(tmp_path: Path) -> None:
    first = environment.environment(tmp_path, 8000)
    second = environment.environment(tmp_path, 8001)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_test_tenant_puts_the_site_on_the_numeric_address(tmp_path: Path) -> None:
    environment.remember(tmp_path, test_tenant=True)
    found = environment.environment(tmp_path, 8000)
    assert (found["TEST_TENANT"], found["BASE_URL"]) == ("1", "http://127.0.0.1:8000")


def test_damaged_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"secret_key": "x')
    assert record.load(tmp_path / "state.json") == {}
