"""Values of strangers' files, made such that every database and every encoding can hold them."""

from __future__ import annotations

import math
import re
from typing import Any

UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Without NUL and lone surrogates: U+FFFD stands in their place."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(value: Any) -> Any:
    """The same for everything in lists and maps; numbers that JSON has no form for become text, other types too."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return clean_text(str(value))
