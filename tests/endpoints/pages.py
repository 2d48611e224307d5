"""Pages that anybody may open, pages of packages, publishing, libraries, reviews and cases."""

from __future__ import annotations

from tests.endpoints.row import get, post

SECRET = "/@acme/secret"
NOBODY = "00000000-0000-7000-8000-000000000000"
PAGES = (
    get("/", "200 200 200 200"),
    get("/search?q=plan", "200 200 200 200"),
    get("/search/facets?q=plan", "200 200 200 200"),
    get("/search/suggest?q=plan", "200 200 200 200"),
    get("/categories", "200 200 200 200"),
    get("/categories/none", "404 404 404 404"),
    get("/tags/none", "200 200 200 200"),
    get("/compare", "200 200 200 200"),
    get("/feeds/new.rss", "200 200 200 200"),
    get("/api/search", "200 200 200 200"),
    get("/help", "200 200 200 200"),
    get("/help/none", "404 404 404 404"),
    get("/styleguide/", "200 200 200 200"),
    get("/@acme", "200 200 200 200"),
    get("/@nobody", "404 404 404 404"),
    get("/@acme/feed.atom", "200 200 200 200"),
    get("/@acme/reader", "200 200 200 200"),
    get(SECRET, "404 200 404 200"),
    get(f"{SECRET}/feed.atom", "404 404 404 404"),
    get(f"{SECRET}/versions", "404 200 404 200"),
    get(f"{SECRET}/contents", "404 200 404 200"),
    get(f"{SECRET}/compare", "404 404 404 404"),
    get(f"{SECRET}/compare/1.0.0...1.1.0", "404 200 404 200"),
    get(f"{SECRET}/reviews", "404 200 404 200"),
    get(f"{SECRET}/discussion", "404 200 404 200"),
    get(f"{SECRET}/versions/1.0.0", "404 200 404 200"),
    get(f"{SECRET}/versions/1.0.0/signature", "404 200 404 200"),
    get(f"{SECRET}/files/1.0.0/", "404 200 404 200"),
    get(f"{SECRET}/files/1.0.0/SKILL.md", "404 200 404 200"),
)
PUBLISHING = (
    get("/publish", "302 200 200 200"),
    post("/publish", "302! 422 422 422", paths="[]"),
    post("/publish/import", "302! 422 422 422", url="nowhere"),
    get("/publish/{import}", "302 200 404 404"),
    post("/publish/{import}", "302! 422 404 404", visibility="public"),
    post(f"{SECRET}/versions/1.0.0/yank", "302! 403 404 403"),
    post("/@acme/reader/versions/1.0.0/yank", "302! 403 403 403"),
)
LIBRARIES = (
    get("/following", "302 200 200 200"),
    post("/@acme/follow", "302! 302 302 302"),
    post(f"{SECRET}/follow", "302! 302 404 302"),
    get(f"{SECRET}/edit", "302 404 404 404"),
    get(f"{SECRET}/access", "302 404 404 404"),
    post(f"{SECRET}/access/visibility", "302! 404 404 404", visibility="public", revision=0),
    post(f"{SECRET}/access/maintainers", "302! 404 404 404", email="outsider@example.com"),
    post(f"{SECRET}/access/maintainers/{NOBODY}/remove", "302! 404 404 404"),
    post(f"{SECRET}/access/tags", "302! 404 404 404", tag="beta", number="1.0.0"),
    post(f"{SECRET}/access/tags/beta/remove", "302! 404 404 404"),
    get("/library", "200 200 200 200"),
    post("/library/connect", "302! 200 200 200"),
    post(f"/library{SECRET}/pin", "404 404 404 404", version="1.0.0"),
    post("/library/rotate", "302! 302 302 302"),
    post("/library/@acme/reader/add", "302 302 302 302"),
    post(f"/library{SECRET}/add", "404 302 404 302"),
    post(f"/library{SECRET}/remove", "404 404 404 404"),
    post(f"/library{SECRET}/decide", "404 404 404 404", act="accept", version="1.1.0"),
)
REVIEWS = (
    post("/reviews/{review}/vote", "302! 302 302 302", vote="up"),
    post("/reviews/{review}/reply", "302! 302! 302! 302!", text="Thank you."),
    post("/reviews/{review}/delete", "302! 404 404 404"),
    post("/comments/{comment}/delete", "302! 404 404 404"),
    get("/reports", "302 200 200 200"),
    get("/report/review/{review}", "302 200 200 200"),
    get("/@acme/report", "302 200 200 200"),
    get(f"{SECRET}/report", "302 200 404 200"),
    get(f"{SECRET}/versions/1.0.0/report", "302 200 404 200"),
    get("/moderation/report", "200 200 200 200"),
    get("/moderation/report/1999", "404 404 404 404"),
    get("/moderation/cases/{case}", "302 404 404 200"),
    post("/moderation/cases/{case}/appeal/{case}", "302! 404 404 404"),
)
