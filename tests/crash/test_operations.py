"""What an operator relies on: probes, metrics, logs that can be followed and tell no secret, orderly stops."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.author import archive, form

if TYPE_CHECKING:
    from tests.crash.author import Author
    from tests.crash.ledger import Ledger
    from tests.live_site import LiveSite

pytestmark = pytest.mark.crash


def fetched(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers={name.replace("_", "-"): said for name, said in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def lines(site: LiveSite, role: str) -> list[dict[str, Any]]:
    """A role's log, every line of which must be a JSON object."""
    return [json.loads(line) for line in site.log(role).read_text().splitlines()]


def test_probes_answer_under_any_host_name(site: LiveSite) -> None:
    assert fetched(f"{site.url}/livez", Host="pod-7.internal") == (200, "ok\n")
    assert fetched(f"{site.url}/readyz", Host="pod-7.internal") == (200, '{"ready": true, "failed": []}')
    assert fetched(f"{site.url}/", Host="pod-7.internal")[0] == 400


def test_metrics_are_for_whoever_has_the_token(site: LiveSite) -> None:
    assert fetched(f"{site.url}/metrics")[0] == 404
    assert fetched(f"{site.url}/metrics", Authorization="Bearer wrong")[0] == 404
    status, text = fetched(f"{site.url}/metrics", Authorization=f"Bearer {site.env['METRICS_TOKEN']}")
    assert status == 200
    assert re.search(r"^market_django_http_responses_total_by_status_total\{status=\"200\"\} \d", text, re.MULTILINE)
    assert re.search(r"^market_outbox_waiting \d", text, re.MULTILINE)


def test_one_request_id_leads_from_the_upload_to_the_worker(site: LiveSite, author: Author, ledger: Ledger) -> None:
    assert author.publish("followed") == 202
    ledger.settle()
    taken = [line for line in lines(site, "web") if line.get("request") == "POST /api/v1/packages"]
    request_id = taken[-1]["request_id"]
    assert request_id == author.last_request_id
    done = [line for line in lines(site, "worker") if line["event"] == "job.done"]
    assert {line["job"] for line in done if line["request_id"] == request_id} >= {"registry.version_scan"}


def test_no_log_tells_a_secret(site: LiveSite, author: Author) -> None:
    token, password, key = author.token, "correct horse battery staple", "k" * 43
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with browser.open(f"{site.url}/accounts/login/") as page:
        csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert csrf
    fields = {"csrfmiddlewaretoken": csrf[1], "login": "ann@example.com", "password": password}
    body = urllib.parse.urlencode(fields).encode()
    with browser.open(f"{site.url}/accounts/login/", body) as page:
        assert page.status == 200
    session = next(str(cookie.value) for cookie in jar if cookie.name == "sessionid")
    for path in (f"/git/i/{key}.git/info/refs?service=git-upload-pack", f"/claude/i/{key}/marketplace.json"):
        fetched(f"{site.url}{path}")
    fetched(f"{site.url}/npm/@acme/none?token={token}&password={urllib.parse.quote(password)}")
    fetched(f"{site.url}/npm/-/whoami", Authorization=f"Bearer {token}")
    fetched(f"{site.url}/api/v1/packages/%00", Authorization=f"Basic {token}", Cookie=f"sessionid={session}")
    planted = [token, password, urllib.parse.quote(password), urllib.parse.quote_plus(password), key, session]
    planted += [
        site.env["SECRET_KEY"],
        site.env["METRICS_TOKEN"],
        urllib.parse.urlsplit(site.database_url).password or "",
    ]
    for log in (site.data_dir / "log").iterdir():
        said = log.read_text(errors="replace")
        assert [secret for secret in planted if secret in said] == [], log.name


def test_graceful_stop_lets_a_running_upload_finish(site: LiveSite, author: Author, ledger: Ledger) -> None:
    body = form(archive("finished", "1.0.0"))
    line = http.client.HTTPConnection("localhost", site.port, timeout=60)
    line.putrequest("POST", "/api/v1/packages")
    for name, value in (author.headers("finished", "1.0.0") | {"Content-Length": str(len(body))}).items():
        line.putheader(name, value)
    line.endheaders()
    line.send(body[:100])
    stopping = threading.Thread(target=site.stop, args=["web"])
    stopping.start()
    line.send(body[100:])
    assert line.getresponse().status == 202
    line.close()
    stopping.join()
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("localhost", site.port, timeout=5).connect()
    site.start("web")
    site.wait_until_ready()
    author.asked.add("@acme/finished@1.0.0")
    ledger.settle()
    ledger.check(author.asked)


def test_worker_that_is_asked_to_stop_finishes_its_jobs(site: LiveSite, author: Author, ledger: Ledger) -> None:
    assert author.publish("last-one") == 202
    site.stop("worker")
    for version, state in ledger.versions().items():
        assert state in {"published", "received"}, version
    site.start("worker")
    ledger.settle()
    ledger.check(author.asked)
