"""Teacher and head play whole years in Chromium, on a phone, moving the demo date: one engine a year, with KINERJA_SOAK=1
both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.browser.conftest import Visitor
from tests.faults.tools import SOAK
from tests.site import Site

pytestmark = pytest.mark.browser
Visit = Callable[[str], Visitor]


def hand_in(teacher: Visitor, **how: str) -> int:
    teacher.go("/")
    screens = teacher.write_plan(**how)
    teacher.press("Ajukan")
    return screens


def decide(head: Visitor, name: str, button: str = "Setujui") -> None:
    head.go("/")
    head.follow(head.page.get_by_role("link", name=name).first)
    head.press(button)


def turn(person: Visitor, button: str | None = None, **prefer: str) -> None:
    """Take the next turn of the home page, fill it, and hand it in."""
    person.go("/")
    person.follow(person.page.locator("a.button, table a").first)
    if not person.page.locator("form.sheet").count():
        start = person.page.get_by_role("button", name="Mulai", exact=True).or_(
            person.page.get_by_role("link", name="Lanjutkan", exact=True)
        )
        person.follow(start.first)
    person.fill(**prefer)
    person.follow(person.page.locator("form.sheet .actions button:not(.quiet)").first)
    assert not person.page.locator("#galat").count(), person.page.locator("#galat").inner_text()


def as_head(visit: Visit, name: str = "Budi Contoh") -> Visitor:
    head = visit(name)
    if not head.says("Anda bekerja sebagai Kepala Sekolah"):
        head.page.locator("header summary").click()
        head.follow(head.page.locator("header button", has_text="Kepala Sekolah").first)
    return head


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if SOAK else ["postgresql"])
def test_a_year_under_the_rules_of_two_semesters(engine: str, site: Site, visit: Visit) -> None:
    sari, budi = visit("Sari Contoh"), as_head(visit)
    assert hand_in(sari) <= 12
    sari.go("/")
    assert sari.says("Menunggu Pak Budi")
    decide(budi, "Sari Contoh")
    sari.go("/")
    assert sari.says("Sepakati rencana")
    sari.follow(sari.page.locator("a.button").first)
    sari.press("Sepakati")

    site.move(date(2024, 2, 5))
    turn(sari)
    site.move(date(2024, 3, 5))  # the day agreed for the observation
    turn_on(budi, "Observasi kelas")
    for _ in range(3):
        turn(sari)
    site.move(date(2024, 6, 5))
    turn_on(budi, "Penilaian semester")
    assert site.records() == []

    site.move(date(2024, 7, 3))
    sari.go("/")
    assert sari.says("Menunggu Kepala Sekolah memulai periode.")
    turn_on(budi, "Mulai periode", "SD Negeri 1 Tanjung Contoh")
    site.work()
    sari.go("/")
    assert sari.says("Juli–Desember 2024")
    sari.follow(sari.page.locator("a.button").first)
    hand_in_again(sari)
    decide(budi, "Sari Contoh")
    sari.go("/")
    sari.follow(sari.page.locator("a.button").first)
    sari.press("Sepakati")
    site.move(date(2024, 12, 5))
    turn_on(budi, "Penilaian semester")
    site.work()
    turn_on(budi, "Predikat tahunan")
    site.work()
    assert [
        (one["tahun"], one["hasilKinerjaNilai"], one["perilakuKerjaNilai"], one["kuadranKinerjaNilai"])
        for one in told(site)
    ] == [(2024, 2, 1, 2)]
    sari.go("/")
    sari.follow(sari.page.get_by_role("link", name="Predikat tahunan").first)
    assert sari.says("Diterima BKN") or sari.says("Baik")


def hand_in_again(sari: Visitor) -> None:
    """The second semester begins with the plan of the first."""
    button = sari.page.locator("button[name=cara][value=lalu]")
    assert button.count() == 1
    sari.follow(button)
    screens = 0
    while not sari.page.url.endswith("/ajukan"):
        screens += 1
        assert screens < 15
        sari.fill()
        sari.follow(sari.page.locator("form.sheet .actions button:not(.quiet)").first)
    sari.press("Ajukan")


def turn_on(head: Visitor, label: str, whose: str = "Sari Contoh") -> None:
    head.go("/")
    head.follow(head.page.locator("tr", has_text=whose).filter(has_text=label).locator("a").first)
    if not head.page.locator("form.sheet").count():
        start = head.page.get_by_role("button", name="Mulai", exact=True).or_(
            head.page.get_by_role("link", name="Lanjutkan", exact=True)
        )
        head.follow(start.first)
    rating = label.startswith(("Penilaian", "Predikat"))
    head.fill(**({"hasil": "Sesuai ekspektasi", "perilaku": "Di atas ekspektasi"} if rating else {}))
    head.follow(head.page.locator("form.sheet .actions button:not(.quiet)").first)
    assert not head.page.locator("#galat").count(), head.page.locator("#galat").inner_text()


def told(site: Site) -> list[dict[str, int]]:
    keys = ("tahun", "hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai")
    lowered = [{key.lower(): value for key, value in record.items()} for record in site.records(least=1)]
    return [{key: int(record[key.lower()]) for key in keys} for record in lowered]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"] if SOAK else ["sqlite"])
def test_a_year_under_the_rules_of_one_period(engine: str, site: Site, visit: Visit) -> None:
    site.move(date(2025, 1, 6))
    sari, budi = visit("Sari Contoh"), as_head(visit)
    assert hand_in(sari) <= 12
    decide(budi, "Sari Contoh")
    site.move(date(2025, 2, 5))
    for who in (sari, budi, sari, sari, sari, sari):
        turn_2025(who, budi)
    site.move(date(2025, 12, 1))
    turn_on(budi, "Predikat tahunan")
    site.work()
    assert told(site) == [{"tahun": 2025, "hasilKinerjaNilai": 2, "perilakuKerjaNilai": 1, "kuadranKinerjaNilai": 2}]


def turn_2025(who: Visitor, head: Visitor) -> None:
    if who is head:
        turn_on(head, "Observasi praktik kinerja")
    else:
        turn(who)


@pytest.mark.parametrize("script", [False], ids=["without-scripts"])
def test_a_plan_is_handed_in_and_agreed_without_any_script(visit: Visit) -> None:
    sari, budi = visit("Sari Contoh"), as_head(visit)
    assert hand_in(sari) <= 12
    decide(budi, "Sari Contoh")
    sari.go("/")
    assert sari.says("Sepakati rencana")
    sari.follow(sari.page.locator("a.button").first)
    sari.press("Sepakati")
    assert sari.says("Disepakati")
