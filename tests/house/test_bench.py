from __future__ import annotations

import pytest

from house import bench, virtualenv
from house.bench import table
from house.console import Refused


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtualenv, "enter", lambda _name: None)


def test_every_measurement_is_listed_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([]) == 0
    said = capsys.readouterr().out
    for name, text in bench.parts().items():
        assert text
        assert f"  {name:<12} {text}" in said


def test_unknown_measurement_is_refused_with_the_list() -> None:
    with pytest.raises(Refused, match="There is no measurement “speed”"):
        bench.main(["speed"])


def test_table_keeps_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table.show([{"case": "one", "requests/s": 1234.5}, {"case": "hundred", "requests/s": 7}])
    assert capsys.readouterr().out.splitlines() == ["case     requests/s", "one      1,234.5", "hundred  7"]
