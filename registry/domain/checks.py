"""Whether bytes are text."""

from __future__ import annotations


def is_text(data: bytes) -> bool:
    """Whether the bytes read as UTF-8 text."""
    if b"\0" in data[:8192]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
