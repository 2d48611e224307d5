"""Icons and screenshots of the demo catalogue: `marketplace/demo/pictures/<publisher>/<package>/`.

`icon.png` is the icon; `pictures.json` says what each screenshot shows, in their order.
"""

from __future__ import annotations

import json

from marketplace.core.demo import FOLDER
from marketplace.domain.viewer import SYSTEM
from registry.domain.pictures import Kind
from registry.models import Package
from registry.services.pictures import picture_add

PICTURES = FOLDER / "pictures"
HANG = "registry.demo_pictures"


def pictures_load() -> int:
    """Hang up the pictures of packages that have none yet; returns how many pictures are new."""
    shown: dict[str, dict[str, str]] = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    made = 0
    for folder in sorted(PICTURES.glob("*/*")):
        name = f"@{folder.parent.name}/{folder.name}"
        package = Package.objects.filter(full_name=name, pictures=None).first()
        if package is None:
            continue
        for file, alt in {"icon.png": "", **shown.get(name, {})}.items():
            kind = Kind.SCREENSHOT if alt else Kind.ICON
            with (folder / file).open("rb") as stream:
                picture_add(package=package, kind=kind, stream=stream, alt=alt, by=SYSTEM)
            made += 1
    return made
