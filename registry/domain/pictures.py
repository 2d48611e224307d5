"""Pictures of a listing: how many, how large, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCREENSHOTS_MOST = 8
ALT_MOST = 200
INPUT_BYTES_MOST = 8 * 1024 * 1024
INPUT_PIXELS_MOST = 16_000_000
"""5K fits; taken apart it is 64 MB."""

OUTPUT_BYTES_MOST = 700 * 1024
SIDE_LEAST = 16
MEDIA_TYPE = "image/webp"


class Kind(StrEnum):
    """What it is on the page."""

    ICON = "icon"
    SCREENSHOT = "screenshot"


SIDE_MOST: dict[Kind, int] = {Kind.ICON: 128, Kind.SCREENSHOT: 1600}
"""The longest side of what is kept, in pixels; smaller pictures stay as they are."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept and served: WebP without anything but pixels."""

    data: bytes
    width: int
    height: int


class PictureRefused(ValueError):
    """The bytes cannot become a picture; `code` and `params` say why."""

    def __init__(self, code: str, **params: object) -> None:
        """Refuse with `code`."""
        super().__init__(code)
        self.code = code
        self.params = params
