"""npm's service addresses at both roots; a session counts for nothing there, so everybody is nobody without a token."""

from __future__ import annotations

from itertools import chain

from tests.endpoints.row import Row, get

ROOTS = ("/npm/-", "/-")
SECRET = "@acme/secret"
SIGN_IN = "401 401 401 401"
NOTHING = "404 404 404 404"
REFUSED = "403 403 403 403"
UNREADABLE = "400 400 400 400"


def _services(root: str) -> tuple[Row, ...]:
    return (
        get(f"{root}/npm/v1/user", SIGN_IN),
        get(f"{root}/npm/v1/tokens", SIGN_IN),
        Row("POST", f"{root}/npm/v1/tokens", SIGN_IN),
        Row("DELETE", f"{root}/npm/v1/tokens/token/none", SIGN_IN),
        Row("DELETE", f"{root}/user/token/none", SIGN_IN),
        get(f"{root}/v1/done/none", NOTHING),
        Row("PUT", f"{root}/user/org.couchdb.user:otto", UNREADABLE),
        Row("PUT", f"{root}/user/org.couchdb.user:otto/-rev/1", UNREADABLE),
        get(f"{root}/user/otto/package", NOTHING),
        get(f"{root}/org/acme/package", SIGN_IN),
        get(f"{root}/org/acme/user", SIGN_IN),
        get(f"{root}/org/acme/team", SIGN_IN),
        get(f"{root}/team/acme/developers/user", SIGN_IN),
        get(f"{root}/package/{SECRET}/visibility", NOTHING),
        get(f"{root}/package/bare/visibility", NOTHING),
        get(f"{root}/package/{SECRET}/collaborators", NOTHING),
        get(f"{root}/package/bare/collaborators", NOTHING),
        Row("POST", f"{root}/package/{SECRET}/access", SIGN_IN),
        Row("POST", f"{root}/package/bare/access", NOTHING),
        get(f"{root}/package/bare/dist-tags", NOTHING),
        Row("PUT", f"{root}/package/bare/dist-tags/beta", REFUSED),
    )


SERVICES = (
    *chain.from_iterable(_services(root) for root in ROOTS),
    Row("PUT", "/npm/bare/-rev/1", REFUSED),
    get("/npm/bare/-/bare-1.0.0.tgz", NOTHING),
    get(f"/npm/{SECRET}/-/{SECRET}-1.1.0.tgz", NOTHING),
    Row("DELETE", "/npm/bare/-/bare-1.0.0.tgz/-rev/1", NOTHING),
    get("/npm/bare/1.0.0", NOTHING),
    get("/npm/@acme", UNREADABLE),
)
