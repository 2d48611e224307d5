"""The table: every address of the site, and what each of four people gets there.

Statuses stand in the order anonymous, member, outsider, moderator. `@acme/reader` is public, `@acme/secret` is private
to the organization that the member belongs to. A new address needs a line, or the suite fails.
"""

from __future__ import annotations

from tests.endpoints.account import ACCOUNT, SIGN_IN
from tests.endpoints.money import MONEY
from tests.endpoints.npm import SERVICES
from tests.endpoints.pages import COLLECTIONS, LIBRARIES, PAGES, PUBLISHING, REVIEWS
from tests.endpoints.programs import API, CHANNELS, NPM, PROBES

TABLE = (
    *PAGES,
    *PUBLISHING,
    *COLLECTIONS,
    *LIBRARIES,
    *REVIEWS,
    *ACCOUNT,
    *SIGN_IN,
    *API,
    *NPM,
    *CHANNELS,
    *PROBES,
    *MONEY,
    *SERVICES,
)
