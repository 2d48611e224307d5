"""A registry seen through its HTTP answers, as npm sees it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client

from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.tokens import token_create
from registry.models import Package, Version
from tests.installs import npm_bodies

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

NAME = "@acme/reviewer"
URL = "/npm/@acme/reviewer"
SHORT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"


def person(email: str = "ann@example.com") -> User:
    """A user."""
    with tenancy.bound(tenancy.SYSTEM):
        return User.objects.create_user(email, display_name=email.split("@", 1)[0].title())


class Npm:
    """An npm client: with a token of `user`, or anonymous; `run_jobs` is the worker."""

    def __init__(
        self,
        run_jobs: Callable[[], int],
        user: User | None = None,
        *,
        scope: str = "publish",
        packages: list[str] | None = None,
    ) -> None:
        """Sign in when there is a user."""
        self.run_jobs = run_jobs
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {secret_of(user, scope, packages)}"} if user else {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponseBase:
        """One request; `body` is sent as JSON."""
        data = json.dumps(body) if body is not None else ""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, path, data, content_type="application/json", headers=sent)

    def get(self, path: str, **headers: str) -> HttpResponseBase:
        """GET."""
        return self.ask("GET", path, **headers)

    def read(self, path: str = URL, **headers: str) -> dict[str, Any]:
        """The JSON object at `path`, which must be there."""
        response = self.get(path, **headers)
        assert response.status_code == 200, response.getvalue()
        found: dict[str, Any] = json.loads(response.getvalue())
        return found

    def publish(self, number: str, *, name: str = NAME, **more: Any) -> HttpResponseBase:
        """Publish and let the worker work."""
        response = self.ask("PUT", f"/npm/{name}", npm_bodies.publication(name, number, **more))
        self.run_jobs()
        return response


def secret_of(user: User, scope: str, packages: list[str] | None) -> str:
    """A fresh token."""
    _, secret = token_create(user=user, name="test", scopes=[scope], packages=packages)
    return secret


def error(response: HttpResponseBase) -> tuple[int, str]:
    """Status and code of a refusal in npm's form."""
    body = json.loads(response.getvalue())
    assert set(body) == {"error", "code"}
    assert body["error"].startswith("http://localhost:8000/")
    return response.status_code, body["code"]


def version(number: str, name: str = NAME) -> Version:
    """A version's row."""
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.select_related("package__publisher").get(package__full_name=name, number=number)


def package(name: str = NAME) -> Package:
    """A package's row."""
    with tenancy.bound(tenancy.SYSTEM):
        return Package.objects.select_related("publisher").get(full_name=name)
