"""The limit of `make bench` is fair only as long as its pages by hand show what ours show."""

from __future__ import annotations

import pytest

from kinerja.kernel import Kernel
from kinerja.models import Timer
from kinerja.testing import Player, case_of, unit
from kinerja_web import create_app
from kinerja_work import worker
from tests.bench import fair
from tests.bench.inside import AUTOSAVE, Seconds, asker, told_in
from tests.bench.world import PLAN, STEP, add_school, cookie


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_pages_by_hand_show_what_ours_show_and_save_what_ours_save(
    demo: Kernel, demo_url: str, monkeypatch: pytest.MonkeyPatch
):
    add_school("tolok-ukur", "Tolok", 3)
    Timer.create(name="people-changed", data={"unit": unit("tolok-ukur").id}, due_at=demo.clock.now())
    worker.run_once(demo)
    cases = [case_of(f"Guru Tolok {n:02d}", "Januari") for n in (1, 2, 3)]
    for n, case in enumerate(cases, 1):
        Player(demo, f"Guru Tolok {n:02d}").fill(case, PLAN)
    for n, case in enumerate(cases[:2], 1):
        Player(demo, f"Guru Tolok {n:02d}").do(case, PLAN, "ajukan")
    head, teacher = cookie(demo, "Kepala Tolok", "kepala-sekolah"), cookie(demo, "Guru Tolok 03")
    monkeypatch.setenv("FAIR_DATABASE", demo_url.removeprefix("sqlite:///"))
    ours, by_hand = asker(create_app(demo), Seconds()), asker(fair.make(), Seconds())
    form = f"/kasus/{cases[2]}/{PLAN}/{STEP}"

    for ask in (ours, by_hand):
        told = {**told_in(ask("", form, teacher), form), "qty:rhk:observasi-sejawat": "3"}
        assert "Tersimpan" in ask("", f"{form}/draft", teacher, told, **AUTOSAVE)
        shown = ask("", form, teacher)
        assert 'value="3" data-weight="8"' in shown
        assert fair.differences(ours("", form, teacher), by_hand("", form, teacher)) == []
        assert fair.differences(ours("", "/", head), by_hand("", "/", head)) == []


def test_a_page_by_hand_that_says_something_else_is_told_of():
    page = '<p>Anda <b>belum</b> mulai</p><input name="a" value="1"><input type="hidden" name="b" value="2">'
    other = page.replace("belum", "sudah").replace('"1"', '"3"').replace('"2"', '"4"')
    assert fair.differences(page, other) == ["- belum", "+ sudah", "- [a=1]", "+ [a=3]"]
