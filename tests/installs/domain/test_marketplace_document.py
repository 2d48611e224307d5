from __future__ import annotations

import pytest

from installs.domain.marketplace_document import (
    Archive,
    Entry,
    MarketplaceDocument,
    entry_names,
    former_names,
    package_marketplace,
)


def test_document_is_what_claude_code_reads() -> None:
    entry = Entry("sql", "1.2.0", "plugins/sql", {"description": "Reviews SQL", "category": "skill"})
    assert MarketplaceDocument("acme", "Acme", "Packages of Acme", (entry,)).as_json() == {
        "name": "acme",
        "owner": {"name": "Acme"},
        "description": "Packages of Acme",
        "forceRemoveDeletedPlugins": True,
        "plugins": [
            {
                "name": "sql",
                "source": "./plugins/sql",
                "version": "1.2.0",
                "category": "skill",
                "description": "Reviews SQL",
            }
        ],
    }


def test_owner_without_a_name_is_called_as_the_marketplace() -> None:
    assert MarketplaceDocument("acme", "", "").as_json()["owner"] == {"name": "acme"}


def test_archive_source_names_address_and_digest() -> None:
    archive = Archive("https://market.example/sql.zip", "ab" * 32)
    assert Entry("sql", "1.0.0", archive).as_json()["source"] == {
        "source": "archive",
        "url": "https://market.example/sql.zip",
        "sha256": "ab" * 32,
    }


def test_root_of_the_repository_is_a_source() -> None:
    assert Entry("sql", "1.0.0", "").as_json()["source"] == "./"


def test_facts_never_replace_what_is_named() -> None:
    facts = {"name": "other", "source": "./x", "version": "9.9.9", "headersHelper": "rm -rf ~", "headers": {}}
    assert Entry("sql", "1.0.0", "plugins/sql", facts).as_json() == {
        "name": "sql",
        "source": "./plugins/sql",
        "version": "1.0.0",
    }


@pytest.mark.parametrize("name", ["", "a b", "a/b", "-a", "a..b", "é", "a" * 129, "a\n"])
def test_names_that_clients_refuse_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a plugin name"):
        Entry(name, "1.0.0", "plugins/x").as_json()
    with pytest.raises(ValueError, match="not a marketplace"):
        MarketplaceDocument(name, "", "").as_json()


@pytest.mark.parametrize("source", ["/etc", "../x", "plugins/../../x"])
def test_sources_outside_the_repository_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match="not a folder"):
        Entry("sql", "1.0.0", source).as_json()


def test_equal_entry_names_are_refused() -> None:
    entry = Entry("sql", "1.0.0", "plugins/sql")
    with pytest.raises(ValueError, match="not a marketplace"):
        MarketplaceDocument("acme", "", "", (entry, entry)).as_json()


def test_second_of_two_equal_names_is_entered_with_its_publisher() -> None:
    chosen = [("acme", "sql"), ("globex", "sql"), ("globex", "git")]
    assert entry_names(chosen, marketplace="agent-marketplace") == ["sql", "globex.sql", "git"]


def test_plugin_called_as_the_marketplace_is_entered_with_its_publisher() -> None:
    assert entry_names([("acme", "acme")], marketplace="acme") == ["acme.acme"]


def test_full_name_that_is_taken_gets_a_number() -> None:
    chosen = [("a", "b.c"), ("x", "c"), ("b", "c")]
    assert entry_names(chosen, marketplace="m") == ["b.c", "c", "b.c-2"]


def test_two_dots_in_a_row_become_one() -> None:
    assert entry_names([("acme", "a..b"), ("acme", "a.b")], marketplace="m") == ["a.b", "acme.a.b"]


def test_marketplace_of_one_package_names_both() -> None:
    assert package_marketplace("acme", "sql") == "acme.sql"


def test_long_name_leads_to_the_bare_one_once_it_is_free() -> None:
    packages = [("acme", "reader"), ("beta", "reader"), ("beta", "tidy")]
    names = entry_names(packages, marketplace="market")
    assert names == ["reader", "beta.reader", "tidy"]
    assert former_names(packages, names) == {"acme.reader": "reader", "beta.tidy": "tidy"}
    assert former_names(packages[1:2], ["reader"]) == {"beta.reader": "reader"}
