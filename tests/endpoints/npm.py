"""npm's service addresses at both roots, asked with each person's token."""

from __future__ import annotations

from itertools import chain

from tests.endpoints.row import Row, get

ROOTS = ("/npm/-", "/-")
SECRET = "@acme/secret"
CONFIRM = "401 401? 401? 401?"
NOTHING = "404 404 404 404"
REFUSED = "403 403 403 403"
UNREADABLE = "400 400 400 400"


def _services(root: str) -> tuple[Row, ...]:
    return (
        get(f"{root}/npm/v1/user", "401 200 200 200"),
        get(f"{root}/npm/v1/tokens", "401 200 200 200"),
        Row("POST", f"{root}/npm/v1/tokens", CONFIRM),
        Row("DELETE", f"{root}/npm/v1/tokens/token/none", CONFIRM),
        Row("DELETE", f"{root}/user/token/none", "401 404 404 404"),
        get(f"{root}/v1/done/none", NOTHING),
        Row("PUT", f"{root}/user/org.couchdb.user:otto", UNREADABLE),
        Row("PUT", f"{root}/user/org.couchdb.user:otto/-rev/1", UNREADABLE),
        get(f"{root}/user/otto/package", NOTHING),
        get(f"{root}/org/acme/package", "401 200 200 200"),
        get(f"{root}/org/acme/user", "401 200 404 404"),
        get(f"{root}/org/acme/team", "401 200 404 404"),
        get(f"{root}/team/acme/developers/user", "401 403 403 403"),
        get(f"{root}/package/{SECRET}/visibility", "404 200 404 404"),
        get(f"{root}/package/bare/visibility", NOTHING),
        get(f"{root}/package/{SECRET}/collaborators", "404 200 404 404"),
        get(f"{root}/package/bare/collaborators", NOTHING),
        Row("POST", f"{root}/package/{SECRET}/access", "401 403 404 404", {"access": "public"}),
        Row("POST", f"{root}/package/bare/access", NOTHING),
        get(f"{root}/package/bare/dist-tags", NOTHING),
        Row("PUT", f"{root}/package/bare/dist-tags/beta", REFUSED),
    )


SERVICES = (
    *chain.from_iterable(_services(root) for root in ROOTS),
    Row("PUT", "/npm/bare/-rev/1", REFUSED),
    get("/npm/bare/-/bare-1.0.0.tgz", NOTHING),
    get(f"/npm/{SECRET}/-/{SECRET}-1.1.0.tgz", "404 200 404 404"),
    Row("DELETE", "/npm/bare/-/bare-1.0.0.tgz/-rev/1", NOTHING),
    get("/npm/bare/1.0.0", NOTHING),
    get("/npm/@acme", UNREADABLE),
)
