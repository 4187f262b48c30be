"""One Chromium for all browser tests, a site of its own for each, and people who fill pages as people do."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, sync_playwright

from tests import servers
from tests.site import Site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.chromium(), args=list(servers.CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture
def site(demo_url: str, tmp_path: Path) -> Iterator[Site]:
    """Without a worker running by itself: a test says when time does its work, so that nothing has to be waited for."""
    with Site(demo_url, tmp_path / "data", worker=False) as site:
        yield site


class Visitor:
    """A person with a phone of 360 pixels, signed in through the page. `screens` and `bytes` count from the first page
    on: pages drawn, and what came over the wire for them, compressed and with headers."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.screens = self.bytes = 0
        self.page.on("response", self._count)
        wire = context.new_cdp_session(self.page)
        wire.on("Network.loadingFinished", lambda told: self._weigh(told))
        wire.on("Network.requestWillBeSent", lambda told: self._weigh(told.get("redirectResponse", {})))
        wire.send("Network.enable")
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)

    def _count(self, response: Response) -> None:
        self.screens += response.request.is_navigation_request() and not 300 <= response.status < 400

    def _weigh(self, told: Mapping[str, float]) -> None:
        self.bytes += round(told.get("encodedDataLength", 0))

    def sign_in(self, name: str) -> Visitor:
        self.page.goto(self.site.url + "/masuk")
        self.page.locator("button", has_text=name).first.click()
        self.page.wait_for_url(self.site.url + "/")
        return self

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def press(self, name: str) -> None:
        """Press the button or follow the link of this name, and wait for the page it leads to."""
        target = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        self.follow(target.first)

    def follow(self, target: Locator) -> None:
        """Click what leads to a page and wait for that page, also where a save under way holds the click back."""
        with self.page.expect_navigation():
            target.click()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def says(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def fill(self, **prefer: str) -> None:
        """Answer everything this page asks, with the first choice where nothing is preferred by its label."""
        page = self.page
        for box in page.locator("fieldset:visible").all():
            radios = box.locator("input[type=radio]")
            if radios.count() and not box.locator("input[type=radio]:checked").count():
                wanted = next(
                    (label for part, label in prefer.items() if part.lower() in box.inner_text().lower()), None
                )
                choice = box.get_by_label(wanted, exact=True) if wanted else radios
                choice.first.locator("xpath=ancestor::label[1]").click()
        for box in page.locator("fieldset:visible:has(input[type=checkbox])").all():
            boxes = box.locator("input[type=checkbox]")
            if not box.locator("input[type=checkbox]:checked").count():
                none = box.locator("input[type=checkbox][value='-']")
                (none if none.count() else boxes).first.check()
        for box in page.locator("div.field:visible > div.pick input[type=checkbox]:not(:checked)").all():
            box.check()
        weighty = page.locator("input[type=number][data-weight='8']:visible")
        if weighty.count() and not any(one.input_value() for one in page.locator("input[type=number]:visible").all()):
            weighty.first.fill("4")
        for box in page.locator("textarea:visible, input[type=text]:visible").all():
            if not box.input_value():
                box.fill("6" if box.get_attribute("inputmode") == "numeric" else "Contoh isian.")
        for box in page.locator("input[type=date]:visible").all():
            if not box.input_value():
                box.fill("2024-03-05")

    def write_plan(self, *, start: str = "Mulai") -> int:
        """From the home page to the hand-in's confirmation; returns how many screens it took."""
        self.press(start if self.page.get_by_role("link", name=start, exact=True).count() else "Mulai")
        if not re.search(r"/kasus/\w+/[\w-]+/", self.page.url):
            self.press(start)
        screens = 0
        while not self.page.url.endswith("/ajukan"):
            screens += 1
            assert screens < 15, f"lost at {self.page.url}"
            self.fill()
            self.follow(self.page.locator("form.sheet .actions button:not(.quiet)").first)
        return screens


@pytest.fixture
def visit(
    site: Site, chromium: Browser, script: bool, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Visitor]]:
    """Opens a phone for a person: `visit("Sari Contoh")`; "" for nobody. All are closed, and asked for script errors, at the end; with
    KINERJA_SHOTS naming a folder, the last page of each is kept there as a picture."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def make(name: str) -> Visitor:
        context = chromium.new_context(
            viewport={"width": 360, "height": 740}, locale="id-ID", java_script_enabled=script, has_touch=True
        )
        context.set_default_timeout(20_000)
        visitor = Visitor(site, context)
        opened.append((context, visitor))
        return visitor.sign_in(name) if name else visitor

    yield make
    shots = os.environ.get("KINERJA_SHOTS")
    for number, (_, visitor) in enumerate(opened if shots else ()):
        visitor.page.screenshot(path=f"{shots}/{request.node.name}-{number}.png", full_page=True)
    wrong = [
        text
        for _, visitor in opened
        for text in visitor.wrong
        if "favicon" not in text and "422" not in text and "409" not in text
    ]
    for context, _ in opened:
        context.close()
    assert wrong == []


@pytest.fixture
def script() -> bool:
    """Whether scripts run; a test without them overrides this by parametrize."""
    return True
