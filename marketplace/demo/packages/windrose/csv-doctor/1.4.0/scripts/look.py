#!/usr/bin/env python3
"""What a CSV file looks like from outside: encoding, separator, columns a row."""

import csv
import sys
from collections import Counter
from pathlib import Path


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding that it was read with."""
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeError:
            continue
    return data.decode("latin-1"), "latin-1"


if __name__ == "__main__":
    text, encoding = decoded(Path(sys.argv[1]).read_bytes())
    dialect = csv.Sniffer().sniff(text[:20000], delimiters=",;\t|")
    rows = list(csv.reader(text.splitlines(), dialect))
    widths = Counter(map(len, rows))
    print(f"encoding {encoding}, separator {dialect.delimiter!r}, {len(rows)} rows, columns {dict(widths)}")
    usual = widths.most_common(1)[0][0]
    for number, row in enumerate(rows, 1):
        if len(row) != usual:
            print(f"row {number}: {len(row)} columns")
