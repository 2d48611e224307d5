"""How much an archive may hold, and the refusal of one that holds more or worse."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


class ArchiveRefused(ValueError):
    """The archive is not taken; `code` and `params` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        """Refuse for the reason `code`."""
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and lengths; `ratio` is unpacked to packed bytes, asked above `ratio_floor` bytes only."""

    packed: int = 192 * MIB
    unpacked: int = 128 * MIB
    files: int = 10_000
    file: int = 64 * MIB
    ratio: int = 200
    ratio_floor: int = MIB
    path: int = 512
    depth: int = 32


STORED = Limits(ratio=2000)
"""For bytes that were read within the limits before: what we pack ourselves may be packed more tightly."""
