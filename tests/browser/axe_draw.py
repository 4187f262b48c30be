"""Chromium draws a page that was sent before, and axe-core judges it, in daylight and at night, with all folds open; no
page may be wider than the phone either."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

from tests.browser.axe_world import Sent

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
HOST = "http://kinerja.test"
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
RULES = {"target-size": {"enabled": True}}
"""Beyond what axe asks by itself: a thumb must hit it (WCAG 2.2, 2.5.8)."""
KEPT = 3
"""How many neighbours of one shape are judged: the twentieth row of a list is made as the third is, and takes as long."""
TRIM = """kept => {
  const shape = one => one.outerHTML.replace(/ (?!class|type)([a-z-]+)="[^"]*"/g, " $1").replace(/>[^<]+/g, ">");
  for (const parent of document.querySelectorAll("main, main *")) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      const one = shape(child);
      seen.set(one, (seen.get(one) || 0) + 1);
      if (seen.get(one) > kept) child.remove();
    }
  }
}"""
RUN = """async ([what, options]) => {
  document.querySelectorAll((what || "main") + " details").forEach(one => { one.open = true });
  const found = await axe.run(what || document, { resultTypes: ["violations"], ...options });
  return found.violations.map(one => [one.id, one.help,
    one.nodes.map(node => [node.target.join(" "), node.html, node.failureSummary])]);
}"""


WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.querySelector("*"))
  .map(one => one.outerHTML)"""
"""What reaches beyond the phone, where a page has to be pushed aside to be read."""


class _Shape(HTMLParser):
    """Every element by where it stands and what it carries, without its words; and which heading follows which."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self._path: list[tuple[str, str]] = []
        self._heading = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        one = f"{tag}.{told.get('class')}.{told.get('type')}[{' '.join(sorted(told))}]"
        self.places.add(">".join([*(before for _, before in self._path), one]))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.places.add(f"{self._heading} then {tag}")
            self._heading = tag
        if tag not in VOID:
            self._path.append((tag, one))

    def handle_endtag(self, tag: str) -> None:
        while self._path and self._path.pop()[0] != tag:
            pass


def unlike(sent: Iterable[Sent]) -> list[Sent]:
    """The pages on which something stands where nothing like it stood on the pages before. The longest come first, so
    that few are left; the others are made of the same elements with other words, and axe judges elements."""
    known: set[str] = set()
    chosen = []
    for one in sorted(sent, key=lambda one: len(one.html), reverse=True):
        places = _Shape(one.html).places
        if not places <= known:
            known |= places
            chosen.append(one)
    return chosen


class Judge:
    """One page of Chromium that gets nothing from a network: pages as they were sent, and the site's own static files."""

    def __init__(self, page: Page, static: Callable[[str], bytes]) -> None:
        self.page, self._static = page, static
        self._now: Sent | None = None
        page.add_init_script(AXE)  # by the debugger, so the site's rule against foreign scripts is not in its way
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.endswith((".css", ".js")):  # a plugin's own are beside its pages
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            route.fulfill(body=self._static(path), content_type=kind)
        elif self._now is not None and route.request.is_navigation_request():
            route.fulfill(status=self._now.status, body=self._now.html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=204)

    def violations(self, sent: Sent) -> list[str]:
        """One line an element: the page, the rule, the element, and what axe says of it."""
        self._now = sent
        self.page.goto(HOST + sent.path)
        found = [f"lebih lebar daripada layar: {html[:300]}" for html in self.page.evaluate(WIDER)]
        self.page.evaluate(TRIM, KEPT)
        found += self._ask(None, {"rules": RULES})
        self.page.emulate_media(color_scheme="dark")
        found += self._ask(None, {"runOnly": ["color-contrast"]}, "gelap: ")
        self.page.emulate_media(color_scheme="light")
        if sent.path == "/":
            found += self._ask("header", {"rules": RULES}, "menu: ")
        return [f"{sent}: {one}" for one in dict.fromkeys(found)]

    def _ask(self, what: str | None, options: dict[str, Any], before: str = "") -> list[str]:
        told = self.page.evaluate(RUN, [what, options])
        return [
            f"{before}{rule}: {target}\n    {html[:300]}\n    {' '.join(why.split())}"
            for rule, _, nodes in told
            for target, html, why in nodes
        ]
