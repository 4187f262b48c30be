"""The printed SKP in Chromium: cut into sheets of A4 across, no line lies upon another, however long the texts are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kinerja import testing
from kinerja.kernel import Config
from kinerja.testing import Player, case_of
from kinerja_web import hooks as web_hooks
from tests.browser.conftest import Visitor
from tests.plugins.test_journey import agreed
from tests.site import Site

pytestmark = pytest.mark.browser
WIDE, HIGH = 1032, 688
"""A sheet of A4 across within its margins, in CSS pixels."""
LONGER = """() => {
  for (const one of document.querySelectorAll('.paper td')) one.append(' dan seterusnya'.repeat(40));
  for (const one of document.querySelectorAll('.behaviours li li')) one.append(' dan seterusnya'.repeat(12));
}"""
SHEETS = f"""() => {{
  document.body.style.cssText =
    'width: {WIDE}px; height: {HIGH}px; columns: {WIDE}px; column-gap: 40px; column-fill: auto; margin: 0';
}}"""
"""Chromium cuts columns by the same rules as sheets, and only of columns does it say where the lines lie."""
LINES = """() => {
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT), found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest('.hush')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 2) found.push([node.data.trim().slice(0, 30), box.left, box.top, box.right, box.bottom]);
  }
  return found;
}"""
Line = tuple[str, float, float, float, float]


@pytest.fixture
def paper(site: Site, visit: Callable[[str], Visitor]) -> Visitor:
    """Bu Sari's agreed SKP as it is printed."""
    kernel = testing.start(
        Config(site.data, site.environment["KINERJA_DATABASE"], demo=True), web_hooks, fresh=False
    )  # fmt: skip
    case = case_of("Sari Contoh", "Januari")
    agreed(case, Player(kernel, "Sari Contoh"), Player(kernel, "Budi Contoh").through("kepala-sekolah"))
    testing.stop()
    sari = visit("Sari Contoh")
    sari.page.set_viewport_size({"width": WIDE, "height": HIGH})
    sari.page.emulate_media(media="print")
    sari.go(f"/p/cetak/{case}")
    return sari


def overlaps(lines: list[Line]) -> list[tuple[str, str]]:
    """The pairs of lines that lie upon each other by more than a hair."""
    return [
        (one[0], two[0])
        for n, one in enumerate(lines)
        for two in lines[n + 1 :]
        if min(one[3], two[3]) - max(one[1], two[1]) > 2 and min(one[4], two[4]) - max(one[2], two[2]) > 3
    ]


@pytest.mark.parametrize("long", [False, True], ids=["as-it-is", "long-texts"])
def test_no_line_of_a_printed_skp_lies_upon_another(paper: Visitor, long: bool) -> None:
    if long:
        paper.page.evaluate(LONGER)
    paper.page.evaluate(SHEETS)
    lines: list[Line] = [tuple(one) for one in paper.page.evaluate(LINES)]  # type: ignore[misc]  # five values each
    sheets = {int(one[1] // (WIDE + 40)) for one in lines}
    assert len(sheets) >= (4 if long else 2), "one sheet proves nothing"
    assert overlaps(lines) == []
    assert any("Perilaku kerja" in one[0] for one in lines) and any("Tidak ada." in one[0] for one in lines)
