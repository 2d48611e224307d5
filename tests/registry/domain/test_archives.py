from __future__ import annotations

import io
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.archives import ArchiveRefused, read_archive, read_folder, read_loosely, unwrap, wrapping
from registry.domain.content import Content, File
from registry.domain.packing import pack_npm, pack_zip
from tests.registry.archives import SMALL, tarred, zipped

segments = st.text(string.ascii_lowercase + string.digits + "-_é", min_size=1, max_size=8)
paths = st.lists(segments, min_size=1, max_size=3).map("/".join)
contents = st.dictionaries(paths, st.builds(File, st.binary(max_size=200), st.booleans()), min_size=1, max_size=8)


def taken(files: dict[str, File]) -> Content | None:
    try:
        return read_folder((path, file.data, file.executable) for path, file in files.items())
    except ArchiveRefused:
        return None


def outcome(data: bytes) -> tuple[str, list[str]]:
    try:
        return "MP11", list(read_archive(io.BytesIO(data), limits=SMALL))
    except ArchiveRefused as refused:
        return refused.code, []


@given(contents)
def test_what_is_packed_is_read_back_the_same(files: dict[str, File]) -> None:
    content = taken(files)
    if content is not None:
        assert read_archive(io.BytesIO(pack_zip(content))).digest == content.digest
        assert read_archive(io.BytesIO(pack_npm(content))).below("package").digest == content.digest


@given(contents)
def test_unwrapped_content_is_not_unwrapped_again(files: dict[str, File]) -> None:
    once = unwrap(Content(files))
    assert wrapping(once) == ""
    assert len(once) == len(files)


@given(
    st.integers(min_value=0, max_value=10_000),
    st.binary(min_size=1, max_size=40),
    st.sampled_from([zipped(), tarred()]),
)
@settings(max_examples=300)
def test_any_damage_is_a_refusal_or_the_same_files(at: int, damage: bytes, data: bytes) -> None:
    at %= len(data)
    code, content = outcome(data[:at] + damage + data[at + len(damage) :])
    assert code.startswith("MP11")
    assert all(not path.startswith("/") and ".." not in path.split("/") for path in content)


@given(st.binary(max_size=600))
def test_noise_is_refused(data: bytes) -> None:
    for noise in (data, b"PK\x03\x04" + data, b"PK\x05\x06" + data, b"\x1f\x8b\x08\x00" + data):
        assert outcome(noise)[0].startswith("MP11")


def test_repository_keeps_what_can_be_taken_and_tells_the_rest() -> None:
    files = [("ok.md", b"x", False), ("a/con", b"x", False), ("OK.md", b"y", False), ("b\udcff.md", b"x", False)]
    content, left_out = read_loosely(files)
    assert list(content) == ["ok.md"]
    assert [(f.code, f.severity, f.path) for f in left_out] == [
        ("MP1114", "error", "a/con"),
        ("MP1116", "error", "OK.md"),
        ("MP1112", "error", "b\N{REPLACEMENT CHARACTER}.md"),
    ]


def test_folders_that_wrap_everything_are_taken_off() -> None:
    assert list(unwrap(Content({"repo-1.0/x/SKILL.md": File(b""), "repo-1.0/x/a/b": File(b"")}))) == ["SKILL.md", "a/b"]


def test_folder_that_is_a_component_stays() -> None:
    for path in ("skills/a/SKILL.md", "agents/a.md", "commands/a.md", ".claude-plugin/plugin.json", "hooks/hooks.json"):
        assert list(unwrap(Content({path: File(b"")}))) == [path]


def test_folder_is_found_among_ten_thousand_by_its_name_alone() -> None:
    content = Content({f"{n:05}/a": File(b"") for n in range(100)} | {"00050-x/b": File(b""), "00050.x": File(b"")})
    assert content.paths_below("00050") == ["00050/a"]
    assert list(content.below("00050")) == ["a"]
    assert content.paths_below("") == list(content)
    assert content.paths_below("none") == []
