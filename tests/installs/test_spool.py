"""Deliveries between file and database: nothing is lost, and nobody is counted twice."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.utils import OperationalError

from installs.models import Download
from installs.services import spool as spools
from installs.services.downloads import Delivery, Row, row_of, rows_write
from installs.services.spool import Spool, SpoolFailed
from marketplace.core import tenancy
from marketplace.domain.viewer import ANONYMOUS

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_the_system() -> None:
    tenancy.bind(tenancy.SYSTEM)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deliveries"


def row(address: str = "10.0.0.1", version: int = 7, client: str = "npm/10") -> Row:
    return row_of(3, version, ANONYMOUS, Delivery("npm", client, address))


def test_rows_come_back_as_they_were_given_with_one_first_for_each_reader(folder: Path) -> None:
    spool, given = Spool(folder), [row(), row(), row("10.0.0.2"), row(client="né\n\0")]
    for one in given:
        spool.add(one)
    assert spool.flush() == 4
    told = Download.objects.order_by("at").values_list(*Row._fields)
    assert [Row(*one) for one in told] == given
    assert Download.objects.filter(is_first=True).count() == 2
    assert not list(folder.iterdir())


def test_what_was_counted_before_is_not_counted_again(folder: Path) -> None:
    spool = Spool(folder)
    rows_write([row()])
    spool.add(row())
    spool.flush()
    assert Download.objects.filter(is_first=True).count() == 1


@pytest.mark.parametrize("count", [2, 200])
def test_many_rows_are_one_statement(
    folder: Path, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    spool = Spool(folder)
    for number in range(count):
        spool.add(row(f"10.0.0.{number}"))
    with django_assert_num_queries(1):
        assert spool.flush() == count


def test_what_a_dead_process_left_is_read_up_to_its_unfinished_line(folder: Path) -> None:
    dead = Spool(folder)
    dead.add(row())
    dead._close()
    left = next(folder.iterdir())
    left.write_bytes(left.read_bytes() + b'["2026-11-')
    assert Spool(folder).flush() == 1
    assert not list(folder.iterdir())


def test_what_a_living_process_writes_to_is_left_alone(folder: Path) -> None:
    living = Spool(folder)
    living.add(row())
    assert Spool(folder).flush() == 0
    assert living.flush() == 1


def test_a_file_that_somebody_took_for_left_over_is_begun_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock
    taken: list[Path] = []

    def late(file: int, operation: int) -> None:
        if not taken:
            taken.extend(folder.iterdir())
            taken[0].unlink()
        lock(file, operation)

    monkeypatch.setattr("installs.services.spool.fcntl.flock", late)
    spool = Spool(folder)
    spool.add(row())
    assert taken
    assert spool.flush() == 1


def test_lines_wait_while_the_database_is_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(folder)
    spool.add(row())

    def away(_rows: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(spools, "rows_write", away)
        patch.setattr(connection, "close", lambda: None)
        assert not spool._last()
    assert not Download.objects.exists()
    assert spool.flush() == 1


def test_too_many_waiting_lines_and_a_folder_that_cannot_be_written_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(folder)
    spool.add(row())
    monkeypatch.setattr(spools, "MOST_BYTES", 1)
    with pytest.raises(SpoolFailed):
        spool.add(row())
    spool.flush()
    spool.add(row())
    spool.flush()
    folder.rmdir()
    folder.touch()
    with pytest.raises(SpoolFailed):
        spool.add(row())
