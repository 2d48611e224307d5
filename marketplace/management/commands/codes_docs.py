"""Write docs/codes.md from the table of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from marketplace.core.codes import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from marketplace.core.codes import Code

PATH = "docs/codes.md"
RANGES = {
    "MP1": "Archives",
    "MP2": "Formats",
    "MP3": "Registry",
    "MP4": "Accounts",
    "MP5": "Installs",
    "MP6": "Payments",
    "MP7": "Reviews and moderation",
    "MP9": "Platform",
}
HEAD = """# Codes

Every refusal and every finding has a code that never changes its meaning: in `code` of an API answer, beside the
sentence on a page, in the output of a command. `%(name)s` stands for what the sentence names at that moment. An
`error` stops what was asked for; a `warning` and an `info` of a package's check do not.

This page is made by `script/manage codes_docs` from `marketplace/core/codes/`.
"""


class Command(BaseCommand):
    """`manage.py codes_docs`."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the file and say which."""
        path: Path = settings.BASE_DIR / PATH
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PATH}: {len(CODES)} codes")


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for prefix, title in RANGES.items():
        codes = sorted((code for code in CODES.values() if code.id.startswith(prefix)), key=lambda code: code.id)
        if codes:
            rows = "".join(_row(code) for code in codes)
            parts.append(
                f"\n## {title}\n\n| code | weight | what it says | what to do |\n| --- | --- | --- | --- |\n{rows}"
            )
    return "".join(parts)


def _row(code: Code) -> str:
    return f"| `{code.id}` | {code.severity} | {_cell(code.says)} | {_cell(code.fix)} |\n"


def _cell(text: object) -> str:
    return str(text).replace("%%", "%").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
