"""Pictures taken apart and made anew: nothing of a publisher's file but its pixels is ever served."""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image, ImageOps

from registry.domain.pictures import (
    INPUT_PIXELS_MOST,
    OUTPUT_BYTES_MOST,
    SIDE_LEAST,
    SIDE_MOST,
    Encoded,
    Kind,
    PictureRefused,
)

FORMATS = ("PNG", "JPEG", "WEBP")
QUALITIES = (84, 70, 50)
COLOURS_FEW = 256
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, OverflowError, ZeroDivisionError)
"""What Pillow raises for files that are not what they say."""


def picture_encode(data: bytes, kind: Kind) -> Encoded:
    """The picture in `data` (PNG, JPEG or WebP; of moving ones the first frame) as WebP of bounded size.

    Its sides are looked at before a pixel is unpacked. Raises PictureRefused MP3090, MP3091.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as found:
                _ensure_size(*found.size)
                found.load()
                pixels = ImageOps.exif_transpose(found)
                pixels = pixels.convert("RGBA" if pixels.has_transparency_data else "RGB")
    except PictureRefused:
        raise
    except Image.DecompressionBombError as error:
        raise PictureRefused("MP3091", most=INPUT_PIXELS_MOST, least=SIDE_LEAST) from error
    except BROKEN as error:
        raise PictureRefused("MP3090") from error
    pixels.thumbnail((SIDE_MOST[kind], SIDE_MOST[kind]), Image.Resampling.LANCZOS)
    return Encoded(_written(pixels), *pixels.size)


def _ensure_size(width: int, height: int) -> None:
    if width * height > INPUT_PIXELS_MOST or min(width, height) < SIDE_LEAST:
        raise PictureRefused("MP3091", most=INPUT_PIXELS_MOST, least=SIDE_LEAST)


def _written(pixels: Image.Image) -> bytes:
    """WebP without EXIF, profiles or text; made coarser, then smaller, until it fits.

    A picture of few colours (a terminal, a drawing) is kept exactly, at a third of the size.
    """
    exact = [{"lossless": True, "quality": 40, "method": 2}] if pixels.getcolors(COLOURS_FEW) else []
    for how in (*exact, *({"quality": quality, "method": 4} for quality in QUALITIES)):
        written = io.BytesIO()
        pixels.save(written, "WEBP", **how)
        if written.tell() <= OUTPUT_BYTES_MOST:
            return written.getvalue()
    pixels.thumbnail((max(pixels.size) // 2, max(pixels.size) // 2))
    return _written(pixels)
