"""Accessibility: no page of the demo world, in any state it is played to, has a violation that axe-core knows.

On SQLite alone, because what a page is made of does not depend on the database; drawing it all twice would find nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kinerja.kernel import Kernel
from tests.browser.axe_draw import Judge, unlike
from tests.browser.axe_world import Sent, World, played

pytestmark = pytest.mark.browser


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
def world(demo: Kernel) -> World:
    return played(demo)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """360 pixels wide, bare of everything else."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="id-ID", has_touch=True)
    yield context.new_page()
    context.close()


def test_no_page_in_any_state_has_an_axe_violation(world: World, phone: Page) -> None:
    client = world.enter("Sari Contoh").client  # a plugin's own files are kept behind the gate
    judge = Judge(phone, lambda path: client.get(path).data)
    found = [line for sent in unlike(world.sent) for line in judge.violations(sent)]
    assert found == [], "\n".join([f"{len(found)} violations", *found])


def test_what_axe_finds_is_told_with_page_rule_and_element(phone: Page) -> None:
    bad = Sent(
        "uji", "uji", "/uji", 200, '<html lang="id"><title>Uji</title><main><h1>Uji</h1><input name="tanpa"></main>'
    )
    (line,) = Judge(phone, lambda path: b"").violations(bad)
    assert line.startswith('/uji (200, uji, uji): label: input\n    <input name="tanpa">')
