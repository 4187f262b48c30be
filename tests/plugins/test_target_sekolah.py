"""Target behaviours written by a school: from its own page through planning and preparation to the observation."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import Content, Entry, Fact, Related, cases, people
from kinerja.forms import check
from kinerja.kernel import Kernel
from kinerja.models import Assignment, Case, Period
from kinerja.testing import Player, case_of, person, set_date, unit, viewer
from kinerja_office import correcting
from kinerja_work import worker
from tests.plugins.contexts import YEAR, case, context, step

PLAN, DOING, TK = "perencanaan", "pelaksanaan", "99990001"
FIRST, SECOND, NEW = (
    "Guru mengamati anak bermain",
    "Guru mencatat: siapa, kapan",
    "Guru mengajak orang tua membaca catatan",
)
MARK = "(dari sekolah, sementara)"
OURS = "Target perilaku resmi belum diterbitkan. Yang dipakai sementara adalah target dari sekolah."
CHANGED = f"Tidak ada lagi dalam daftar sekolah: «{FIRST}». Yang sudah dipilih tetap berlaku untuk observasi ini."
YEARS = [("Januari", date(2024, 1, 22), date(2024, 2, 5)), ("Tahun 2025", date(2025, 1, 6), date(2025, 2, 5))]


def own(line: str, indicator: str = "asesmen") -> str:
    return f"{indicator}:sekolah:{line}"


def written(kernel: Kernel, period: str, *lines: str) -> None:
    """The head of the TK writes the targets of one sub-indicator, or writes them anew."""
    found = Case.select().join(Period).where(
        (Case.unit == unit(TK)) & (Case.subject == "unit") & Period.label.startswith(period)
    ).get()  # fmt: skip
    head = Player(kernel, "Wulan Contoh").through("kepala-sekolah")
    head.do(found.id, "isi-sekolah", "serahkan", step="isi-target", data={"asesmen": "\n".join(lines)})
    worker.run_once(kernel)


def agreed(kernel: Kernel, name: str, period: str) -> tuple[str, Player, Player]:
    """A plan on that sub-indicator, agreed."""
    found, teacher = case_of(name, period), Player(kernel, name)
    head = Player(kernel, "Wulan Contoh").through("kepala-sekolah")
    teacher.fill(found, PLAN)
    teacher.draft(found, PLAN, "praktik", indikator="asesmen")
    teacher.do(found, PLAN, "ajukan")
    if head.do(found, PLAN, "setujui").label != "Disepakati":
        teacher.do(found, PLAN, "sepakati")
    return found, teacher, head


@pytest.mark.parametrize("name", ["Ratna Contoh", "Fitri Contoh"], ids=["guru kelas", "guru pendamping khusus"])
@pytest.mark.parametrize(("period", "day", "later"), YEARS, ids=["2024", "2025"])
def test_what_the_school_wrote_is_planned_prepared_and_marked_line_by_line(
    demo: Kernel, name: str, period: str, day: date, later: date
) -> None:
    set_date(demo, day)
    written(demo, period, FIRST, SECOND)
    offered = Player(demo, name).form(case_of(name, period), PLAN, "praktik").fields[0].options
    assert next(one.lists for one in offered if one.id == "asesmen") == (
        (f"Target perilaku yang akan diamati {MARK}", (FIRST, SECOND)),
    )
    found, teacher, head = agreed(demo, name, period)
    set_date(demo, later)
    asked = teacher.form(found, DOING, "persiapan")
    assert [(one.id, one.label) for one in asked.fields[0].options] == [
        (own(line), f"{line} {MARK}") for line in (FIRST, SECOND)
    ]
    assert asked.notices == (OURS,)
    teacher.hand_in(found, DOING, "persiapan", "serahkan", target=[own(FIRST), own(SECOND)])
    rows = head.form(found, DOING, "observasi").field("nilai").rows
    assert [row.label for row in rows] == [f"{FIRST} {MARK}", f"{SECOND} {MARK}"]
    marks = {own(FIRST): "efektif", own(SECOND): "belum-efektif"}
    head.hand_in(found, DOING, "observasi", "serahkan", nilai=marks)
    assert cases.load(demo, found).facts["praktik.observasi"].label == (
        "1 target: Dilakukan tapi belum efektif; 1 target: Dilakukan dan efektif"
    )
    seen = teacher.form(found, DOING, "diskusi-tindak-lanjut").fields[0].pairs
    assert seen[:2] == (
        (f"{FIRST} {MARK}", "Dilakukan dan efektif"), (f"{SECOND} {MARK}", "Dilakukan tapi belum efektif")
    )  # fmt: skip


@pytest.mark.parametrize(("period", "day", "later"), YEARS, ids=["2024", "2025"])
def test_what_was_chosen_stays_when_the_school_writes_anew_and_that_is_said(
    demo: Kernel, period: str, day: date, later: date
) -> None:
    set_date(demo, day)
    written(demo, period, FIRST, SECOND)
    found, teacher, head = agreed(demo, "Ratna Contoh", period)
    set_date(demo, later)
    teacher.draft(found, DOING, "persiapan", target=[own(FIRST)])
    written(demo, period, SECOND, NEW)
    asked = teacher.form(found, DOING, "persiapan")
    assert [one.id for one in asked.fields[0].options] == [own(SECOND), own(NEW), own(FIRST)]
    assert asked.notices == (OURS, CHANGED)
    teacher.hand_in(found, DOING, "persiapan", "serahkan", target=[own(FIRST)])
    drawn = head.form(found, DOING, "observasi")
    assert [row.id for row in drawn.field("nilai").rows] == [own(FIRST)]
    assert drawn.notices[:2] == (OURS, CHANGED)
    head.hand_in(found, DOING, "observasi", "serahkan", nilai={own(FIRST): "efektif"})


# --- the forms alone ---


def school(value: object) -> Related:
    fact = Fact("rubrik.target", value, "1 sub-indikator diisi")
    return Related("sekolah", "Sekolah", {"rubrik.target": fact})


PAUD = Fact("praktik.indikator", "asesmen", "Asesmen yang meningkatkan kualitas pembelajaran")
ORDER = Fact("praktik.indikator", "keteraturan-suasana-kelas", "Keteraturan Suasana Kelas")


def form(id, of, facts, **more):
    return step(id).form(context(id, "pelaksanaan", of, facts=facts, **more))


@pytest.mark.parametrize("scheme", ["semester-2024", YEAR])
@pytest.mark.parametrize("id", ["persiapan", "observasi"])
def test_published_targets_stand_whatever_a_school_wrote(scheme, id):
    near = school({"keteraturan-suasana-kelas": ["Buatan sekolah"]})
    assert form(id, case(scheme), (ORDER,), unit=near) == form(id, case(scheme), (ORDER,))


def test_two_rubrics_in_one_school_each_have_what_is_missing_in_them():
    """A teacher for guidance has a rubric of a region's own without targets, beside colleagues whose are published."""
    entry = Entry("layanan-klasikal", "Layanan klasikal", "Daerah", data={"target": []})
    bk = Content("rubrik", "bk", "Rubrik BK", (entry,), data={"sebutan": "Indikator"})
    near = school({"layanan-klasikal": ["Guru mengajak murid bercerita"]})
    drawn = form("observasi", case(), (Fact("praktik.indikator", entry.id, entry.label),), unit=near, contents=(bk,))
    assert [row.label for row in drawn.field("nilai").rows] == [f"Guru mengajak murid bercerita {MARK}"]
    assert [row.id for row in form("observasi", case(), (ORDER,), unit=near).field("nilai").rows] == [
        row.id for row in form("observasi", case(), (ORDER,)).field("nilai").rows
    ]


def test_a_target_in_the_teachers_own_words_stays_when_the_school_writes_later():
    part = {"persiapan": {"target_sendiri": "Mengamati anak bermain."}}
    near = school({"asesmen": [NEW]})
    later = "Sekolah menulis target sesudah persiapan ini diisi. Yang sudah ditulis di persiapan tetap ada."
    asked = form("persiapan", case(kind="tk"), (PAUD,), unit=near, parts=part)
    assert ([one.key for one in asked.fields[:2]], asked.notices) == (["target", "target_sendiri"], (OURS, later))
    drawn = form("observasi", case(kind="tk"), (PAUD,), unit=near, parts=part)
    assert [row.id for row in drawn.field("nilai").rows] == ["asesmen"]
    assert drawn.fields[0].pairs == (("Target perilaku yang disepakati", "Mengamati anak bermain."),)
    assert later in drawn.notices


def test_where_lines_are_marked_one_by_one_a_target_without_lines_is_marked_itself():
    both = Fact("praktik.indikator", ["asesmen", "dua"], "Dua")
    entries = (
        Entry("asesmen", "Asesmen", data={"target": []}),
        Entry("dua", "Dua", data={"target": [{"id": "a", "label": "A", "dianjurkan": ["Begini"]}]}),
    )
    rubric = Content("rubrik", "uji", "Uji", entries)
    drawn = form(
        "observasi", case(kind="tk"), (both,), unit=school({"asesmen": [NEW]}), contents=(rubric,),
        options={"nilai_per": "perilaku"},
    )  # fmt: skip
    assert [row.id for row in drawn.field("nilai").rows] == [own(NEW), "dua:a:dianjurkan:1"]


@pytest.mark.parametrize("value", [None, "satu", ["satu"], {"asesmen": "satu"}, {"asesmen": [1, "", None]}])
def test_a_list_that_is_none_is_like_no_list(value):
    asked = form("persiapan", case(kind="tk"), (PAUD,), unit=school(value))
    assert asked == form("persiapan", case(kind="tk"), (PAUD,))


def test_a_sentence_of_any_signs_can_be_chosen():
    line = 'Guru: "lihat, dengar", lalu <catat> 100% & simpan'
    asked = form("persiapan", case(kind="tk"), (PAUD,), unit=school({"asesmen": [line, line]}))
    good = {"target": [own(line)], "upaya": "Membaca.", "jadwal": "2024-03-05"}
    assert (len(asked.fields[0].options), check(asked, good)) == (1, (good, ()))


# --- who observes ---


def observes(kernel: Kernel, found: str) -> str:
    return cases.load(kernel, found).view.holders["mengamati"].person.name


@pytest.mark.parametrize(("period", "day", "later"), YEARS, ids=["2024", "2025"])
def test_a_pengawas_observes_a_head_and_the_kepala_dinas_decides(
    demo: Kernel, period: str, day: date, later: date
) -> None:
    set_date(demo, day)
    found, head = case_of("Budi Contoh", period), Player(demo, "Budi Contoh")
    office, pengawas = (
        Player(demo, "Ratmi Contoh").through("kepala-dinas"),
        Player(demo, "Purnomo Contoh").through("pengawas"),
    )
    head.fill(found, PLAN)
    head.do(found, PLAN, "ajukan")
    if office.do(found, PLAN, "setujui").label != "Disepakati":
        head.do(found, PLAN, "sepakati")
    set_date(demo, date(2024, 4, 25) if later.year == 2024 else later)
    head.hand_in(found, DOING, "persiapan", "serahkan")
    seen = cases.load(demo, found)
    assert [(one.task.relation, one.task.label) for one in seen.tasks if one.stage == DOING] == [
        ("mengamati", "Observasi praktik kinerja")
    ]
    pengawas.hand_in(found, DOING, "observasi", "serahkan")
    for name in ("diskusi-tindak-lanjut", "upaya", "refleksi"):
        head.hand_in(found, DOING, name, "serahkan")
    set_date(demo, date(later.year, 12, 1) if later.year == 2025 else date(2024, 6, 5))
    assert ("memutuskan", "penilaian") in [(one.task.relation, one.stage) for one in cases.load(demo, found).tasks]


def held(name: str, role: str) -> Assignment:
    found: Assignment = Assignment.get((Assignment.person == person(name)) & (Assignment.role == role))
    return found


def test_without_a_pengawas_the_kepala_dinas_observes_until_there_is_one_again(demo: Kernel) -> None:
    found, old = case_of("Budi Contoh", "Januari"), held("Purnomo Contoh", "pengawas")
    assert "Purnomo" in observes(demo, found)
    Assignment.update(until=date(2024, 1, 31)).where(Assignment.id == old.id).execute()
    charge = [unit("99990101")]
    people.assign(
        person("Purnomo Contoh"), "pengawas", unit("contoh-asri"), "definitif", date(2024, 2, 4), charge=charge
    )
    set_date(demo, date(2024, 2, 2))
    assert "Ratmi" in observes(demo, found)
    set_date(demo, date(2024, 2, 4))
    assert "Purnomo" in observes(demo, found)


def test_who_observes_a_teacher_follows_whoever_decides_also_when_put_right_by_hand(demo: Kernel) -> None:
    found, now = case_of("Sari Contoh", "Januari"), demo.clock.now()
    assert "Budi" in observes(demo, found)
    keeper = viewer(demo, "Hendra Contoh", held("Hendra Contoh", "operator-sekolah").id)
    wulan, budi = held("Wulan Contoh", "kepala-sekolah").id, held("Budi Contoh", "kepala-sekolah").id
    assert correcting.correct(demo, keeper, [found], "memutuskan", wulan, "Atasan keliru", now) == [found]
    assert "Wulan" in observes(demo, found)
    correcting.correct(demo, keeper, [found], "mengamati", budi, "Mengobservasi untuk Bu Wulan", now)
    seen = cases.load(demo, found).view.holders
    assert [seen[kind].person.id for kind in ("memutuskan", "mengamati")] == [
        person(name).id for name in ("Wulan Contoh", "Budi Contoh")
    ]
