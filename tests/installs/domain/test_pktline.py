from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installs.domain import pktline

SHA = "0123456789abcdef0123456789abcdef01234567"


def test_packet_begins_with_its_length() -> None:
    assert pktline.packet(b"hello\n") == b"000ahello\n"


def test_head_of_protocol_0() -> None:
    assert pktline.service_head("git-upload-pack") == b"001e# service=git-upload-pack\n0000"


def test_first_want_of_protocol_0() -> None:
    body = pktline.packet(f"want {SHA} multi_ack side-band-64k\n".encode()) + pktline.FLUSH + pktline.packet(b"done\n")
    assert pktline.first_want(body) == SHA


def test_first_want_of_protocol_2() -> None:
    head = pktline.packet(b"command=fetch") + pktline.packet(b"agent=git/2.39") + b"0001" + pktline.packet(b"thin-pack")
    assert pktline.first_want(head + pktline.packet(f"want {SHA}\n".encode()) + pktline.FLUSH) == SHA


def test_listing_of_refs_wants_nothing() -> None:
    body = pktline.packet(b"command=ls-refs\n") + b"0001" + pktline.packet(b"peel\n") + pktline.FLUSH
    assert pktline.first_want(body) is None


def test_want_that_is_cut_off_is_none() -> None:
    assert pktline.first_want(pktline.packet(f"want {SHA}\n".encode())[:-1]) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    assert pktline.first_want(data) is None or data.find(b"want ") >= 0


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8))
def test_packets_come_back_as_written(lines: list[bytes]) -> None:
    assert list(pktline.packets(b"".join(map(pktline.packet, lines)))) == lines


@pytest.mark.parametrize("header", ["version=0", "version=1", "version=2", "version=2:agent=git-2.39"])
def test_protocol_headers_of_git_are_passed_on(header: str) -> None:
    assert pktline.protocol_of(header) == header


@pytest.mark.parametrize("header", ["", "version=3", "version=2\nX=1", "version=2:" + "a" * 41, "$(id)"])
def test_other_protocol_headers_are_not(header: str) -> None:
    assert pktline.protocol_of(header) == ""
