from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from registry.domain.archives import read_archive
from tests.registry.archives import FILES, SMALL, patched, read, refusal, zip_of, zipped

CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"


def names(data: bytes) -> list[str]:
    return list(read(data))


def test_files_of_a_plain_zip_are_read() -> None:
    content = read(zipped())
    assert {path: file.data for path, file in content.items()} == FILES


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_both_usual_methods_are_read(method: int) -> None:
    assert read(zipped(method=method)).digest == read(zipped()).digest


def test_executable_bit_counts_only_from_unix() -> None:
    unix, other = zipfile.ZipInfo("a"), zipfile.ZipInfo("b")
    unix.create_system, unix.external_attr = 3, 0o100755 << 16
    other.create_system, other.external_attr = 0, 0o100755 << 16
    content = read(zip_of((unix, b"x"), (other, b"x")))
    assert (content["a"].executable, content["b"].executable) == (True, False)


def test_zip_written_to_a_pipe_with_data_descriptors_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: int) -> int:
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        archive.writestr("SKILL.md", b"x")
        archive.writestr("more.md", b"y")
    assert names(pipe.getvalue()) == ["SKILL.md", "more.md"]


def test_names_in_utf_8_without_the_flag_are_what_they_look_like() -> None:
    data = zipped({"naïve.md": b"x"})
    flagged = struct.unpack_from("<H", data, 6)[0]
    assert flagged & 0x800
    central = data.index(CENTRAL)
    data = patched(patched(data, 6, "<H", 0), central + 8, "<H", 0)
    assert names(data) == ["naïve.md"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.md", "a/../../up.md", "a/./b", "C:/x", "c:x", "//host/share"])
def test_paths_that_lead_elsewhere_are_refused(path: str) -> None:
    assert refusal(zipped({path: b"x"})) == "MP1110"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a\\b.md", "MP1111"),
        ("a\u202eb.md", "MP1112"),
        ("a\u200bb.md", "MP1112"),
        ("a\nb.md", "MP1112"),
        ("x" * 61, "MP1113"),
        ("a/b/c/d/e", "MP1113"),
        ("con", "MP1114"),
        ("a/NUL.txt", "MP1114"),
        ("trailing.", "MP1114"),
        ("a /b", "MP1114"),
        ("what?.md", "MP1114"),
        ("ab:stream", "MP1114"),
    ],
)
def test_names_that_some_system_reads_otherwise_are_refused(path: str, code: str) -> None:
    assert refusal(zipped({path: b"x"})) == code


def test_name_with_a_nul_is_refused() -> None:
    assert refusal(zipped({"aXb.md": b"x"}).replace(b"aXb.md", b"a\0b.md")) == "MP1112"


def test_same_name_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zip_of((zipfile.ZipInfo("a.md"), b"x"), (zipfile.ZipInfo("a.md"), b"y"))
    assert refusal(data) == "MP1115"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.md", "a.md"),
        ("Straße.md", "STRASSE.md"),
        ("caf\u00e9.md", "cafe\u0301.md"),
        ("ﬁle.md", "file.md"),
        ("a", "a/b"),
        ("A/x", "a/y"),
    ],
)
def test_names_that_are_one_place_on_some_system_are_refused(one: str, other: str) -> None:
    assert refusal(zipped({one: b"x", other: b"y"})) in {"MP1115", "MP1116"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind: int) -> None:
    info = zipfile.ZipInfo("link")
    info.external_attr = (kind | 0o777) << 16
    assert refusal(zip_of((info, b"/etc/passwd"))) == "MP1120"


def test_folders_are_looked_at_but_not_kept() -> None:
    assert names(zip_of((zipfile.ZipInfo("a/"), b""), (zipfile.ZipInfo("a/b.md"), b"x"))) == ["a/b.md"]
    assert refusal(zip_of((zipfile.ZipInfo("../"), b""), (zipfile.ZipInfo("b.md"), b"x"))) == "MP1110"


def test_folder_with_bytes_is_refused() -> None:
    assert refusal(zip_of((zipfile.ZipInfo("a/"), b"hidden"), (zipfile.ZipInfo("b.md"), b"x"))) == "MP1121"


def test_what_file_managers_leave_about_is_dropped() -> None:
    junk = {"__MACOSX/._a": b"x", ".DS_Store": b"x", ".git/config": b"x", "a.md": b"x", "b/Thumbs.db": b"x"}
    assert names(zipped(junk)) == ["a.md"]


def test_encrypted_entry_is_refused() -> None:
    data = zipped({"a.md": b"x"})
    central = data.index(CENTRAL)
    assert refusal(patched(patched(data, 6, "<H", 1), central + 8, "<H", 1)) == "MP1124"


def test_other_methods_are_refused() -> None:
    assert refusal(zipped({"a.md": b"x" * 50}, method=zipfile.ZIP_LZMA)) == "MP1125"


def test_more_files_than_allowed_are_refused() -> None:
    assert refusal(zipped({f"{n}.md": b"x" for n in range(11)})) == "MP1103"
    assert len(read(zipped({f"{n}.md": b"x" for n in range(10)}))) == 10


def test_one_file_too_large_is_refused() -> None:
    assert refusal(zipped({"a": b"x" * 20_001}, method=zipfile.ZIP_STORED)) == "MP1104"


def test_all_files_together_too_large_are_refused() -> None:
    assert refusal(zipped(dict.fromkeys("abc", b"x" * 15000), method=zipfile.ZIP_STORED)) == "MP1102"


def test_bomb_is_stopped_by_its_ratio() -> None:
    assert refusal(zipped({"a": bytes(15_000)})) == "MP1105"


def test_archive_over_the_packed_limit_is_refused_before_it_is_read() -> None:
    assert refusal(zipped() + bytes(SMALL.packed)) == "MP1101"


def test_empty_archive_is_refused() -> None:
    assert refusal(zipped({})) == "MP1106"


@pytest.mark.parametrize("cut", [10, 40, 90, -1, -22])
def test_cut_off_archive_is_refused(cut: int) -> None:
    assert refusal(zipped()[:cut]) in {"MP1107", "MP1108"}


def test_damaged_bytes_are_refused() -> None:
    data = zipped({"a.md": b"x" * 100}, method=zipfile.ZIP_STORED)
    at = data.index(b"xxx")
    assert refusal(data[:at] + b"y" + data[at + 1 :]) == "MP1107"


@pytest.mark.parametrize("data", [b"#!/bin/sh\n" + zipped(), zipped() + b"more"])
def test_bytes_before_or_behind_are_refused(data: bytes) -> None:
    assert refusal(data) in {"MP1100", "MP1107", "MP1108"}


def test_bytes_between_entries_are_refused() -> None:
    first = zipped({"a.md": b"x"}, method=zipfile.ZIP_STORED)
    both = zipped({"a.md": b"x", "b.md": b"y"}, method=zipfile.ZIP_STORED)
    second = len(first[: first.index(CENTRAL)])
    gap = b"HIDDEN"
    data = both[:second] + gap + both[second:]
    central = data.index(CENTRAL)
    last = data.rindex(CENTRAL)
    data = patched(data, last + 42, "<I", second + len(gap))
    assert refusal(patched(data, data.index(END) + 16, "<I", central)) == "MP1108"


def test_overlapping_entries_are_refused() -> None:
    data = zipped({"a.md": b"x" * 40, "b.md": b"y" * 40}, method=zipfile.ZIP_STORED)
    first = data.index(CENTRAL)
    assert refusal(patched(data, first + 20, "<II", 60, 60)) in {"MP1122", "MP1123"}


def test_two_names_for_the_same_bytes_are_refused() -> None:
    data = zipped({"a.md": b"x", "b.md": b"x"}, method=zipfile.ZIP_STORED)
    assert refusal(patched(data, data.rindex(CENTRAL) + 42, "<I", 0)) in {"MP1122", "MP1123"}


@pytest.mark.parametrize(
    ("at", "form", "value"),
    [(30, "<B", ord("z")), (8, "<H", 8), (14, "<I", 7), (18, "<I", 3), (22, "<I", 3), (6, "<H", 0x800)],
)
def test_local_header_that_says_something_else_is_refused(at: int, form: str, value: int) -> None:
    data = zipped({"a.md": b"x"}, method=zipfile.ZIP_STORED)
    assert refusal(patched(data, at, form, value)) == "MP1123"


def test_second_name_in_an_extra_field_must_be_the_same() -> None:
    def with_field(name: bytes) -> bytes:
        info = zipfile.ZipInfo("a.md")
        info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
        return zip_of((info, b"x"))

    assert names(with_field(b"a.md")) == ["a.md"]
    assert refusal(with_field(b"z.sh")) == "MP1123"


def test_end_record_that_counts_otherwise_is_refused() -> None:
    data = zipped()
    assert refusal(patched(data, data.index(END) + 8, "<HH", 1, 1)) == "MP1123"


def test_sizes_in_zip64_fields_are_read_and_their_lies_are_refused() -> None:
    info = zipfile.ZipInfo("a.md")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open(info, "w", force_zip64=True) as entry:
        entry.write(b"hello")
    data = packed.getvalue()
    assert read(data)["a.md"].data == b"hello"
    central = data.index(CENTRAL)
    lie = struct.pack("<HHQQ", 1, 16, 1 << 40, 1 << 40)
    forged = data[:central] + patched(data[central:], 20, "<II", 0xFFFFFFFF, 0xFFFFFFFF)
    name_end = central + 46 + len("a.md")
    forged = patched(forged[:name_end] + lie + forged[name_end:], central + 30, "<H", len(lie))
    assert refusal(patched(forged, forged.index(END) + 12, "<I", 46 + 4 + len(lie))) in {"MP1107", "MP1122", "MP1123"}


def test_comment_is_no_foreign_matter() -> None:
    packed = io.BytesIO(zipped())
    with zipfile.ZipFile(packed, "a") as archive:
        archive.comment = b"made by hand"
    assert len(read(packed.getvalue())) == 2


def test_nothing_but_the_needed_is_read_from_the_stream() -> None:
    class Counting(io.BytesIO):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.most = max(self.most, len(data))
            return data

    stream = Counting(zipped({"a": bytes(range(256)) * 4000}, method=zipfile.ZIP_STORED))
    read_archive(stream)
    assert stream.most <= 1 << 17
