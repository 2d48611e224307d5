"""Text that a reader does not see: direction marks, tags, zero-width runs, letters of other alphabets in words."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.scanning.segments import Sheet

FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
TAGS = re.compile("[\U000e0000-\U000e007f]{2,}")
VARIANTS = re.compile("[\U000e0100-\U000e01ef]{3,}|[\ufe00-\ufe0e]{3,}")
ZERO = re.compile("[\u200b\u200c\u2060\u2062-\u2064\ufeff\u180e\u00ad]{3,}|(?:[\u200b\u200c\u2060][A-Za-z]){4,}")
MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff\u0370-\u03ff])[A-Za-z\u0400-\u04ff\u0370-\u03ff]{4,40}\b")
ODD = re.compile(
    "[\u00ad\u0370-\u03ff\u0400-\u04ff\u180e\u200b\u200c\u202a-\u202e\u2060\u2062-\u2064\u2066-\u2069"
    "\ufe00-\ufe0e\ufeff\U000e0000-\U000e01ef]"
)
"""Every letter that one of the patterns needs."""
FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
ALIKE = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u051d\u0410\u0412\u0415\u041a\u041c\u041d\u041e"
    "\u0420\u0421\u0422\u0425\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03bd\u03c1\u03c5"
)
KINDS = (
    ("hide.bidi", BIDI, "direction"),
    ("hide.tags", TAGS, "tag"),
    ("hide.variants", VARIANTS, "variant"),
    ("hide.zero-width", ZERO, "zero-width"),
)
EACH_MOST = 5


def hidden_in(sheet: Sheet) -> Iterator[Hit]:
    """Invisible characters and look-alike letters, with their lines."""
    if sheet.text.isascii() or not ODD.search(sheet.text):
        return
    text = FLAG.sub("\U0001f3f4", sheet.text)
    is_right_to_left = RIGHT_TO_LEFT.search(text) is not None
    for name, pattern, kind in KINDS:
        if name == "hide.bidi" and is_right_to_left:
            continue
        for count, match in enumerate(pattern.finditer(text)):
            if count >= EACH_MOST:
                break
            line = text.count("\n", 0, match.start()) + 1
            shown = " ".join(f"U+{ord(letter):04X}" for letter in match.group()[:6])
            yield Hit(name, "MP3053", HOLDS, sheet.path, line, shown, params=(("kind", kind),))
    for count, match in enumerate(MIXED.finditer(text) if FOREIGN.search(text) else ()):
        word = match.group()
        foreign = [letter for letter in word if ord(letter) > 127]  # noqa: PLR2004  (ASCII)
        if count < EACH_MOST and len(foreign) * 2 < len(word) and all(letter in ALIKE for letter in foreign):
            line = text.count("\n", 0, match.start()) + 1
            names = ", ".join(unicodedata.name(letter, "?") for letter in foreign[:2])
            yield Hit("hide.homoglyph", "MP3121", HOLDS, sheet.path, line, f"{word} ({names})")
