from __future__ import annotations

import pytest

from installs.domain.requirements import MOST, required_names

SITES = frozenset({"agent-marketplace"})


@pytest.mark.parametrize(
    ("name", "marketplace", "full"),
    [
        ("base", "", ["@acme/base"]),
        ("@other/base", "", ["@other/base"]),
        ("base", "other", ["@other/base"]),
        ("other.base", "agent-marketplace", ["@other/base"]),
        ("base", "agent-marketplace", ["@acme/base"]),
        ("", "", []),
        ("a b", "", []),
    ],
)
def test_full_name_behind_each_way_of_naming(name: str, marketplace: str, full: list[str]) -> None:
    assert required_names("acme", [{"name": name, "marketplace": marketplace}], sites=SITES) == full


def test_each_name_once_and_not_too_many() -> None:
    twice = [{"name": f"p{number % 80}"} for number in range(160)]
    assert required_names("acme", twice, sites=SITES) == [f"@acme/p{number}" for number in range(MOST)]
