"""Plans between two sides through the kernel: what others add, what the system approves, what is locked."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja import Refusal, cases, testing
from kinerja.kernel import Kernel
from kinerja.models import Case
from kinerja.testing import Player, case_of, tasks, unit

PLAN = "perencanaan"
EDIT = {"sesuai": "ubah", "golongan": "pns-iii-c", "jenjang_jabatan": "guru-ahli-muda"}


@pytest.fixture
def handed(sari: Player) -> str:
    """Bu Sari's plan, handed in."""
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    sari.do(case, PLAN, "ajukan")
    return case


def state(demo: Kernel, case: str) -> str:
    return cases.load(demo, case).progress[PLAN].state.id


def test_guidance_is_read_before_agreeing_and_settles_nothing_of_the_employee(
    demo: Kernel, sari: Player, budi: Player, handed: str
) -> None:
    said = {"harapan-loyal": "Hadir tepat waktu.", "penugasan": "1", "tugas1": "Narasumber gugus", "dari1": "Korwil"}
    assert budi.form(handed, PLAN, "arahan").field("harapan-loyal").help.startswith("Pilihan Bu Sari: ")  # type: ignore[union-attr]
    budi.do(handed, PLAN, "catat", step="arahan", data=said)
    seen = cases.load(demo, handed)
    assert state(demo, handed) == "diajukan"
    assert [(item.kind, item.label) for item in seen.items] == [
        ("ekspektasi", "Loyal"),
        ("penugasan-lain", "Narasumber gugus"),
    ]
    assert {part.step for part in seen.parts if part.effective is not None} == {"arahan"}
    assert "rencana.disepakati" not in seen.facts
    assert budi.do(handed, PLAN, "setujui").label == "Menunggu disepakati"
    sari.do(handed, PLAN, "sepakati")
    assert {"ekspektasi", "penugasan-lain", "praktik"} <= {item.kind for item in cases.load(demo, handed).items}


def test_guidance_after_adjusting_leaves_the_plan_adjusted(
    demo: Kernel, sari: Player, budi: Player, handed: str
) -> None:
    changed = {"rhk": {"seminar": 2}}
    budi.do(handed, PLAN, "sesuaikan", step="kompetensi-katalog", data=changed)
    budi.hand_in(handed, PLAN, "arahan", "catat", penugasan="tidak")
    assert budi.do(handed, PLAN, "setujui").past == "menyetujui rencana dengan penyesuaian"


@pytest.mark.parametrize("who", ["sari", "budi"])
def test_nobody_hands_in_a_part_of_the_plan_as_if_it_were_guidance(
    demo: Kernel, sari: Player, budi: Player, handed: str, who: str
) -> None:
    player = sari if who == "sari" else budi
    with pytest.raises(Refusal):
        player.do(handed, PLAN, "catat", step="praktik", data={"indikator": "aktivitas-interaktif"})
    seen = cases.load(demo, handed)
    assert {part.step for part in seen.parts if part.effective is not None} == set()
    assert state(demo, handed) == "diajukan"


def test_a_revised_plan_keeps_the_guidance_and_goes_on_holding(
    demo: Kernel, sari: Player, budi: Player, handed: str
) -> None:
    budi.hand_in(handed, PLAN, "arahan", "catat", **{"harapan-loyal": "Hadir.", "penugasan": "tidak"})
    budi.do(handed, PLAN, "setujui")
    sari.do(handed, PLAN, "sepakati")
    sari.do(handed, PLAN, "revisi", note="Indikator lain.")
    seen = cases.load(demo, handed)
    assert ("ekspektasi", "Loyal") in [(item.kind, item.label) for item in seen.items]
    assert (state(demo, handed), seen.facts["rencana.disepakati"].label) == ("draf", "Berlaku")
    part = seen.part(PLAN, "arahan")
    assert part is not None and part.state == "effective"


def test_a_first_edit_can_be_changed_until_it_is_in_force_and_then_no_more(
    demo: Kernel, sari: Player, budi: Player
) -> None:
    case = case_of("Sari Contoh", "Januari")
    sari.fill(case, PLAN)
    sari.draft(case, PLAN, "cek-data", **EDIT)
    assert sari.form(case, PLAN, "cek-data").locked == ""
    sari.do(case, PLAN, "ajukan")
    budi.do(case, PLAN, "setujui")
    sari.do(case, PLAN, "sepakati")
    assert cases.load(demo, case).facts["profil.golongan"].value == "pns-iii-c"
    sari.do(case, PLAN, "revisi", note="Ganti indikator.")
    assert sari.form(case, PLAN, "cek-data").locked != ""
    sari.draft(case, PLAN, "cek-data", golongan="pns-iii-d")
    with pytest.raises(Refusal) as refused:
        sari.do(case, PLAN, "ajukan")
    assert [(problem.step, problem.field) for problem in refused.value.problems] == [("cek-data", "golongan")]
    sari.draft(case, PLAN, "cek-data", golongan="pns-iii-c")
    sari.do(case, PLAN, "ajukan")
    assert cases.load(demo, case).facts["profil.golongan"].value == "pns-iii-c"


def acting(demo: Kernel) -> tuple[str, Player]:
    name = Case.select().where((Case.unit == unit("99990102")) & (Case.role == "guru")).first().person.name
    return case_of(name, "Januari"), Player(demo, name)


def test_what_the_system_approved_says_so_and_an_acting_head_cannot_review_it(demo: Kernel) -> None:
    case, teacher = acting(demo)
    teacher.fill(case, PLAN)
    assert teacher.do(case, PLAN, "ajukan").label == "Disetujui sistem"
    seen = cases.load(demo, case)
    assert seen.facts["rencana.disepakati"].label == "Disetujui sistem"
    assert "praktik.indikator" in seen.facts
    with pytest.raises(Refusal):
        Player(demo, "Wayan Contoh").through("kepala-sekolah").do(case, PLAN, "tinjau", note="Saya periksa.")
    teacher.do(case, PLAN, "revisi", note="Ada yang tertinggal.")
    assert teacher.do(case, PLAN, "ajukan").label == "Disetujui sistem"


def test_a_plan_is_written_without_text_lost_when_it_comes_back(
    demo: Kernel, sari: Player, budi: Player, handed: str
) -> None:
    budi.hand_in(handed, PLAN, "arahan", "catat", penugasan="tidak")
    budi.do(handed, PLAN, "kembalikan", note="Tambah satu RHK.")
    seen = cases.load(demo, handed)
    states: dict[str, Any] = {part.step: part.state for part in seen.parts}
    assert states["arahan"] == "effective"
    assert {state for step, state in states.items() if step != "arahan"} == {"returned"}
    assert tasks(handed) == [("pegawai", "Perbaiki rencana")]
    assert [line.text.split(" ", 1)[0] for line in testing.history(demo, handed)][-1] == "Budi"
