"""What the worker could not do is told to who keeps the whole tree, with its reason and its place."""

from __future__ import annotations

from datetime import timedelta

import pytest

import kinerja_read as read
from kinerja.kernel import Kernel
from kinerja.models import Timer, Unit
from kinerja.testing import unit, viewer
from kinerja_work import leases
from tests.plugins.test_pages import enter, satria

HEADING = "Pekerjaan yang gagal"


@pytest.fixture
def failed(demo: Kernel) -> Timer:
    schools = [one.id for one in Unit.select().where(Unit.kind == "sd").order_by(Unit.id)]
    made: Timer = Timer.create(
        name="open-units", data={"units": schools[:1]}, due_at=demo.clock.now() - timedelta(hours=2), tries=leases.MOST,
        sentence="<b>tidak bisa dibagi</b>",
    )  # fmt: skip
    return made


def test_the_plugin_page_of_the_nation_says_what_failed_where_why_and_since_when(demo: Kernel, failed: Timer) -> None:
    page = satria(demo).get(f"/satuan/{unit('nasional').id}/plugin").text
    school = Unit.get_by_id(failed.data["units"][0]).name
    assert f"{HEADING} (1)" in page
    assert f"Membuka periode di {school}" in page
    assert "22 Januari 2024" in page and "&lt;b&gt;tidak bisa dibagi&lt;/b&gt;" in page


def test_nothing_of_it_stands_further_down_or_where_nothing_failed(demo: Kernel, failed: Timer) -> None:
    assert HEADING not in satria(demo).get(f"/satuan/{unit('contoh-barat').id}/plugin").text
    Timer.update(tries=0).where(Timer.id == failed.id).execute()
    assert HEADING not in satria(demo).get(f"/satuan/{unit('nasional').id}/plugin").text


def test_what_was_done_in_the_end_is_told_no_more(demo: Kernel, failed: Timer) -> None:
    Timer.update(done_at=demo.clock.now()).where(Timer.id == failed.id).execute()
    assert HEADING not in satria(demo).get(f"/satuan/{unit('nasional').id}/plugin").text


def test_whoever_does_not_keep_the_whole_tree_reads_nothing_of_it(demo: Kernel, failed: Timer) -> None:
    nation = read.units_named(viewer(demo, "Satria Contoh"), "nasional")[0]
    for name in ("Sari Contoh", "Hendra Contoh"):
        assert read.put_aside(viewer(demo, name), nation) == []
    assert enter(demo, "Sari Contoh").get(f"/satuan/{nation.id}/plugin").status_code == 404


def test_a_reason_of_ten_thousand_letters_is_cut(demo: Kernel, failed: Timer) -> None:
    leases.failed(Timer, Timer.id == failed.id, 0, "a" * 10_000)
    assert len(Timer.get_by_id(failed.id).sentence) == 500
