"""Decoding before matching: base64, base85, hex, escapes, character codes, reversed and split strings, simple XOR."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import zlib
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 3
TEXTS_MOST = 40
DECODED_MOST = 20_000
UNITS = 0x10000  # what one code unit of UTF-16 can be
B64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,20000}={0,2}")
B85 = re.compile(r"b85decode|a85decode|base85", re.IGNORECASE)
B85_TEXT = re.compile(r"[\"']([!-~]{60,8000})[\"']|^([!-&(-~]{80,8000})$")
HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{32,20000}(?![0-9A-Za-z])")
ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2}|\\u00[0-9a-fA-F]{2}|\\[0-3][0-7]{2}){8,4000}")
CODES = re.compile(r"(?:\d{1,3}\s*,\s*){20,4000}\d{1,3}")
CHARS = re.compile(r"(?:(?:chr|String\.fromCharCode)\(\s*(?:0x)?[0-9a-fA-F]{1,4}\s*\)\s*[+.&]?\s*){4,400}")
STRING = re.compile(r"[\"']([^\"'\n]{1,400})[\"']")
PIECES = re.compile(r"(?:[\"'][^\"'\n]{0,200}[\"']\s*\+\s*){2,60}[\"'][^\"'\n]{0,200}[\"']")
REVERSED = re.compile(
    r"[\"']([^\"'\n]{12,2000})[\"']\s*\[\s*::\s*-1\s*\]|[\"']([^\"'\n]{12,2000})[\"']\.split\([\"']{2}\)\.reverse"
)
B64_LEAST, HEX_LEAST, B85_LEAST, CODES_LEAST = 24, 32, 60, 20
"""What the patterns above need at least: letters without a space between them, and commas."""
TELLING = re.compile(
    r"curl|wget|bash|/bin/|https?:|powershell|eval|exec|import |socket|subprocess|system|token|ssh|ignore|user"
)
PRINTABLE = 0.92
XOR = [bytes(byte ^ key for byte in range(256)) for key in range(256)]
PLAIN = bytes([*range(32, 127), 9, 10, 13])


def decoded_texts(line: str, depth: int = DEPTH) -> Iterator[str]:
    """Readable texts that are encoded in the line, and those encoded in them."""
    if len(line) < 24 or depth == 0:  # noqa: PLR2004  (nothing shorter says anything)
        return
    for found in islice(_once(line), TEXTS_MOST):
        if TELLING.search(found.lower()):
            yield found
        yield from decoded_texts(found, depth - 1)


def joined_strings(text: str) -> Iterator[tuple[int, str]]:
    """Strings that are put together from pieces, and lists of character codes over several lines."""
    for match in PIECES.finditer(text[:400_000]):
        whole = "".join(STRING.findall(match.group()))
        if TELLING.search(whole):
            yield text.count("\n", 0, match.start()) + 1, whole
    flat = re.compile(r"(?:\d{2,3},\s{0,40}){40,4000}\d{2,3}")
    for match in flat.finditer(text[:400_000]):
        if "\n" in match.group() and (found := _codes(match.group())) is not None:
            yield text.count("\n", 0, match.start()) + 1, found


def _once(line: str) -> Iterator[str]:
    """What is encoded in the line; each form is looked for only where its letters can be."""
    longest = max(map(len, line.split()), default=0)
    if longest >= B64_LEAST:
        yield from _in_one_word(line, longest)
    if line.count(",") >= CODES_LEAST:
        for match in CODES.finditer(line):
            if (found := _codes(match.group())) is not None:
                yield found
    if "chr(" in line or "fromCharCode(" in line:
        yield from _in_calls(line)
    if ":" in line or ".reverse" in line:
        for match in REVERSED.finditer(line):
            yield (match[1] or match[2])[::-1]
    if longest >= B85_LEAST:
        for match in B85_TEXT.finditer(line):
            yield from _base85(match[1] or match[2])


def _in_calls(line: str) -> Iterator[str]:
    """Letters by their codes, one call each."""
    for match in CHARS.finditer(line):
        numbers = re.findall(r"\(\s*(0x[0-9a-fA-F]{1,4}|\d{1,4})", match.group())
        units = [int(number, 16 if number.startswith("0x") else 10) for number in numbers]
        yield "".join(chr(unit) for unit in units if unit < UNITS)


def _in_one_word(line: str, longest: int) -> Iterator[str]:
    """The forms that hold no space."""
    for match in B64.finditer(line):
        if match.group().islower() or match.group().isupper():
            continue
        data = _base64(match.group())
        yield from _readings(data) if data else ()
    if longest >= HEX_LEAST:
        for match in HEX.finditer(line):
            digits = match.group().removeprefix("0x")
            yield from _readings(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    if "\\" in line:
        for match in ESCAPES.finditer(line):
            yield from _texts(
                codecs.decode(match.group().encode("ascii", "ignore"), "unicode_escape").encode("latin-1", "ignore")
            )


def _base64(text: str) -> bytes | None:
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)[:DECODED_MOST]
    except (binascii.Error, ValueError):
        return None


def _base85(text: str) -> Iterator[str]:
    for decode in (base64.b85decode, base64.a85decode):
        try:
            data = decode(text[: len(text) // 5 * 5].encode())
        except (ValueError, UnicodeEncodeError):
            continue
        yield from _readings(data[:DECODED_MOST])


def _readings(data: bytes) -> Iterator[str]:
    """The bytes as text: plain, unpacked, or under a one-byte key."""
    found = list(_texts(data))
    if not found and data[:1] == b"\x78":
        try:
            found = list(_texts(zlib.decompressobj().decompress(data, DECODED_MOST)))
        except zlib.error:
            found = []
    yield from found or _xored(data)


def _xored(data: bytes) -> Iterator[str]:
    """Every one-byte key, as long as the text then reads like a command."""
    sample = data[:200]
    if len(sample) < 24:  # noqa: PLR2004  (short bytes read like anything under some key)
        return
    for key in range(1, 256):
        text = sample.translate(XOR[key])
        if _is_readable(text) and TELLING.search(text.decode("ascii", "ignore").lower()):
            yield data.translate(XOR[key]).decode("utf-8", "ignore")
            return


def _texts(data: bytes) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le"):
        if encoding != "utf-8" and data[1:2] != b"\0":
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_readable(text.encode("ascii", "replace")):
            yield text


def _codes(text: str) -> str | None:
    numbers = [int(number) for number in re.findall(r"\d{1,3}", text)]
    if any(number > 255 for number in numbers):  # noqa: PLR2004  (bytes)
        return None
    data = bytes(numbers)
    if _is_readable(data):
        return data.decode("ascii", "ignore")
    for text_ in _affine(data):
        return text_
    return None


def _affine(data: bytes) -> Iterator[str]:
    """Every y = a*x + b modulo 256 with odd a, tried on the first bytes until it reads like a command."""
    sample = data[:48]
    if len(sample) < 40 or len(set(data)) < 12:  # noqa: PLR2004  (as above; numbers that say little are no text)
        return
    for a in range(1, 256, 2):
        inverse = pow(a, -1, 256)
        table = [(inverse * y) % 256 for y in range(256)]
        for b in range(256):
            if all(table[(y - b) % 256] in PLAIN for y in sample):
                text = bytes(table[(y - b) % 256] for y in data).decode("ascii", "ignore")
                if TELLING.search(text.lower()):
                    yield text
                    return


def _is_readable(data: bytes) -> bool:
    if len(data) < 8:  # noqa: PLR2004  (as above)
        return False
    return 1 - len(data.translate(None, PLAIN)) / len(data) >= PRINTABLE
