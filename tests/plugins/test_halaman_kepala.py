"""The whole cycle of a head and of a pengawas through pages: no page of their cases speaks as if they taught a class."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from kinerja import SUBJECT, cases
from kinerja.kernel import Kernel
from kinerja.models import Case, Period
from kinerja.testing import Player, case_of, set_date, unit
from kinerja_work import worker
from tests.faults.tools import SOAK
from tests.plugins.test_pages import enter
from tests.plugins.test_sebutan import NOT_THEIRS

PLAN, DOING, RATING = "perencanaan", "pelaksanaan", "penilaian"
HEAD, PENGAWAS, OFFICE = "Budi Contoh", "Purnomo Contoh", "Ratmi Contoh"
CYCLES = [
    (HEAD, "Januari–Juni 2024", date(2024, 1, 22), date(2024, 4, 25), date(2024, 6, 5)),
    (HEAD, "Tahun 2025", date(2025, 1, 6), date(2025, 2, 5), date(2025, 12, 1)),
    (HEAD, "Tahun 2026", date(2026, 1, 5), date(2026, 2, 5), date(2026, 12, 1)),
    (PENGAWAS, "Tahun 2025", date(2025, 1, 6), date(2025, 2, 5), date(2025, 12, 1)),
    (PENGAWAS, "Tahun 2026", date(2026, 1, 5), date(2026, 2, 5), date(2026, 12, 1)),
]  # fmt: skip
PLAYED = [
    (engine, *cycle)
    for engine in ("sqlite", "postgresql")
    for cycle in CYCLES
    if SOAK or engine == "sqlite" or cycle in (CYCLES[0], CYCLES[-1])
]
"""Pages say the same on both engines, so the second plays one cycle of each of the two; all with KINERJA_SOAK=1."""


def prepared(kernel: Kernel, period: str) -> None:
    """The school's own steps that come before the plans of a year, where that year has them."""
    found = Case.select().join(Period).where(
        (Case.unit == unit("99990101")) & (Case.subject == "unit") & (Period.label == period)
    ).get()  # fmt: skip
    head = Player(kernel, HEAD).through("kepala-sekolah")
    for rule in cases.load(kernel, found.id).rules():
        for id in rule.steps if rule.id == "pra-perencanaan" else ():
            head.hand_in(found.id, rule.id, id, "serahkan")
    worker.run_once(kernel)


@pytest.mark.parametrize(("engine", "name", "period", "planned", "observed", "judged"), PLAYED)
def test_no_page_of_a_whole_cycle_speaks_of_a_class(
    demo: Kernel, engine: str, name: str, period: str, planned: date, observed: date, judged: date
) -> None:
    set_date(demo, planned)
    prepared(demo, period)
    found, own = case_of(name, period), Player(demo, name)
    office, pengawas = Player(demo, OFFICE).through("kepala-dinas"), Player(demo, PENGAWAS).through("pengawas")
    wrong: list[tuple[str, str]] = []

    def look(*paths: str) -> None:
        """Read pages of the case as its person, and keep every word that is not theirs."""
        visitor = enter(demo, name)
        for path in paths:
            answer = visitor.client.get(path)
            assert answer.status_code in (200, 303), path
            words = html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).lower()
            wrong.extend((path, word) for word in NOT_THEIRS if word in words)

    page = f"/kasus/{found}"
    rule = cases.load(demo, found).rule(PLAN)
    own.fill(found, PLAN)
    steps = [id for id in rule.steps if demo.host.registry.steps[id].author == SUBJECT]
    look("/", page, f"{page}/{PLAN}", *(f"{page}/{PLAN}/{id}" for id in steps))
    own.do(found, PLAN, "ajukan")
    if cases.load(demo, found).progress[PLAN].state.kind != "selesai":
        office.do(found, PLAN, "setujui")
    if cases.load(demo, found).progress[PLAN].state.kind != "selesai":
        own.do(found, PLAN, "sepakati")
    look(page, f"{page}/{PLAN}", f"{page}/bukti", f"/p/cetak/{found}")
    set_date(demo, observed)
    for id in cases.load(demo, found).rule(DOING).steps:
        author = demo.host.registry.steps[id].author
        look("/", page, f"{page}/{DOING}", *([f"{page}/{DOING}/{id}"] if author == SUBJECT else []))
        observer = office if name == PENGAWAS else pengawas
        (own if author == SUBJECT else observer).hand_in(found, DOING, id, "serahkan")
    look(f"{page}/{DOING}", f"{page}/riwayat")
    set_date(demo, judged)
    id = cases.load(demo, found).rule(RATING).steps[0]
    office.hand_in(found, RATING, id, "tetapkan", hasil="sesuai", perilaku="sesuai")
    look("/", page, f"{page}/{RATING}", f"{page}/riwayat", f"/p/cetak/{found}")
    assert wrong == []
