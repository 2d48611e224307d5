#!/usr/bin/env python3
"""The WCAG contrast ratio of two colours: contrast.py '#1b1b18' '#fbfbfa'."""

import sys


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2, 'relative luminance')."""
    channels = [int(colour.lstrip("#")[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


if __name__ == "__main__":
    dark, light = sorted(map(luminance, sys.argv[1:3]))
    print(f"{(light + 0.05) / (dark + 0.05):.2f}")
