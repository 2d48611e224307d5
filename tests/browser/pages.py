"""Every type of page on the demo catalogue: a name, an address, and who looks."""

from __future__ import annotations

from typing import NamedTuple

from marketplace.domain.demo import PEOPLE

PASSWORDS = {person.role: (person.email, person.password) for person in PEOPLE if person.role}
HUNTER = "/@kestrel/flake-hunter"


class Page(NamedTuple):
    """One page; `who` is a role of the demo people, empty for nobody; `status` is what it answers."""

    name: str
    path: str
    who: str = ""
    status: int = 200


PAGES = (
    Page("home", "/"),
    Page("search", "/search?q=review"),
    Page("search-filtered", "/search?without=shell&kind=skill&counts=1"),
    Page("search-misspelt", "/search?q=falke+hunter"),
    Page("search-empty", "/search?q=zzqqxx&kind=skill"),
    Page("categories", "/categories"),
    Page("category", "/categories/testing"),
    Page("collections", "/collections"),
    Page("collection", "/collections/before-you-merge"),
    Page("collection-edit", "/collections/before-you-merge/edit", "moderator"),
    Page("side-by-side", "/compare?p=@kestrel/flake-hunter&p=@sqlsmith/sql-reviewer&p=@saltmarsh/secret-sweep"),
    Page("package", HUNTER),
    Page("versions", f"{HUNTER}/versions"),
    Page("contents", f"{HUNTER}/contents"),
    Page("files", f"{HUNTER}/files/0.9.0/"),
    Page("library", "/library", "buyer"),
    Page("command-lines", "/account/command-lines", "buyer"),
    Page("file", f"{HUNTER}/files/0.9.0/README.md"),
    Page("diff", f"{HUNTER}/compare/0.8.0...0.9.0"),
    Page("publisher", "/@kestrel"),
    Page("publish", "/publish", "publisher"),
    Page("listing", f"{HUNTER}/edit", "publisher"),
    Page("access", f"{HUNTER}/access", "publisher"),
    Page("versions-own", f"{HUNTER}/versions", "publisher"),
    Page("console", "/console", "publisher"),
    Page("numbers", "/console/@kestrel/flake-hunter/numbers", "publisher"),
    Page("verification", "/console/verification/@kestrel", "publisher"),
    Page("following", "/following", "buyer"),
    Page("notices", "/notices", "publisher"),
    Page("profile", "/account/profile", "buyer"),
    Page("tokens", "/account/tokens", "buyer"),
    Page("organizations", "/account/organizations", "team administrator"),
    Page("organization", "/account/organizations/halyard-freight", "team administrator"),
    Page("help", "/help"),
    Page("sign-in", "/accounts/login/"),
    Page("not-found", "/@kestrel/flake-huntre", status=404),
)
