"""The git channel alone, served by granian: addresses are JSON files below GIT_SITE_DIR that a test writes.

`<name>.json` holds `{"current": STATE, "former": [STATE, ...]}`; a STATE is `{"plugins": {name: {path: text}},
"root": bool, "tags": {tag: {path: text}}}`. The database is not touched.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.clients.git_site_settings"
os.environ.setdefault("GIT_SITE_DIR", tempfile.gettempdir())

from django.urls import re_path

from installs.domain.gittree import GitState, GitTree, PluginSource, folder_of
from installs.domain.marketplace_document import Entry, MarketplaceDocument
from marketplace.core.errors import NotFound
from marketplace.core.wsgi import application_of
from marketplace.domain.viewer import ANONYMOUS, Viewer
from registry.domain.content import Content, File

application = application_of()

from installs.channels.git import routes, views  # noqa: E402  (after Django is set up)

Files = Mapping[str, str]


def content_of(files: Files) -> Content:
    """Files of a test: `base64:` begins bytes; paths that begin with `bin/` may be run."""
    return Content({path: File(_bytes(text), path.startswith("bin/")) for path, text in files.items()})


def _bytes(text: str) -> bytes:
    head, _, tail = text.partition("base64:")
    return base64.b64decode(tail) if tail and not head else text.encode()


def tree_of(name: str, plugins: Mapping[str, Files], *, root: bool = False) -> GitTree:
    """A tree of plugins, each of the version that its plugin.json names."""
    sources = []
    for plugin, files in plugins.items():
        content = content_of(files)
        version = json.loads(files.get(".claude-plugin/plugin.json", "{}")).get("version", "1.0.0")
        entry = Entry(plugin, version, "" if root else folder_of(plugin), {"description": plugin})
        sources.append(PluginSource(entry, content.digest, partial(content_of, files)))
    document = MarketplaceDocument(name, "Lab", "Made by a test", tuple(source.entry for source in sources))
    return GitTree(document, tuple(sources))


def state_of(name: str, told: Mapping[str, Any]) -> GitState:
    """The state that a file describes."""
    root = bool(told.get("root"))
    tags = {tag: tree_of(name, {tag.split("--v")[0]: files}, root=root) for tag, files in told.get("tags", {}).items()}
    return GitState(tree_of(name, told["plugins"], root=root), "Lab <noreply@localhost>", tags)


@dataclass
class Lab:
    """What the views ask of an address."""

    state: GitState
    before: list[GitState]
    key: str = ""
    versions: tuple[Any, ...] = ()
    releases: tuple[Any, ...] = ()
    viewer: Viewer = field(default=ANONYMOUS)
    channel: str = "git"

    @property
    def digest(self) -> str:
        """The state's."""
        return self.state.digest


def resolve(**names: str) -> Any:
    """The address of a file; raises NotFound MP5003."""
    name = names.get("key") or names["name"]
    path = Path(os.environ["GIT_SITE_DIR"]) / f"{name}.json"
    if not path.exists():
        raise NotFound("MP5003")
    told = json.loads(path.read_text(encoding="utf-8"))
    return Lab(state_of(name, told["current"]), [state_of(name, item) for item in told.get("former", [])])


def former(lab: Any) -> Iterator[GitState]:
    """The states of before that the file allows."""
    return iter(state for state in lab.before if state.digest != lab.digest)


views.former = former  # type: ignore[attr-defined, assignment]  # this site keeps them in files
VIEWS = {
    "git-personal": views.served(resolve, views.PERSONAL),
    "git-publisher": views.served(resolve, views.PUBLIC),
    "git-package": views.served(resolve, views.PUBLIC),
}
urlpatterns = [re_path(str(route.pattern), VIEWS[str(route.name)], name=route.name) for route in routes.patterns]
