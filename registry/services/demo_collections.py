"""Collections of the demo catalogue: the editors', and one of a person's own."""

from __future__ import annotations

import json

from marketplace.core.demo import FOLDER
from marketplace.domain.viewer import SYSTEM
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.models import Collection, Package
from registry.services.collections import Facts, collection_create, entry_put


def collections_load() -> int:
    """Make those that are missing, of the packages that there are; returns how many are new."""
    made = 0
    for told in json.loads((FOLDER / "collections.json").read_text(encoding="utf-8")):
        if Collection.objects.filter(title=told["title"]).exists():
            continue
        owner = told.get("owner")
        by = viewer_of_user(User.objects.get(email=owner)) if owner else SYSTEM
        facts = Facts(told["title"], told["description"])
        collection = collection_create(facts=facts, by=by, is_editorial=owner is None)
        packages = Package.objects.in_bulk([name for name, _note in told["packages"]], field_name="full_name")
        for name, note in told["packages"]:
            if name in packages:
                entry_put(collection=collection, package=packages[name], note=note, by=by)
        made += 1
    return made
