from __future__ import annotations

import io
import json
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from marketplace.core import tenancy
from marketplace.core.errors import Invalid, MarketplaceError, NotAllowed, NotFound
from registry.models import Import, ImportEntry, Publisher, Version
from registry.services import imports
from registry.services.import_entries import entry_publish
from registry.services.imports import import_confirm, import_from_content, import_from_url, import_publish, import_read
from tests.registry.git_host import commit, git, served
from tests.registry.packages import AGENT, COMMAND, MANIFEST, MARKETPLACE, PLUGIN, SKILL, made
from tests.registry.world import Api, body, house, person, publish, publisher_of, refusal, skill, viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db
runner = import_module("registry.clients.source_host.git")
reader = import_module("registry.clients.source_host.repository")
SHELF = {
    "name": "shelf",
    "owner": {"name": "Ann"},
    "plugins": [
        {"name": "kit", "source": "./kit", "version": "1.1.0"},
        {"name": "far", "source": {"source": "github", "repo": "a/b"}},
        {"name": "broken", "source": "./broken"},
        {"name": "plain", "source": "./plain"},
    ],
}
FILES: dict[str, bytes | str] = {
    MARKETPLACE: json.dumps(SHELF),
    f"kit/{MANIFEST}": json.dumps({**PLUGIN, "version": "1.1.0"}),
    "kit/commands/x.md": COMMAND,
    f"broken/{MANIFEST}": "{",
    "plain/skills/reviewer/SKILL.md": SKILL,
}


@pytest.fixture
def ann_shelf(tmp_path: Path) -> Path:
    commit(tmp_path / "shelf.git", FILES)
    return tmp_path / "shelf.git"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as address, override_settings(OUTBOUND_ALLOW=[address.removeprefix("http://")]):
        yield address


def command(source: object, publisher: str = "acme") -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("import_marketplace", str(source), publisher=publisher, json=True, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def counts() -> tuple[int, int]:
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.count(), ImportEntry.objects.count()


def test_command_says_what_became_of_every_entry_and_repeating_it_changes_nothing(ann_shelf: Path) -> None:
    publisher_of(person("ann"))
    first = command(ann_shelf)
    keys = ("name", "result", "state", "code", "number")
    assert [tuple(it.get(key, "") for key in keys) for it in first] == [
        ("kit", "published", "published", "", "1.1.0"),
        ("far", "skipped", "", "MP3044", ""),
        ("broken", "skipped", "", "MP2010", ""),
        ("plain", "published", "published", "", "1.0.0"),
    ]
    assert "github a/b" in first[1]["reason"]
    before = counts()
    assert [it["result"] for it in command(ann_shelf)] == ["unchanged", "skipped", "skipped", "unchanged"]
    assert counts() == before


def test_tags_of_plugins_become_history_oldest_first(ann_shelf: Path) -> None:
    publisher_of(person("ann"))
    for number in ("1.2.0", "1.10.0"):
        commit(ann_shelf, {f"kit/{MANIFEST}": json.dumps({**PLUGIN, "version": number})})
        git(ann_shelf, "tag", f"kit--v{number}")
    git(ann_shelf, "tag", "v9.9.9")
    git(ann_shelf, "tag", "other--v1.0.0")
    found = command(ann_shelf)
    assert [(it["number"], it["result"]) for it in found if it["name"] == "kit"] == [
        ("1.2.0", "published"),
        ("1.10.0", "published"),
        ("1.10.0", "unchanged"),
    ]


def test_folder_on_this_machine_is_imported_too(tmp_path: Path) -> None:
    publisher_of(person("ann"))
    (tmp_path / "x" / "agents").mkdir(parents=True)
    (tmp_path / "x" / "agents" / "tester.md").write_text(AGENT)
    (tmp_path / "x" / "agents" / "passwd.md").symlink_to("/etc/passwd")
    (only,) = command(tmp_path / "x")
    assert (only["name"], only["kind"], only["result"]) == ("tester", "agent", "published")


@pytest.mark.parametrize(("publisher", "sentence"), [("nobody", "no publisher @nobody"), ("acme", "did not arrive")])
def test_command_that_can_read_nothing_says_why(tmp_path: Path, publisher: str, sentence: str) -> None:
    publisher_of(person("ann"))
    (tmp_path / ".git").mkdir()
    with pytest.raises(CommandError, match=sentence):
        command(tmp_path, publisher)


def test_dirt_of_a_repository_is_told_with_the_package_it_lies_in(tmp_path: Path) -> None:
    folder = tmp_path / "dirty"
    commit(
        folder,
        {
            "README.md": "# All",
            "skills/good/SKILL.md": SKILL.replace("reviewer", "good"),
            "skills/lfs/SKILL.md": SKILL.replace("reviewer", "lfs"),
            "skills/lfs/model.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "skills/odd/SKILL.md": SKILL.replace("reviewer", "odd"),
            "skills/odd/what?.md": "x",
            "skills/linked/SKILL.md": SKILL.replace("reviewer", "linked"),
            "shared/note.md": "shared",
            "shared/deep/more.md": "more",
        },
        links={
            "skills/linked/note.md": "../../shared/note.md",
            "skills/linked/shared": "../../shared",
            "skills/linked/out.md": "../../../../etc/passwd",
            "skills/linked/round": "round",
        },
    )
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{git(folder, 'rev-parse', 'HEAD')},skills/good/sub")
    git(folder, "commit", "--quiet", "-m", "Submodule")
    ann = person("ann")
    job = start(ann, str(folder))
    with tenancy.bound(tenancy.SYSTEM):
        told = {row.name: (row.state, [it["code"] for it in row.findings]) for row in job.entries.all()}
    assert told == {
        "good": ("found", ["MP2085"]),
        "lfs": ("found", ["MP2086"]),
        "odd": ("skipped", ["MP1114"]),
        "linked": ("found", ["MP2084", "MP2084"]),
    }
    with reader.repository(str(folder)) as found:
        linked = {path: data for path, data, _ in found.tree().files if path.startswith("skills/linked/")}
    assert sorted(linked) == [
        "skills/linked/SKILL.md",
        "skills/linked/note.md",
        "skills/linked/shared/deep/more.md",
        "skills/linked/shared/note.md",
    ]
    assert linked["skills/linked/note.md"] == b"shared"


def start(user: Any, url: str, publisher: Publisher | None = None) -> Import:
    """An import, read at once."""
    with tenancy.bound(tenancy.SYSTEM):
        job = import_from_url(url=url, by=viewer(user), publisher=publisher)
        import_read(job.pk)
        job.refresh_from_db()
        return job


def failure(job: Import) -> tuple[str, str, str]:
    return job.state, job.error_code, str(job.error_params.get("reason", ""))


def test_import_over_the_api_is_read_chosen_from_and_published(
    host: str, ann_shelf: Path, run_jobs: Callable[[], int]
) -> None:
    assert ann_shelf.exists()
    ann = person("ann")
    publisher_of(ann)
    api = Api(ann, "publish")
    begun = api.ask("POST", "imports", {"url": f"{host}/shelf.git", "publisher": "acme"})
    assert begun.status_code == 202
    run_jobs()
    where = begun["Location"].removeprefix("/api/v1/")
    ready = body(api.ask("GET", where))
    assert (ready["state"], len(ready["revision"])) == ("ready", 40)
    rows = {row["name"]: row for row in ready["entries"]}
    assert {name: (row["state"], row["code"], row["number"]) for name, row in rows.items()} == {
        "kit": ("found", "", "1.1.0"),
        "far": ("skipped", "MP3044", ""),
        "broken": ("skipped", "MP2010", ""),
        "plain": ("found", "", ""),
    }
    assert refusal(api.ask("POST", where, {"entries": [rows["far"]["id"]]})) == (422, "MP3042")
    assert api.ask("POST", where, {"entries": [rows["kit"]["id"]]}).status_code == 202
    run_jobs()
    done = body(api.ask("GET", where))
    assert done["state"] == "done"
    assert {row["name"]: (row["state"], row["selected"]) for row in done["entries"]} == {
        "kit": ("published", True),
        "far": ("skipped", False),
        "broken": ("skipped", False),
        "plain": ("found", False),
    }
    assert refusal(api.ask("POST", where, {"entries": [rows["kit"]["id"]]})) == (409, "MP3043")
    assert counts()[0] == 1


def test_nobody_else_sees_or_confirms_an_import(ann_shelf: Path) -> None:
    ann, bob = person("ann"), person("bob")
    acme = publisher_of(ann)
    job = start(ann, str(ann_shelf), acme)
    for api in (Api(), Api(bob), Api(person("rex", is_moderator=True))):
        assert refusal(api.ask("GET", f"imports/{job.public_id}")) == (404, "MP9001")
        answer = api.ask("POST", f"imports/{job.public_id}", {"entries": []})
        assert answer.status_code in {401, 404}
    with tenancy.bound(tenancy.SYSTEM), pytest.raises(NotFound):
        import_confirm(job=job, publisher=acme, selected=[], is_private=False, by=viewer(bob))
    assert counts()[0] == 0


def test_publisher_of_another_tenant_is_refused_at_once(ann_shelf: Path) -> None:
    ann, olga = person("ann"), person("olga")
    tenant = house(olga)
    with tenancy.bound(tenancy.SYSTEM):
        with pytest.raises(NotAllowed):
            import_from_url(url="https://a.example/x.git", by=viewer(ann), publisher=tenant)
        assert Import.objects.count() == 0
    job = start(ann, str(ann_shelf))
    with tenancy.bound(tenancy.SYSTEM):
        ids = [row.public_id for row in job.entries.all()]
    with tenancy.bound(tenancy.SYSTEM), pytest.raises(NotAllowed):
        import_confirm(job=job, publisher=tenant, selected=ids, is_private=False, by=viewer(ann))
    assert refusal(Api(ann).ask("POST", "imports", {"url": "https://a.example/x.git", "publisher": "house"})) == (
        403,
        "MP3010",
    )
    assert counts()[0] == 0


def test_killed_worker_s_rest_is_published_once(ann_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = person("ann")
    job = start(ann, str(ann_shelf))
    acme = publisher_of(ann)
    calls: list[str] = []

    def dying(job: Import, row: ImportEntry, by: Any) -> Any:
        calls.append(row.name)
        received = entry_publish(job, row, by)
        if calls == ["kit", "plain"]:
            raise KeyboardInterrupt
        return received

    monkeypatch.setattr(imports, "entry_publish", dying)
    with tenancy.bound(tenancy.SYSTEM):
        ids = [row.public_id for row in job.entries.all()]
        import_confirm(job=job, publisher=acme, selected=ids, is_private=False, by=viewer(ann))
        with pytest.raises(KeyboardInterrupt):
            import_publish(job.pk)
        assert Version.objects.count() == 1
        import_publish(job.pk)
        import_publish(job.pk)
        job.refresh_from_db()
        assert (job.state, Version.objects.count()) == ("done", 2)
        assert {row.name: row.state for row in job.entries.all()} == {
            "kit": "published",
            "far": "skipped",
            "broken": "skipped",
            "plain": "published",
        }


def test_reading_again_after_a_kill_begins_anew(ann_shelf: Path) -> None:
    ann = person("ann")
    with tenancy.bound(tenancy.SYSTEM):
        job = import_from_url(url=str(ann_shelf), by=viewer(ann))
        job.entries.create(position=0, name="half")
        import_read(job.pk)
        assert [row.name for row in job.entries.all()] == ["kit", "far", "broken", "plain"]


def test_entry_that_is_refused_later_is_told_and_the_others_go_on(ann_shelf: Path) -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, skill("kit"))
    job = start(ann, str(ann_shelf))
    with tenancy.bound(tenancy.SYSTEM):
        ids = [row.public_id for row in job.entries.all()]
        import_confirm(job=job, publisher=acme, selected=ids, is_private=True, by=viewer(ann))
        import_publish(job.pk)
        rows = {row.name: (row.state, row.code) for row in job.entries.all()}
        assert (rows["kit"], rows["plain"]) == (("skipped", "MP3013"), ("published", ""))
        assert Version.objects.get(package__name="plain").is_private


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/x.git", "https://"),
        ("https://127.0.0.1/x.git", "not a public address"),
        ("https://localhost/x.git", "not a public address"),
        ("https://[::1]/x.git", "not a public address"),
        ("https://0x7f.1/x.git", "not a public address"),
        ("https://169.254.169.254/latest", "not a public address"),
        ("https://10.0.0.1/x.git", "not a public address"),
        ("https://user:secret@127.0.0.1/x.git", "no password"),
        ("ftp://127.0.0.1/x.git", "https://"),
        ("ssh://127.0.0.1/x.git", "https://"),
        ("file:///etc", "https://"),
        ("https://127.0.0.1:99999/x.git", "no web address"),
    ],
)
def test_addresses_that_are_not_public_are_refused(url: str, reason: str) -> None:
    state, code, said = failure(start(person("ann"), url))
    assert (state, code) == ("failed", "MP3041")
    assert reason in said


def test_redirects_are_not_followed(tmp_path: Path) -> None:
    commit(tmp_path / "shelf.git", FILES)
    with (
        served(tmp_path) as target,
        served(tmp_path, redirect=target) as first,
        override_settings(OUTBOUND_ALLOW=[address.removeprefix("http://") for address in (target, first)]),
    ):
        state, code, _ = failure(start(person("ann"), f"{first}/moved/shelf.git"))
    assert (state, code) == ("failed", "MP3041")


def test_repository_that_is_not_there_or_empty_fails_with_a_sentence(host: str, tmp_path: Path) -> None:
    (tmp_path / "empty.git").mkdir()
    git(tmp_path / "empty.git", "init", "--quiet", "--bare")
    commit(tmp_path / "photos.git", {"a.jpg": b"\xff\xd8"})
    ann = person("ann")
    assert failure(start(ann, f"{host}/none.git"))[:2] == ("failed", "MP3041")
    assert failure(start(ann, f"{host}/empty.git"))[:2] == ("failed", "MP3041")
    assert failure(start(ann, f"{host}/photos.git"))[:2] == ("failed", "MP2080")


def test_repository_beyond_the_limits_is_refused(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(tmp_path / "large.git", {"SKILL.md": SKILL, "noise.bin": os.urandom(300_000)})
    ann = person("ann")
    with monkeypatch.context() as patch:
        patch.setattr(runner, "FILE_MOST", 100 * 1024)
        assert "larger than" in failure(start(ann, f"{host}/large.git"))[2]
    with monkeypatch.context() as patch:
        patch.setattr(reader, "FILE_MOST", 1)
        assert "more than 1 files" in failure(start(ann, f"{host}/large.git"))[2]
    with monkeypatch.context() as patch:
        patch.setattr(reader, "TOTAL_MOST", 1000)
        assert "larger than" in failure(start(ann, f"{host}/large.git"))[2]
    with monkeypatch.context() as patch:
        patch.setattr(runner, "GIT_SECONDS", 0.001)
        assert "no answer" in failure(start(ann, f"{host}/large.git"))[2]
    assert start(ann, f"{host}/large.git").state == "ready"


def test_upload_that_is_nothing_makes_no_import() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        with pytest.raises(Invalid) as error:
            import_from_content(content=made({"photo.jpg": b"x"}), by=viewer(person("ann")))
        assert (error.value.code, Import.objects.count()) == ("MP2080", 0)
        tenant = publisher_of(person("cat"))
        with pytest.raises(MarketplaceError):
            import_from_content(content=made({"SKILL.md": SKILL}), by=viewer(person("bob")), publisher=tenant)
        assert Import.objects.count() == 0
