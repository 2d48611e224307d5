"""Laws of sets of capabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.capabilities import Autonomy, Capability, CapabilitySet, Family, Place, Reach, estimate
from registry.domain.capabilities.tools import family_of, normal_tool

TOOLS = st.sampled_from(["Read", "Write", "Bash", "Bash(git:*)", "Bash(git log:*)", "WebFetch", "mcp__a__b", "*"])


def tool(kind: str, name: str, autonomy: Autonomy) -> Capability:
    family, reach = family_of(normal_tool(name))
    return Capability(kind, "tool", normal_tool(name), family, reach, autonomy, (Place("a", 1),))


CAPABILITIES = st.one_of(
    st.builds(tool, st.sampled_from(["tool", "preapproved"]), TOOLS, st.sampled_from(list(Autonomy))),
    st.builds(
        Capability,
        kind=st.sampled_from(["net", "env", "exec", "download"]),
        form=st.sampled_from(["host", "variable", "hook"]),
        what=st.sampled_from(["*", "a", "b"]),
        family=st.sampled_from(list(Family)),
        reach=st.sampled_from(list(Reach)),
        autonomy=st.sampled_from(list(Autonomy)),
        places=st.just((Place("x", 2),)),
        detail=st.sampled_from(["", "Stop", "PreToolUse Bash"]),
    ),
)
SETS = st.lists(CAPABILITIES, max_size=8).map(CapabilitySet.of)


@given(SETS)
def test_a_set_holds_itself_and_nothing(found: CapabilitySet) -> None:
    assert found.contains(found)
    assert found.contains(CapabilitySet())
    assert not found.changes(found).is_wider


@given(SETS, SETS)
def test_a_union_holds_both_and_what_is_held_gains_nothing(a: CapabilitySet, b: CapabilitySet) -> None:
    union = CapabilitySet.of([*a, *b])
    assert union.contains(a)
    assert union.contains(b)
    if a.contains(b):
        assert not a.changes(b).is_wider


@given(SETS, SETS, SETS)
def test_holding_passes_on(a: CapabilitySet, b: CapabilitySet, c: CapabilitySet) -> None:
    if a.contains(b) and b.contains(c):
        assert a.contains(c)


@given(st.lists(CAPABILITIES, max_size=8))
def test_order_and_json_change_nothing(items: list[Capability]) -> None:
    found = CapabilitySet.of(items)
    assert CapabilitySet.of(reversed(items)).digest == found.digest
    assert CapabilitySet.of_json(found.as_json()) == found


@given(SETS)
def test_a_quiet_set_asks_for_everything(found: CapabilitySet) -> None:
    if found.is_quiet:
        assert all(item.autonomy == Autonomy.ASKS_FIRST for item in found)


@given(st.text(max_size=300), st.text(max_size=300))
def test_longer_text_never_costs_less(a: str, b: str) -> None:
    assert 0 <= estimate(a) <= estimate(f"{a} {b}")


def test_a_wider_bound_holds_a_narrower_one() -> None:
    wide = CapabilitySet.of([tool("preapproved", "Bash(git:*)", Autonomy.PRE_APPROVED)])
    narrow = CapabilitySet.of([tool("preapproved", "Bash(git log:*)", Autonomy.PRE_APPROVED)])
    asked = CapabilitySet.of([tool("tool", "Bash(git log:*)", Autonomy.ASKS_FIRST)])
    assert wide.contains(narrow)
    assert wide.contains(asked)
    assert not narrow.contains(wide)
    assert not asked.contains(narrow)
