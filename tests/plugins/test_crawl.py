"""A sample of the crawl over the demo: on one day, each account, in each capacity."""

from __future__ import annotations

from datetime import date

import kinerja_read as read
from kinerja.kernel import Kernel
from kinerja.testing import Player, case_of, set_date
from tests.crawl import crawl
from tests.plugins.test_journey import PLAN, agreed
from tests.plugins.test_pages import enter


def test_no_account_of_the_demo_is_told_there_is_nothing_while_a_page_asks(demo: Kernel) -> None:
    agreed(
        case_of("Sari Contoh", "Januari"),
        Player(demo, "Sari Contoh"),
        Player(demo, "Budi Contoh").through("kepala-sekolah"),
    )
    Player(demo, "Komang Contoh").fill(case_of("Komang Contoh", "Januari"), PLAN)
    Player(demo, "Komang Contoh").do(case_of("Komang Contoh", "Januari"), PLAN, "ajukan")
    set_date(demo, date(2024, 2, 1))
    names = [one["name"] for one in read.root_settings("masuk-demo")["akun"]]
    found = {name: list(crawl(enter(demo, name).client)) for name in names}
    assert {name: one for name, here in found.items() for one in here if one.contradicts} == {}
    assert any(one.asks for here in found.values() for one in here)
