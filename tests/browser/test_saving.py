"""What is typed is saved beside the form, and never meets the form itself as if both came from two phones."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[[str], Visitor]
SUBMIT = "form.sheet .actions button:not(.quiet)"


@pytest.fixture
def sari(visit: Visit) -> Visitor:
    """At the first part of her plan, which saves while she types."""
    sari = visit("Sari Contoh")
    sari.go("/")
    sari.press("Mulai")
    if not re.search(r"/kasus/\w+/[\w-]+/", sari.page.url):
        sari.press("Mulai")
    while not sari.page.locator("form[data-autosave] fieldset:visible input[type=radio]").count():
        sari.fill()
        sari.follow(sari.page.locator(SUBMIT).first)
    return sari


def sends(sari: Visitor) -> list[str]:
    """From now on, what is sent: «draf» or «isian»."""
    made: list[str] = []
    sari.page.on(
        "request",
        lambda told: made.append("draf" if told.url.endswith("/draft") else "isian") if told.method == "POST" else None,
    )
    return made


def choose_another(sari: Visitor) -> None:
    sari.page.locator("form[data-autosave] fieldset:visible label:has(input[type=radio]:not(:checked))").first.click()


def held(route: Route) -> None:
    time.sleep(1)
    route.continue_()


def test_a_form_sent_right_after_typing_meets_no_save_of_its_own(sari: Visitor) -> None:
    part = sari.page.url
    made = sends(sari)
    sari.page.route(part, lambda route: held(route) if route.request.method == "POST" else route.continue_())
    sari.fill()
    choose_another(sari)
    sari.follow(sari.page.locator(SUBMIT).first)
    assert made[-1] == "isian" and made.count("isian") == 1
    assert sari.page.url != part and "Ada dua isian" not in sari.heading


def test_a_button_pressed_twice_while_a_save_is_under_way_sends_the_form_once_after_it(sari: Visitor) -> None:
    part = sari.page.url
    sari.fill()
    sari.page.wait_for_timeout(2_000)
    made = sends(sari)
    sari.page.route(f"{part}/draft", held)
    with sari.page.expect_request(f"{part}/draft"):
        choose_another(sari)
    with sari.page.expect_navigation():
        sari.page.locator(SUBMIT).first.evaluate("button => { button.click(); button.click(); }")
    assert made == ["draf", "isian"]
    assert sari.page.url != part and "Ada dua isian" not in sari.heading


def test_after_coming_back_what_is_typed_is_saved_again(sari: Visitor) -> None:
    part = sari.page.url
    sari.fill()
    sari.follow(sari.page.locator(SUBMIT).first)
    with sari.page.expect_navigation():
        sari.page.go_back()
    assert sari.page.url == part
    with sari.page.expect_response(f"{part}/draft") as answer:
        choose_another(sari)
    assert "Tersimpan" in answer.value.text()
