"""Orders, licences, prices and sales of a site that sells nothing: PAYMENTS=off hides every one of their addresses."""

from __future__ import annotations

from tests.endpoints.row import Row, get, post

NOBODY = "404 404 404 404"
PACKAGE = "/@acme/reader"
API = f"/api/v1/packages{PACKAGE}"
ID = "00000000-0000-0000-0000-000000000000"
PAGES = (
    get(f"/orders/{ID}", NOBODY),
    post(f"/orders/{ID}/pay", NOBODY),
    get("/licences", NOBODY),
    get(f"/licences/{ID}", NOBODY),
    post(f"/licences/{ID}/change-seats", NOBODY),
    post(f"/licences/{ID}/cancel", NOBODY),
    get("/sales", NOBODY),
    get(f"{PACKAGE}/buy", NOBODY),
    get(f"{PACKAGE}/prices", NOBODY),
    post(f"{PACKAGE}/prices/{ID}/stop", NOBODY),
    get(f"{PACKAGE}/codes", NOBODY),
    post(f"{PACKAGE}/codes/{ID}/stop", NOBODY),
    post(f"{PACKAGE}/payments/{ID}/refund", NOBODY),
)
PROGRAMS = (
    get(f"{API}/prices", NOBODY),
    Row("DELETE", f"{API}/prices/{ID}", NOBODY),
    get(f"{API}/promotions", NOBODY),
    Row("DELETE", f"{API}/promotions/{ID}", NOBODY),
    get(f"{API}/payments", NOBODY),
    Row("POST", f"{API}/payments/{ID}/refund", NOBODY),
    get("/api/v1/sales", NOBODY),
    get("/api/v1/orders", NOBODY),
    get(f"/api/v1/orders/{ID}", NOBODY),
    get("/api/v1/licences", NOBODY),
    get(f"/api/v1/licences/{ID}", NOBODY),
    get(f"/api/v1/licences/{ID}/entitlement", NOBODY),
    get(f"/api/v1/licences/{ID}/preview", NOBODY),
    get(f"/api/v1/licences/{ID}/payments", NOBODY),
    Row("POST", f"/api/v1/licences/{ID}/billing", NOBODY),
    get("/api/v1/disputes", NOBODY),
    get("/api/v1/payment-events", NOBODY),
    Row("POST", f"/api/v1/payment-events/{ID}/replay", NOBODY),
    Row("POST", f"/api/v1/licences/{ID}/seats", NOBODY),
    Row("DELETE", f"/api/v1/licences/{ID}/seats/{ID}", NOBODY),
)
MONEY = (*PAGES, *PROGRAMS)
