"""Journeys of people: a review and its answer, a report and its appeal, a false alarm that never comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.browser.colleagues import Colleague, colleague
from tests.clients.visitor import Person, ask, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

    from tests.live_site import LiveSite

SKILL = (
    "---\nname: sql\ndescription: Reviews SQL. Use it before a migration.\n---\n\nRead the plan of {number} first.\n"
)
KEY = "-----BEGIN PRIVATE KEY-----\n" + "A" * 80 + "\n-----END PRIVATE KEY-----\n"
EVIDENCE = "SKILL.md line 6 sends the environment to another host."


@pytest.fixture
def somebody(browser: Browser, live_site: LiveSite, axe: str) -> Callable[..., Colleague]:
    return lambda name, **facts: colleague(browser, live_site, axe, name, **facts)


@pytest.fixture
def publisher(somebody: Callable[..., Colleague]) -> Colleague:
    return somebody("Ann", publisher=f"acme-{uuid4().hex[:8]}")


def release(by: Colleague, number: str) -> str:
    person = Person(by.email, by.token, by.publisher)
    publish(by.site, person, {"sql/SKILL.md": SKILL.format(number=number)}, version=number)
    return f"/@{by.publisher}/sql"


@pytest.mark.long
def test_install_review_reply_and_another_rating(
    somebody: Callable[..., Colleague], publisher: Colleague, live_site: LiveSite
) -> None:
    path = release(publisher, "1.0.0")
    bob = somebody("Bob")
    bob.at(f"{path}/reviews")
    assert "have installed" in bob.page.inner_text("#write")
    bob.at(path)
    bob.press("Add to my library")
    bob.at(f"{path}/reviews")
    bob.page.check("input[name=stars][value='2']")
    bob.page.fill("input[name=title]", "Misses window functions")
    bob.press("Publish the review")
    bob.look()
    assert "2.0" in bob.page.inner_text(".score")

    release(publisher, "1.0.1")
    publisher.at(f"{path}/reviews")
    publisher.page.click(".replying summary")
    publisher.page.fill("textarea[name=text]", "It knows them now, thank you.")
    publisher.page.fill("input[name=fixed_in]", "1.0.1")
    publisher.press("Publish the reply")
    assert "says fixed in 1.0.1" in publisher.page.inner_text(".reply")

    live_site.wait_until_idle()
    bob.at("/notices")
    bob.page.get_by_text("replied to your review").first.click()
    bob.page.wait_for_load_state()
    assert "Would you look again" in bob.page.inner_text("main")
    bob.page.check("input[name=stars][value='5']")
    bob.page.fill("input[name=title]", "Knows window functions")
    bob.press("Keep the change")
    assert "5.0" in bob.page.inner_text(".score")
    assert "Misses window functions" in bob.page.locator("details", has_text="What it said before").inner_html()
    bob.look()


def test_report_queue_decision_statement_appeal_and_restore(
    somebody: Callable[..., Colleague], publisher: Colleague, live_site: LiveSite
) -> None:
    path = release(publisher, "1.0.0")
    bob = somebody("Bob")
    bob.at(path)
    bob.page.get_by_role("link", name="Report this package").click()
    bob.page.check("input[name=reason][value=secrets]")
    bob.page.fill("textarea[name=text]", "SKILL.md sends my environment away")
    bob.press("Send the report")
    assert "in the queue" in bob.page.inner_text("main")
    bob.look()

    mod = somebody("Mona", moderates=True)
    mod.at("/admin/reviews/case/")
    mod.page.get_by_role("link", name=f"@{publisher.publisher}/sql").first.click()
    mod.page.wait_for_load_state()
    assert "sends my environment away" in mod.page.inner_text("#ev-rep")
    mod.page.keyboard.press("t")
    mod.page.get_by_text("taken by Mona").wait_for()
    mod.page.keyboard.press("q")
    assert mod.page.is_checked("input[value=quarantine]")
    mod.page.select_option("select[name=reason]", "exfiltration")
    mod.page.fill("textarea[name=evidence]", EVIDENCE)
    mod.page.locator("#statement").get_by_text(EVIDENCE).wait_for()
    mod.look()
    mod.press("Decide and send")
    assert "Decided" in mod.page.inner_text("[role=status]")
    mod.look()
    assert ask(live_site, path)[0] == 404

    live_site.wait_until_idle()
    publisher.at("/notices")
    publisher.page.get_by_text("in quarantine: nobody gets it").first.click()
    publisher.page.wait_for_load_state()
    assert EVIDENCE in publisher.page.inner_text("main")
    publisher.page.click("main summary:has-text('Appeal')")
    publisher.page.fill("textarea[name=text]", "The host is the database under test, as the README says.")
    publisher.press("Send the appeal")
    publisher.look()

    senior = somebody("Sue", senior=True)
    senior.at("/admin/reviews/case/next?turn=appeal")
    while f"@{publisher.publisher}/sql" not in senior.page.inner_text(".case-head"):
        senior.page.keyboard.press("j")
        senior.page.wait_for_load_state()
    senior.page.fill("#ev-dec textarea[name=text]", "You are right: it is the test database.")
    senior.press("Uphold: take the decision back")
    assert ask(live_site, path)[0] == 200
    live_site.wait_until_idle()
    publisher.at("/notices")
    assert "was upheld" in publisher.page.inner_text("main")


@pytest.mark.long
def test_false_alarm_is_cleared_once_and_the_next_version_passes(
    somebody: Callable[..., Colleague], publisher: Colleague, live_site: LiveSite
) -> None:
    person = Person(publisher.email, publisher.token, publisher.publisher)
    files = {"sql/SKILL.md": SKILL.format(number="keys"), "sql/example.pem": KEY}
    with pytest.raises(AssertionError, match="held"):
        publish(live_site, person, files, version="1.0.0")
    mod = somebody("Mona", moderates=True)
    mod.at("/admin/reviews/case/?source__exact=hold")
    mod.page.get_by_role("link", name=f"@{publisher.publisher}/sql").first.click()
    mod.page.wait_for_load_state()
    assert "example.pem" in mod.page.inner_text("#ev-find")
    mod.look()
    mod.page.keyboard.press("a")
    mod.page.select_option("select[name=reason]", "false-positive")
    mod.press("Decide and send")
    assert "Decided" in mod.page.inner_text("[role=status]")
    files["sql/SKILL.md"] = SKILL.format(number="other keys")
    assert publish(live_site, person, files, version="1.0.1") == f"@{publisher.publisher}/sql@1.0.1"
