from __future__ import annotations

import pytest
import semantic_version
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.semver import MOST, SemVer, VersionInvalid, coerce, max_satisfying

numbers = st.integers(min_value=0, max_value=10**18).map(str)
words = st.from_regex(r"\A(?:0|[1-9][0-9]{0,9}|[0-9]{0,3}[A-Za-z-][0-9A-Za-z-]{0,6})\Z")
pres = st.lists(words, max_size=4).map(lambda parts: f"-{'.'.join(parts)}" if parts else "")
versions = st.builds("{}.{}.{}{}".format, numbers, numbers, numbers, pres).filter(lambda text: len(text) <= MOST)


@given(versions, versions)
def test_order_is_that_of_the_specification(one: str, other: str) -> None:
    ours = (SemVer.parse(one) < SemVer.parse(other), SemVer.parse(one).sortable == SemVer.parse(other).sortable)
    theirs = semantic_version.Version(one), semantic_version.Version(other)
    assert ours == (theirs[0] < theirs[1], theirs[0] == theirs[1])


@given(st.lists(versions, max_size=8))
def test_bytes_of_sort_keys_order_as_the_database_does(several: list[str]) -> None:
    ours = sorted(several, key=lambda text: SemVer.parse(text).sortable.encode())
    assert [semantic_version.Version(text) for text in ours] == sorted(map(semantic_version.Version, several))


@given(versions)
def test_written_version_is_the_read_one(text: str) -> None:
    version = SemVer.parse(text)
    assert (str(version), version.is_prerelease) == (text, "-" in text)
    assert len(version.sortable) <= 512
    assert version < version.next_patch()


@given(st.text(alphabet="0123456789.-+vabZ ", max_size=20))
def test_what_is_valid_is_valid_for_everybody(text: str) -> None:
    try:
        SemVer.parse(text)
    except VersionInvalid:
        assert not semantic_version.validate(text)
    else:
        assert semantic_version.validate(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "v1.2.3",
        "1.2.3-",
        "1.2.3-01",
        "01.2.3",
        "1.2.3 ",
        "\N{FULLWIDTH DIGIT ONE}.2.3",
        "1.2.3-é",
        f"1.2.{'3' * 130}",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(VersionInvalid) as refused:
        SemVer.parse(text)
    assert refused.value.code == "MP1601"


def test_longest_prerelease_fits_its_column() -> None:
    for part in ("0", "a"):
        text = f"1.0.0-{'.'.join([part] * 61)}"
        assert len(text) <= MOST
        assert len(SemVer.parse(text).sortable) <= 512


def test_build_metadata_is_kept_and_has_no_part_in_the_order() -> None:
    assert str(SemVer.parse("1.0.0+exp.1")) == "1.0.0+exp.1"
    assert SemVer.parse("1.0.0+a").sortable == SemVer.parse("1.0.0+b").sortable


@pytest.mark.parametrize(("text", "following"), [("1.2.3", "1.2.4"), ("1.2.3-rc.1", "1.2.3"), ("1.2.3+x", "1.2.4")])
def test_next_patch(text: str, following: str) -> None:
    assert str(SemVer.parse(text).next_patch()) == following


@given(st.text(max_size=30))
def test_guess_at_any_text_is_a_version_or_nothing(text: str) -> None:
    guess = coerce(text)
    assert guess is None or SemVer.parse(str(guess)) == guess


def test_newest_that_fits_a_range() -> None:
    several = ["1.0.0", "1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0"]
    assert max_satisfying(several, "^1.0.0") == "1.10.0"
    assert max_satisfying(several, ">=2.0.0-rc.0") == "2.0.0"
    assert max_satisfying(several, "^3") is None
    assert max_satisfying(several, "not a range") is None
