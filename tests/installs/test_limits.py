from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.cache import cache
from redis.exceptions import RedisError

from installs.channels.apm import views as apm
from installs.channels.npm import limits
from marketplace.core.errors import LimitReached
from marketplace.core.rates import Rate
from tests.installs.npm_registry import Npm, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

TAGS = "/npm/-/package/@acme%2freviewer/dist-tags/next"
WRITES = [
    ("PUT", "/npm/@acme%2freviewer"),
    ("PUT", "/npm/@acme%2freviewer/-rev/1"),
    ("DELETE", "/npm/@acme%2freviewer/-rev/1"),
    ("DELETE", "/npm/@acme/reviewer/-/reviewer-1.0.0.tgz/-rev/1"),
    ("PUT", TAGS),
    ("DELETE", TAGS),
    ("POST", "/npm/-/package/@acme%2freviewer/access"),
    ("POST", "/npm/-/npm/v1/tokens"),
    ("DELETE", "/npm/-/npm/v1/tokens/token/abc"),
    ("DELETE", "/npm/-/user/token/abc"),
    ("POST", "/npm/-/npm/v1/user"),
]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten calls of each kind, counted from nothing."""
    apart = uuid4().hex
    monkeypatch.setattr(Rate, "spend", lambda rate, who: spend(Rate(f"{rate.name}-{apart}", 10, 3600), who))


spend = Rate.spend


def is_refused(response: HttpResponseBase) -> bool:
    if response.status_code != 429:
        return False
    content = response.content  # type: ignore[attr-defined]
    assert b'"MP9006"' in content
    assert 0 < int(response["Retry-After"]) <= 3600
    return True


@pytest.mark.django_db
def test_writes_are_counted_together_and_by_person(run_jobs: Callable[[], int]) -> None:
    ann, bob = Npm(run_jobs, person()), Npm(run_jobs, person("bob@example.com"))
    assert not any(is_refused(ann.ask(method, path, {})) for method, path in WRITES[:10])
    assert all(is_refused(ann.ask(method, path, {})) for method, path in WRITES)
    assert not is_refused(bob.ask(*WRITES[0], {}))
    assert not is_refused(ann.get("/npm/-/whoami"))
    assert not is_refused(ann.ask("POST", "/npm/-/npm/v1/security/advisories/bulk", {}))
    refused = ann.ask(*WRITES[0], {})
    assert refused["npm-notice"].startswith("See ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/npm/-/v1/login"), ("GET", "/npm/-/v1/done/abc"), ("POST", "/-/v1/login")]
)
def test_sign_ins_and_their_polls_are_counted_by_address(run_jobs: Callable[[], int], method: str, path: str) -> None:
    anyone = Npm(run_jobs)
    assert not any(is_refused(anyone.ask(method, path, {})) for _ in range(10))
    assert is_refused(anyone.ask(method, path, {}))


@pytest.mark.django_db
def test_versions_over_apm_are_counted(run_jobs: Callable[[], int]) -> None:
    ann = Npm(run_jobs, person())
    path = "/apm/v1/packages/acme/reviewer/versions/1.0.0"
    assert not any(is_refused(ann.ask("PUT", path)) for _ in range(10))
    assert is_refused(ann.ask("PUT", path))
    assert apm.WRITES.most == limits.WRITES.most == 120


@pytest.mark.django_db
def test_counters_that_cannot_be_asked_stop_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RedisError

    with monkeypatch.context() as without_cache:
        without_cache.setattr(cache, "add", broken)
        spend(Rate("none", 0), "ann")
    with pytest.raises(LimitReached):
        spend(Rate("none", 0), "ann")
