"""Every service that changes something writes it down; the few that do not say here why."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.domain.audit import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
APPS = ("marketplace", "registry", "payments", "installs", "reviews")
DERIVED = "computed from rows whose writers are audited"
CARRIED = "a step of audited services"
OWN = "a private note of one person, seen by nobody else"
EXEMPT = {
    "audit_seal": "seals the audit trail itself",
    "catalogue_rebuild": DERIVED,
    "documents_write": DERIVED,
    "document_write": DERIVED,
    "containment_write": DERIVED,
    "rating_recompute": DERIVED,
    "votes_recount": DERIVED,
    "library_of": "an empty library, made when somebody first looks at theirs",
    "notice_send": CARRIED,
    "notice_mail": CARRIED,
    "statements_write": CARRIED,
    "undo_statements_write": CARRIED,
    "scan_begin": "a worker takes a version; what comes of the scan is audited",
    "imports_sweep": "forgets uploads that nobody confirmed",
    "forget": "bytes that no version refers to",
    "notices_read": OWN,
    "filter_save": OWN,
    "filter_forget": OWN,
}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the services, with the app that it belongs to."""
    for app in APPS:
        for path in sorted((ROOT / app / "services").rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield app, node


def called(node: ast.FunctionDef) -> set[str]:
    """The names that the function calls."""
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {
        call.id if isinstance(call, ast.Name) else call.attr
        for call in calls
        if isinstance(call, ast.Name | ast.Attribute)
    }


def is_writer(node: ast.FunctionDef) -> bool:
    """A public service: its writes are one transaction."""
    return not node.name.startswith("_") and any("atomic" in ast.unparse(mark) for mark in node.decorator_list)


def unaudited() -> set[str]:
    """The writers from which no chain of calls leads to `audit`."""
    calls: dict[str, set[str]] = {}
    for _app, node in functions():
        calls.setdefault(node.name, set()).update(called(node))
    known = {"audit"}
    while more := {name for name, names in calls.items() if name not in known and names & known}:
        known |= more
    return {node.name for _app, node in functions() if is_writer(node) and node.name not in known}


def test_every_service_that_changes_something_writes_it_down() -> None:
    assert unaudited() == set(EXEMPT)


def test_every_act_of_the_grammar_is_written_somewhere_and_named_after_its_app() -> None:
    used = {
        name.attr
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for name in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name) and name.value.id == "Action"
    }
    assert {action.name for action in Action} - used == set()
    for action in Action:
        app, subject, act = action.value.split(":")
        assert app in APPS
        assert subject
        assert act
