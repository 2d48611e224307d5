from __future__ import annotations

import gzip
import tarfile

import pytest

from registry.domain.archives import Limits
from tests.registry.archives import FILES, SMALL, member, read, refusal, tar_of, tarred


def names(data: bytes) -> list[str]:
    return list(read(data))


@pytest.mark.parametrize("data", [tarred(), tarred(packed=False)], ids=["gzip", "plain"])
def test_files_of_a_plain_tar_are_read(data: bytes) -> None:
    assert {path: file.data for path, file in read(data).items()} == FILES


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_read_in_both_dialects(form: int) -> None:
    path = "/".join(["folder-with-a-long-name"] * 8)
    data = tar_of((member(path, 1), b"x"), form=form)
    assert list(read(data, Limits())) == [path]


def test_executable_bit_is_kept() -> None:
    run = member("run", 1)
    run.mode = 0o755
    content = read(tar_of((run, b"x"), (member("look", 1), b"x")))
    assert (content["run"].executable, content["look"].executable) == (True, False)


def test_leading_dot_and_folders_are_nothing() -> None:
    data = tar_of(
        (member("./", kind=tarfile.DIRTYPE), b""),
        (member("./a", kind=tarfile.DIRTYPE), b""),
        (member("./a/b", 1), b"x"),
    )
    assert names(data) == ["a/b"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../up", "./../up"])
def test_paths_that_lead_elsewhere_are_refused(path: str) -> None:
    assert refusal(tar_of((member(path, 1), b"x"))) == "MP1110"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind: bytes) -> None:
    data = tar_of((member("a", 1), b"x"), (member("b", kind=kind, to="a"), b""))
    assert refusal(data) == "MP1120"


def test_same_name_twice_is_refused() -> None:
    assert refusal(tar_of((member("a", 1), b"x"), (member("a", 1), b"y"))) == "MP1115"


def test_names_that_collide_are_refused() -> None:
    assert refusal(tar_of((member("A", 1), b"x"), (member("a", 1), b"y"))) == "MP1116"


def test_name_that_is_not_utf_8_is_refused() -> None:
    data = tar_of((member(b"a\xff.md".decode("utf-8", "surrogateescape"), 1), b"x"), form=tarfile.GNU_FORMAT)
    assert refusal(data) == "MP1112"


def test_sparse_files_and_odd_headers_are_refused() -> None:
    odd = member("a", 1)
    odd.pax_headers = {"GNU.sparse.map": "0,1"}
    assert refusal(tar_of((odd, b"x"))) in {"MP1107", "MP1121"}
    sized = member("a", 1)
    sized.pax_headers = {"size": "9"}
    assert refusal(tar_of((sized, b"x"))) in {"MP1107", "MP1121"}


def test_header_of_megabytes_is_refused() -> None:
    bloated = member("a", 1)
    bloated.pax_headers = {"comment": "x" * 70_000}
    assert refusal(tar_of((bloated, b"x"))) == "MP1121"


def test_size_below_zero_ends_nowhere() -> None:
    data = bytearray(tar_of((member("a", 1), b"x"), (member("b", 1), b"y"), packed=False))
    data[124:136] = b"\xff" * 10 + b"\xfc\x00"
    data[148:156] = b" " * 8
    data[148:156] = f"{sum(data[:512]):06o}\0 ".encode()
    assert refusal(bytes(data)) in {"MP1107", "MP1108"}


def test_more_files_than_allowed_are_refused() -> None:
    assert refusal(tarred({f"{n}": b"x" for n in range(11)})) == "MP1103"


def test_folders_without_end_are_refused() -> None:
    members = [(member(f"d{n}", kind=tarfile.DIRTYPE), b"") for n in range(SMALL.files * 2 + 1)]
    assert refusal(tar_of(*members, packed=False)) == "MP1103"


def test_one_file_too_large_is_refused() -> None:
    assert refusal(tarred({"a": b"x" * 20_001}, packed=False)) == "MP1104"


def test_all_files_together_too_large_are_refused() -> None:
    assert refusal(tarred(dict.fromkeys("abc", b"x" * 15000), packed=False)) == "MP1102"


def test_bomb_is_stopped_by_its_ratio() -> None:
    assert refusal(tarred({"a": bytes(15_000)})) == "MP1105"


def test_cut_off_stream_is_refused() -> None:
    data = tarred()
    assert refusal(data[: len(data) // 2]) == "MP1107"
    assert refusal(tarred(packed=False)[:520]) == "MP1107"


def test_bytes_behind_are_refused_and_zeros_are_not() -> None:
    assert refusal(tarred(packed=False) + b"more") == "MP1108"
    assert refusal(tarred(packed=False) + tarred({"hidden": b"x"}, packed=False)) == "MP1108"
    assert refusal(tarred() + b"more") == "MP1108"
    assert refusal(tarred() + gzip.compress(tarred({"hidden": b"x"}, packed=False))) == "MP1108"
    assert len(read(tarred() + bytes(600))) == 2


def test_broken_header_in_the_middle_is_refused() -> None:
    data = bytearray(tarred({"a": b"x", "b": b"y"}, packed=False))
    data[1024 + 148] ^= 0xFF
    assert refusal(bytes(data)) == "MP1108"


@pytest.mark.parametrize("data", [b"", b"hello", b"\x1f\x8b", b"\x1f\x8bxxxxxxxxxxxxxxxx", bytes(1024)])
def test_anything_else_is_refused(data: bytes) -> None:
    assert refusal(data) in {"MP1100", "MP1107"}
