from __future__ import annotations

import base64
import importlib
import inspect
import json
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from installs.domain.client_lines import Client, Offered, clients_of, is_portable, sets
from installs.domain.machine_lines import machine_clients
from installs.domain.promises import Promise
from tests.clients.test_box import LINES

OFFERED = Offered(
    base="https://market.example",
    npm_base="https://npm.market.example",
    site="market",
    publisher="acme",
    name="papers",
    number="1.2.0",
)
REMOTE = {"url": "https://mcp.example.com/papers", "transport": "http", "headers": ["X-Key"]}
LOCAL = {"command": "npx", "args": ["-y", "@acme/papers"], "env": ["PAPERS_TOKEN"]}


def client(offered: Offered, name: str) -> Client:
    return next(found for found in clients_of(offered) if found.id == name)


def names(offered: Offered) -> list[str]:
    return [found.id for found in clients_of(offered)]


def test_each_package_offers_the_clients_that_can_have_it() -> None:
    assert names(OFFERED) == ["claude", "codex", "npm"]
    assert names(replace(OFFERED, has_skills=True)) == ["claude", "codex", "gemini", "skills", "opencode", "npm"]
    served = replace(OFFERED, servers=[REMOTE], bundle="https://market.example/artifacts/papers.mcpb")
    assert names(served) == ["claude", "codex", "cursor", "vscode", "desktop", "npm"]
    assert names(replace(OFFERED, is_private=True)) == ["npm"]


def test_promise_is_that_of_the_address_in_the_lines() -> None:
    every = replace(OFFERED, has_skills=True, servers=[REMOTE], bundle="https://market.example/papers.mcpb")
    for offered in (every, replace(every, key="k3y"), replace(every, key="k3y", is_private=True)):
        for found in clients_of(offered):
            if found.link:
                assert found.promise == Promise.COPY
            elif found.id == "npm":
                assert found.promise == (Promise.NPM if offered.key else Promise.NPM_SHARED)
            else:
                is_own = "/i/k3y" in "".join(found.lines) or "/s/k3y" in "".join(found.lines)
                assert found.promise == (Promise.LIBRARY if is_own else Promise.SHARED)


def test_cursor_link_holds_the_server_without_secrets() -> None:
    link = urlsplit(client(replace(OFFERED, servers=[REMOTE]), "cursor").link)
    assert (link.scheme, link.netloc, link.path) == ("cursor", "anysphere.cursor-deeplink", "/mcp/install")
    asked = parse_qs(link.query, strict_parsing=True)
    assert asked["name"] == ["papers"]
    config = json.loads(base64.b64decode(asked["config"][0], validate=True))
    assert config == {"type": "http", "url": "https://mcp.example.com/papers", "headers": {"X-Key": ""}}


def test_vscode_link_asks_for_what_only_the_user_knows() -> None:
    link = client(replace(OFFERED, servers=[LOCAL]), "vscode").link
    scheme, _, told = link.partition("?")
    assert scheme == "vscode:mcp/install"
    assert json.loads(unquote(told)) == {
        "name": "papers",
        "command": "npx",
        "args": ["-y", "@acme/papers"],
        "env": {"PAPERS_TOKEN": "${input:PAPERS_TOKEN}"},
        "inputs": [{"type": "promptString", "id": "PAPERS_TOKEN", "description": "PAPERS_TOKEN", "password": True}],
    }


def test_bundle_is_a_file_to_download() -> None:
    url = "https://market.example/artifacts/@acme/papers/1.2.0/ab/papers-1.2.0.mcpb"
    desktop = client(replace(OFFERED, bundle=url), "desktop")
    assert (desktop.link, desktop.download) == (url, True)


def test_settings_offer_the_library_of_who_reads_them_and_a_session_takes_the_archive() -> None:
    zipped = "https://market.example/artifacts/@acme/papers/1.2.0/ab/papers-1.2.0.zip"
    session, settings = client(replace(OFFERED, archive=zipped), "claude").ways
    assert session.lines == (f"claude --plugin-url {zipped}",)
    assert settings.file == ".claude/settings.json"
    assert json.loads("\n".join(settings.lines)) == {
        "extraKnownMarketplaces": {
            "acme": {"source": {"source": "git", "url": "https://market.example/git/acme.git"}, "autoUpdate": True}
        },
        "enabledPlugins": {"papers@acme": True},
    }
    (own,) = client(replace(OFFERED, key="k", entry="papers"), "claude").ways
    assert json.loads("\n".join(own.lines))["enabledPlugins"] == {"papers@market": True}


def test_only_servers_that_need_no_files_are_linked() -> None:
    assert is_portable(REMOTE)
    assert is_portable(LOCAL)
    assert not is_portable({"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/server.js"]})
    assert not is_portable({"command": "./server"})
    assert not is_portable({})


def test_whatever_a_page_offers_is_run_by_a_test() -> None:
    full = replace(OFFERED, has_skills=True, servers=[REMOTE], bundle="https://market.example/a.mcpb", archive="x")
    offered = set()
    for one in (full, replace(full, key="k3y"), replace(full, is_extension=True)):
        for found in clients_of(one):
            offered |= {f"package {found.id}", *(f"package {found.id}-{way.id}" for way in found.ways)}
    offered |= {f"collection {found.id}" for found in sets("https://market.example/git/c.git", "c", ["reader"])}
    told = machine_clients(base="b", npm_base="https://n", key="k3y", secret="s", publishers=["acme"])
    offered |= {f"machine {found.id}" for found in told}
    assert offered == LINES.keys()
    for place, test in LINES.items():
        module, _, name = test.partition(":")
        source = inspect.getsource(getattr(importlib.import_module(module), name))
        page, _, client = place.partition(" ")
        assert page == "machine" or f'"{client}"' in source or "link" in name or "bundle" in name, place
