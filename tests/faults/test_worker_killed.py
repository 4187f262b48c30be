"""The worker is killed while it delivers yearly results: BKN's simulator ends with one right record a person and year."""

from __future__ import annotations

import json
import random
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja import cases, database, testing
from kinerja.kernel import Config, Kernel
from kinerja.models import Outgoing, PersonId, Relation
from kinerja.testing import Player, set_date, unit
from kinerja_office import choosing
from kinerja_siasn.simulator_records import person_id
from kinerja_web import hooks as web_hooks
from kinerja_web.seed import refill
from tests.conftest import DEMO
from tests.faults.tools import SOAK, Process, plans, simulator

pytestmark = pytest.mark.faults

RESULTS = 20 if SOAK else 5
SAVES_CUT = 6 if SOAK else 2
"""How often the worker dies right after the simulator kept a record, before it could hear of it."""
RANDOM_KILLS = 12 if SOAK else 3
LEASE = 1.0
ACTING = "99990102"
# hasil, perilaku, then BKN's codes for the two and for the predicate of the pair.
CELLS = [
    ("sesuai", "di-atas", (2, 1, 2)),
    ("di-atas", "di-atas", (1, 1, 1)),
    ("di-bawah", "sesuai", (3, 2, 3)),
    ("di-atas", "di-bawah", (1, 3, 4)),
    ("di-bawah", "di-bawah", (3, 3, 5)),
]


@pytest.fixture
def kernel(demo_url: str, tmp_path: Path) -> Any:
    """A copy of the demo on a day in December 2025, whose civil servants all get their result sent."""
    made = testing.start(Config(tmp_path / "data", demo_url, demo=True), web_hooks, fresh=False)
    choosing.set_choice(made, unit("contoh-bahari"), "siasn", None, on=True)
    set_date(made, date(2025, 12, 1))
    yield made
    testing.stop()


def rated(kernel: Kernel, count: int) -> dict[str, tuple[int, int, int]]:
    """Play so many civil servants to their yearly result; answers the codes BKN should get, by NIP."""
    wanted: dict[str, tuple[int, int, int]] = {}
    for case in plans("Tahun 2025", ACTING):
        if len(wanted) == count:
            break
        number = PersonId.get_or_none((PersonId.person == case.person) & (PersonId.kind == "nip"))
        fields = case.profile["fields"]
        if fields["pegawai"] == "non-asn" or fields.get("induk") or number is None:
            continue  # another agency sends for its own
        hasil, perilaku, codes = CELLS[len(wanted) % len(CELLS)]
        teacher = Player(kernel, case.person.name)
        decides = Relation.get((Relation.case == case.id) & (Relation.kind == "memutuskan"))
        head = Player(kernel, decides.person.name, decides.assignment_id)
        teacher.fill(case.id, "perencanaan")
        teacher.do(case.id, "perencanaan", "ajukan")
        if head.do(case.id, "perencanaan", "setujui").state != "disepakati":
            teacher.do(case.id, "perencanaan", "sepakati")
        stage = next(rule.id for rule in cases.load(kernel, case.id).rules() if "rating-tahunan" in rule.steps)
        keys = [
            field.key
            for field in head.form(case.id, stage, "rating-tahunan").fields
            if field.kind == "one" and field.label.startswith("Rating")
        ]
        answers = dict(zip(keys, (hasil, perilaku), strict=True))
        head.hand_in(case.id, stage, "rating-tahunan", "tetapkan", **answers)
        wanted[number.value] = codes
    assert len(wanted) == count
    return wanted


def _states() -> list[str]:
    return sorted(state for (state,) in database.rows("SELECT state FROM outgoing"))


def _kept(folder: Path) -> int:
    """How many records the simulator has, read past it: while it answers slowly it answers nobody else."""
    file = folder / "simulator" / "siasn" / "siasn.json"
    return len(json.loads(file.read_text("utf-8"))["records"]["skp22"]) if file.exists() else 0


def _cut_after_save(work: Process, siasn: Any, folder: Path) -> None:
    """Let the next save be kept and its answer take a second; the worker is gone before it comes."""
    before = _kept(folder)
    siasn.fetch("POST", "/_sim/faults", ["slow:0", "slow:0", "slow:1"])
    work.start()
    limit = time.monotonic() + 20
    while _kept(folder) == before:
        assert time.monotonic() < limit
        time.sleep(0.005)
    work.kill()


def test_a_result_reaches_bkn_exactly_once_however_often_the_worker_was_killed(kernel: Kernel, tmp_path: Path) -> None:
    chance = random.Random(20251201)
    data = tmp_path / "data"
    wanted = rated(kernel, RESULTS)
    assert _states() == ["waiting"] * RESULTS
    url = kernel.config.url
    secrets = kernel.host.registry.connectors["siasn"].fake_secrets
    work = Process(data, url, "worker", "--lease", str(LEASE), env=secrets)
    with simulator(data, url, "siasn") as siasn:
        refill(kernel, DEMO, {"simulator": siasn.url})
        choosing.set_choice(kernel, unit("nasional"), "siasn", None, settings={"requests_per_second": 20})
        for _ in range(SAVES_CUT):
            _cut_after_save(work, siasn, data)
        for _ in range(RANDOM_KILLS):
            siasn.fetch("POST", "/_sim/faults", ["slow:0"] * chance.randrange(5) + ["reset-after-save"])
            work.start()
            time.sleep(chance.uniform(0.3, 1.5))
            work.kill()
        with work:
            limit = time.monotonic() + 60 + 3 * RESULTS
            while set(_states()) != {"accepted"} and time.monotonic() < limit:
                Outgoing.update(due_at=Outgoing.created_at).where(Outgoing.state == "again").execute()
                time.sleep(0.1)
        records = siasn.fetch("GET", "/_sim/records")[1]
        journal = siasn.fetch("GET", "/_sim/journal")[1]
    assert _states() == ["accepted"] * RESULTS
    assert sorted(
        (
            one["pnsDinilaiOrang"],
            one["tahun"],
            one["hasilKinerjaNilai"],
            one["perilakuKerjaNilai"],
            one["kuadranKinerjaNilai"],
        )
        for one in records
    ) == sorted((person_id(nip), 2025, *codes) for nip, codes in wanted.items())
    assert {one["sesuaiMatriks"] for one in records} == {True}
    # The wire itself: each person was created once, and no save named a record that was not there.
    saves = [one["body"] for one in journal if one["path"].endswith("/skp22/save") and one["body"]]
    assert [one["id"] for one in saves] == [None] * len(saves)
    references = {row.reference for row in Outgoing.select()}
    assert references == {one["id"] for one in records}
