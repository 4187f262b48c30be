"""The three schemes: that they load, and where they differ row by row from the table of rules.

Relations are held twice: as the scheme writes them, and as a real case fills them.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from kinerja import people, snapshot
from kinerja.conditions import holds
from kinerja.host import Host, find
from kinerja.kernel import Kernel
from kinerja.models import Case, Person, Relation
from kinerja.schemes import window_days
from kinerja.testing import add_person, case_of, set_date
from kinerja_office.periods import plan
from tests.plugins.contexts import NEXT, OURS, SEMESTER, YEAR, case

BESIDE = ("pra_perencanaan", "rubrik_kepala", "rubrik_pengawas", "contoh_daerah")


def _host() -> Host:
    """The bundled plugins that planning needs, loaded strictly, with the region's own catalogue."""
    loaded = Host(strict=True)
    loaded.load(path for path in find() if path.parent.name.removeprefix("kinerja_") in {*OURS, *BESIDE})
    loaded.ready()
    return loaded


HOST = _host()
SCHEMES = HOST.registry.schemes
ALL = (SEMESTER, YEAR, NEXT)
EKINERJA = "e-Kinerja BKN"
NOWHERE = "Tidak ada tempat lain yang wajib diisi"
KIND_OF_POST = "Operator sekolah, bila jenis PTK di Dapodik keliru"


def rule_for(scheme, **profile):
    taken = {"peran": "guru", "pegawai": "pns", "satuan": "negeri", "periode": "s1", **profile}
    return next((rule for rule in SCHEMES[scheme].participants if holds(rule.when, taken)), None)


def answer(scheme, **profile):
    rule = rule_for(scheme, **profile)
    return rule.answer if rule else None


def window(scheme, stage, **profile):
    taken = {"peran": "guru", "periode": "s1", **profile}
    year = SCHEMES[scheme].years[0]
    return next(window_days(one, year) for one in SCHEMES[scheme].stage(stage).windows if holds(one.applies, taken))


def steps_of(scheme, stage, **fields):
    rules = SCHEMES[scheme]
    return [one for one in rules.stage(stage).steps if holds(rules.rules(stage, one).get("untuk", {}), fields)]


def related(scheme, role, relation):
    """[(role @ place, condition)] of a relation, in order."""
    return [(f"{one.role} @ {one.place}", dict(one.when)) for one in SCHEMES[scheme].relations[role].get(relation, ())]


# --- shape --------------------------------------------------------------------------------------


def test_all_plugins_load_and_no_scheme_names_anything_that_is_not_installed():
    assert HOST.faults == {}
    assert {id: HOST.registry.missing(scheme) for id, scheme in SCHEMES.items()} == {SEMESTER: (), YEAR: (), NEXT: ()}
    assert [HOST.registry.problem_of(scheme) for scheme in SCHEMES.values()] == ["", "", ""]


def test_periods_of_each_scheme():
    assert {id: [one.key for one in scheme.periods] for id, scheme in SCHEMES.items()} == {
        SEMESTER: ["s1", "s2", "tahun"],
        YEAR: ["tahun"],
        NEXT: ["tahun"],
    }


def test_years_of_each_scheme_do_not_overlap():
    assert {id: scheme.years for id, scheme in SCHEMES.items()} == {
        SEMESTER: (2024, 2024),
        YEAR: (2025, 2025),
        NEXT: (2026, None),
    }


def test_stages_of_each_scheme():
    def stages(id, subject):
        return [one.id for one in SCHEMES[id].stages if one.subject == subject]

    assert {id: stages(id, "person") for id in SCHEMES} == {
        SEMESTER: ["perencanaan", "pelaksanaan", "penilaian", "penilaian-tahunan"],
        YEAR: ["perencanaan", "pelaksanaan", "penilaian"],
        NEXT: ["perencanaan", "pelaksanaan", "penilaian"],
    }
    assert {id: stages(id, "unit") for id in SCHEMES} == {
        SEMESTER: ["kesiapan-sekolah", "tim-kerja", "isi-sekolah", "pembukaan"],
        YEAR: ["tim-kerja", "isi-sekolah"],
        NEXT: ["pra-perencanaan", "isi-sekolah"],
    }


def test_points_are_of_the_first_scheme_and_reflection_of_the_later_ones():
    def has(step):
        return [any(step in stage.steps for stage in SCHEMES[id].stages) for id in ALL]

    assert has("kompetensi-katalog") == [True, False, False]
    assert has("kompetensi-refleksi") == [False, True, True]
    assert has("tugas-pokok") == [False, True, True]


def test_evidence_is_uploaded_first_and_confirmed_later():
    assert {id: {(rule.handler, rule.provider) for rule in scheme.evidence} for id, scheme in SCHEMES.items()} == {
        SEMESTER: {("berkas", "pegawai"), ("berkas", "memutuskan")},
        YEAR: {("konfirmasi", "memutuskan")},
        NEXT: {("konfirmasi", "memutuskan")},
    }


# --- who takes part -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ({}, ["wajib", "wajib", "wajib"]),
        ({"peran": "kepala-sekolah"}, ["wajib", "wajib", "wajib"]),
        ({"pegawai": "cpns"}, ["wajib", "wajib", "wajib"]),
        ({"pegawai": "pppk"}, ["wajib", "wajib", "wajib"]),
        ({"peran": "tendik"}, ["tidak", "tidak", "tidak"]),
        ({"peran": "tendik", "pegawai": "non-asn"}, ["tidak", "tidak", "tidak"]),
        ({"peran": "pengawas", "satuan": ""}, ["tidak", "wajib", "wajib"]),
        ({"peran": "pengawas", "satuan": "", "jenis_ptk": "penilik"}, ["tidak", "tidak", "wajib"]),
        ({"pegawai": "non-asn"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        ({"satuan": "swasta"}, ["boleh", "tidak", "wajib"]),
        ({"satuan": "swasta", "peran": "kepala-sekolah"}, ["boleh", "tidak", "wajib"]),
        ({"satuan": "swasta", "periode": "s2"}, ["tidak", "tidak", "wajib"]),
        ({"satuan": "swasta", "pegawai": "non-asn"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        ({"satuan": "swasta", "pegawai": "non-asn", "periode": "s2"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        # not in the list of kinds that the guide of the first scheme names
        ({"jenis_ptk": "guru-pendidikan-khusus", "satuan": ""}, ["tidak", "tidak", "wajib"]),
        ({"jenis_ptk": "guru-inklusi"}, ["tidak", "wajib", "wajib"]),
        ({"jenis_ptk": "guru-magang"}, ["tidak", "wajib", "wajib"]),
        ({"jenis_ptk": "principal", "peran": "kepala-sekolah"}, ["tidak", "wajib", "wajib"]),
        ({"jenis_ptk": "pamong-belajar"}, ["tidak", "tidak", "wajib"]),
        ({"jenis_ptk": "guru-bk"}, ["wajib", "wajib", "wajib"]),
        ({"pegawai": "pppk-paruh-waktu"}, ["dianjurkan", "wajib", "wajib"]),
        ({"pegawai": "pppk-paruh-waktu", "satuan": "swasta"}, ["dianjurkan", "tidak", "wajib"]),
        ({"induk": "kemenag"}, ["boleh", "boleh", "boleh"]),
        ({"induk": "kemenag", "peran": "kepala-sekolah"}, ["boleh", "boleh", "boleh"]),
        ({"ekinerja": "ya"}, ["wajib", "wajib", "wajib"]),
        ({"ekinerja": "tidak"}, ["boleh", "wajib", "wajib"]),
        ({"ekinerja": "tidak", "pegawai": "non-asn"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        ({"siln": "ya", "satuan": ""}, ["dianjurkan", "dianjurkan", "wajib"]),
    ],
)
def test_who_takes_part(who, answers):
    assert [answer(id, **who) for id in ALL] == answers


@pytest.mark.parametrize(
    ("who", "scheme", "reason", "elsewhere", "changer"),
    [
        (
            {"peran": "tendik"},
            SEMESTER,
            "Tenaga kependidikan mengisi langsung di e-Kinerja BKN.",
            EKINERJA,
            KIND_OF_POST,
        ),
        ({"peran": "tendik"}, NEXT, "Tenaga kependidikan mengisi langsung di e-Kinerja BKN.", EKINERJA, KIND_OF_POST),
        (
            {"peran": "pengawas"},
            SEMESTER,
            "belum ikut pada tahun ini",
            EKINERJA,
            "Dinas Pendidikan, bila peran Anda keliru",
        ),
        ({"jenis_ptk": "guru-inklusi"}, SEMESTER, "Jenis PTK Anda di Dapodik tidak termasuk", EKINERJA, KIND_OF_POST),
        (
            {"satuan": "swasta", "periode": "s2"},
            SEMESTER,
            "Juli–Desember 2024",
            EKINERJA,
            "Dinas Pendidikan, bila rencana Anda sudah telanjur mengalir ke e-Kinerja BKN",
        ),
        (
            {"satuan": "swasta"},
            YEAR,
            "ASN di sekolah swasta belum ikut",
            EKINERJA,
            "Operator sekolah, bila status sekolah di Dapodik keliru",
        ),
        (
            {"induk": "kemenag"},
            YEAR,
            "hasilnya tidak dikirim ke BKN",
            "Aplikasi kinerja Kementerian Agama",
            "Operator sekolah atau Dinas Pendidikan, bila instansi induk keliru",
        ),
        (
            {"ekinerja": "tidak"},
            SEMESTER,
            "belum memakai e-Kinerja BKN",
            "Aplikasi kinerja daerah Anda",
            "BKD, BKPSDM, atau BKPP daerah Anda",
        ),
        (
            {"pegawai": "non-asn"},
            SEMESTER,
            "Hasilnya tidak dikirim ke BKN.",
            NOWHERE,
            "Operator sekolah, bila status kepegawaian di Dapodik keliru",
        ),
    ],
)
def test_whoever_need_not_or_may_not_reads_why_where_and_whom_to_ask(who, scheme, reason, elsewhere, changer):
    rule = rule_for(scheme, **who)
    assert reason in rule.reason
    assert (rule.elsewhere, rule.changer) == (elsewhere, changer)


def test_every_answer_but_must_says_why_where_and_whom_to_ask():
    silent = [
        (id, dict(rule.when))
        for id, scheme in SCHEMES.items()
        for rule in scheme.participants
        if rule.answer != "wajib" and not (rule.reason and rule.elsewhere and rule.changer and rule.source)
    ]
    assert silent == []


def test_part_time_staff_read_that_they_are_judged_by_quarter_and_year_and_the_rule_is_provisional():
    for scheme in (YEAR, NEXT):
        rule = rule_for(scheme, pegawai="pppk-paruh-waktu")
        assert ("tiap triwulan dan tiap tahun" in rule.reason, rule.provisional) == (True, True)
    assert rule_for(SEMESTER, pegawai="pppk-paruh-waktu").provisional


def test_the_first_scheme_refuses_just_the_kinds_of_post_its_guide_does_not_name():
    kinds = HOST.registry.contents["post_kinds", "gtk"].entries
    left_out = {
        one.id
        for one in kinds
        if not one.data["peserta"] and (one.data["peran"] in ("guru", "kepala-sekolah") or one.id == "lainnya")
    }
    refused = next(rule for rule in SCHEMES[SEMESTER].participants if "jenis_ptk" in rule.when)
    assert set(refused.when["jenis_ptk"]) == left_out


# --- windows, steps and needs -------------------------------------------------------------------


def test_windows():
    assert window(SEMESTER, "perencanaan") == (date(2024, 1, 1), date(2024, 3, 31))
    assert window(SEMESTER, "perencanaan", peran="kepala-sekolah") == (date(2024, 1, 15), date(2024, 3, 31))
    assert window(SEMESTER, "perencanaan", periode="s2") == (date(2024, 7, 1), date(2024, 7, 31))
    assert window(SEMESTER, "pelaksanaan", peran="kepala-sekolah") == (date(2024, 4, 24), date(2024, 6, 30))
    assert window(SEMESTER, "pembukaan", periode="s2") == (date(2024, 7, 1), date(2024, 7, 31))
    assert window(YEAR, "perencanaan") == (date(2025, 1, 1), date(2025, 1, 31))
    assert window(YEAR, "perencanaan", peran="pengawas") == (date(2025, 1, 1), date(2025, 1, 31))
    assert window(YEAR, "penilaian") == (date(2025, 11, 13), date(2025, 12, 31))
    assert window(NEXT, "pra-perencanaan") == (date(2025, 12, 1), date(2025, 12, 31))


def test_no_window_locks_anybody_out_by_itself():
    hard = [one for scheme in SCHEMES.values() for stage in scheme.stages for one in stage.windows if one.hard]
    assert hard == []


def test_additional_duties_are_of_teachers_alone_and_core_duties_not_of_pengawas():
    def plan_of(scheme, role):
        return [one for one in steps_of(scheme, "perencanaan", peran=role) if one not in ("arahan", "rekomendasi")]

    first = ["cek-data", "praktik", "kompetensi-katalog", "tugas-tambahan", "perilaku", "rangkuman"]
    later = ["cek-data", "tugas-pokok", "praktik", "tugas-tambahan", "perilaku", "rangkuman"]
    assert plan_of(SEMESTER, "guru") == first
    assert plan_of(SEMESTER, "kepala-sekolah") == [one for one in first if one != "tugas-tambahan"]
    for scheme in (YEAR, NEXT):
        assert plan_of(scheme, "guru") == later
        assert plan_of(scheme, "kepala-sekolah") == [one for one in later if one != "tugas-tambahan"]
        assert plan_of(scheme, "pengawas") == ["cek-data", "praktik", "perilaku", "rangkuman"]


def test_the_assessors_half_of_planning_comes_last_in_every_scheme():
    assert [SCHEMES[id].stage("perencanaan").steps[-2:] for id in ALL] == [("arahan", "rekomendasi")] * 3


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"peran": "guru", "periode": "s2", "memutuskan.peran": "kepala-sekolah", "memutuskan.acting": False}, True),
        ({"peran": "guru", "periode": "s1", "memutuskan.peran": "kepala-sekolah", "memutuskan.acting": False}, False),
        ({"peran": "guru", "periode": "s2", "memutuskan.peran": "kepala-sekolah", "memutuskan.acting": True}, False),
        ({"peran": "guru", "periode": "s2", "memutuskan.peran": "kepala-dinas", "memutuskan.acting": False}, False),
        ({"peran": "kepala-sekolah", "periode": "s2", "memutuskan.peran": "kepala-dinas"}, False),
    ],
)
def test_in_the_second_semester_teachers_wait_for_a_definitive_head_to_begin_the_period(fields, waits):
    (need,) = SCHEMES[SEMESTER].stage("perencanaan").needs
    assert (need.fact, need.of, need.owner) == ("periode.dimulai", "unit", "memutuskan")
    assert holds(need.when, fields) is waits


def test_the_period_is_begun_in_the_second_semester_only_and_not_by_an_acting_head():
    rule = SCHEMES[SEMESTER].stage("pembukaan")
    asked = rule.switches["untuk"]
    assert holds(asked, {"periode": "s2", "memutuskan.acting": False})
    assert not holds(asked, {"periode": "s1", "memutuskan.acting": False})
    assert not holds(asked, {"periode": "s2", "memutuskan.acting": True})
    assert [dict(one.applies) for one in rule.windows] == [{"periode": ["s2"]}]


@pytest.mark.parametrize(
    ("fields", "owners"),
    [
        ({"peran": "guru", "memutuskan.peran": "kepala-sekolah"}, ["memutuskan"]),
        ({"peran": "guru", "memutuskan.peran": "kepala-dinas"}, [""]),
        ({"peran": "guru"}, [""]),
        ({"peran": "kepala-sekolah", "memutuskan.peran": "kepala-dinas"}, ["pegawai"]),
        ({"peran": "pengawas", "memutuskan.peran": "kepala-dinas"}, []),
    ],
)
def test_pre_planning_of_the_school_is_waited_for_by_its_people_and_not_by_pengawas(fields, owners):
    needs = SCHEMES[NEXT].stage("perencanaan").needs
    assert {(need.fact, need.of) for need in needs} == {("pra-perencanaan.selesai", "unit")}
    assert [need.owner for need in needs if holds(need.when, fields)] == owners
    assert SCHEMES[YEAR].stage("perencanaan").needs == ()


# --- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "approved"),
    [
        ({"peran": "guru", "memutuskan.peran": "kepala-sekolah", "memutuskan.penugasan": "plt"}, [True, False, False]),
        ({"peran": "guru", "memutuskan.peran": "kepala-sekolah", "memutuskan.penugasan": "plh"}, [False, False, False]),
        (
            {"peran": "guru", "memutuskan.peran": "kepala-sekolah", "memutuskan.penugasan": "definitif"},
            [False, False, False],
        ),
        # a head's plan under an acting Kepala Dinas, and an acting head's own plan as a teacher
        (
            {"peran": "kepala-sekolah", "memutuskan.peran": "kepala-dinas", "memutuskan.penugasan": "plt"},
            [False, False, True],
        ),
        ({"peran": "guru", "memutuskan.peran": "kepala-dinas", "memutuskan.penugasan": "plt"}, [False, False, False]),
    ],
)
def test_which_plans_the_system_approves(fields, approved):
    def automatic(id):
        condition = SCHEMES[id].stage("perencanaan").switches.get("otomatis_bila")
        return condition is not None and holds(condition, fields)

    assert [automatic(id) for id in ALL] == approved


@pytest.mark.parametrize(
    ("fields", "several"),
    [
        ({"peran": "guru"}, True),
        ({"peran": "kepala-sekolah"}, False),
        ({"peran": "kepala-sekolah", "fakta.rekomendasi.tim": "setuju"}, True),
        ({"peran": "kepala-sekolah", "fakta.rekomendasi.tim": "bicarakan"}, False),
        ({"peran": "pengawas", "fakta.rekomendasi.tim": "setuju"}, False),
    ],
)
def test_teachers_and_recommended_heads_may_be_approved_several_at_once(fields, several):
    for id in ALL:
        assert holds(SCHEMES[id].stage("perencanaan").switches["sekaligus"], fields) is several


def test_agreement_withdrawal_revision_and_review_of_each_scheme():
    def words(id):
        switches = SCHEMES[id].stage("perencanaan").switches
        return [switches[key] for key in ("kesepakatan", "tarik", "revisi", "tinjau")]

    assert words(SEMESTER) == ["selalu", "sampai-diputuskan", "dengan-alasan", "boleh"]
    assert words(YEAR) == words(NEXT) == ["bila-disesuaikan", "sampai-diputuskan", "dengan-alasan", "boleh"]


# --- who judges whom ----------------------------------------------------------------------------

ALONE = {"diri": [True]}
PRIVATE_ASN = {"satuan": ["swasta"], "pegawai": ["pns", "cpns", "pppk", "pppk-paruh-waktu"]}


def test_a_teacher_is_judged_by_the_head_and_a_head_by_the_office():
    public = [("kepala-sekolah @ satuan", {}), ("kepala-dinas @ atas", ALONE)]
    assert related(SEMESTER, "guru", "memutuskan") == public
    assert related(YEAR, "guru", "memutuskan") == public
    assert related(NEXT, "guru", "memutuskan") == [("kepala-dinas @ atas", PRIVATE_ASN), *public]
    for scheme in SCHEMES:
        assert related(scheme, "kepala-sekolah", "memutuskan") == [("kepala-dinas @ atas", {})]
        assert related(scheme, "kepala-sekolah", "menyarankan") == [("pengawas @ binaan", {})]
    assert [id for id, scheme in SCHEMES.items() if "pengawas" in scheme.relations] == [YEAR, NEXT]


def test_the_team_of_the_school_recommends_on_teachers_but_not_on_its_own_acting_head():
    first = [("pengawas @ binaan", ALONE), ("tim-kinerja.anggota @ ditunjuk", {})]
    assert related(SEMESTER, "guru", "menyarankan") == related(YEAR, "guru", "menyarankan") == first
    assert related(NEXT, "guru", "menyarankan") == [("pengawas @ binaan", PRIVATE_ASN), *first]


def test_a_school_s_own_work_is_its_heads_and_nobody_recommends_on_it():
    for scheme in SCHEMES.values():
        assert set(scheme.relations["satuan"]) == {"memutuskan", "menata"}
        assert [f"{one.role} @ {one.place}" for one in scheme.relations["satuan"]["memutuskan"]] == [
            "kepala-sekolah @ satuan"
        ]


def test_staff_of_the_office_arrange_posts_for_every_role():
    for scheme in SCHEMES.values():
        places = {role: [one.place for one in rules["menata"]] for role, rules in scheme.relations.items()}
        assert places.pop("pengawas", ["satuan", "atas"]) == ["satuan", "atas"]
        assert places == {"guru": ["atas"], "kepala-sekolah": ["atas"], "satuan": ["atas"]}


@pytest.fixture
def engine():
    return "sqlite"


def school(kernel: Kernel, scheme: str, sector: str = "negeri"):
    """An office with its Kepala Dinas above a school without anybody; the period of the scheme's year is planned."""
    office = people.add_unit("dinas", "Kabupaten Uji", "kabupaten", None)
    made = people.add_unit("sd", "SDN Uji", "sd", office, npsn="10000001", attributes={"satuan": sector})
    add_person("Dewi Dinas", "kepala-dinas", office, "definitif", date(2020, 1, 1), employment="pns")
    plan(kernel, kernel.scheme(scheme), SCHEMES[scheme].years[0], office)
    return made


def decider(name: str, role: str = "guru") -> list[str]:
    case = Case.get((Case.person == Person.get(Person.name == name)) & (Case.role == role))
    found = Relation.select().where(
        (Relation.case == case.id) & (Relation.kind == "memutuskan") & Relation.until.is_null()
    )
    return [one.person.name for one in found]


def test_a_teacher_who_is_acting_head_of_the_own_school_has_two_plans_both_decided_by_the_office(kernel):
    at = school(kernel, YEAR)
    ani, _ = add_person("Ani Uji", "guru", at, "definitif", date(2020, 1, 1), employment="pns")
    people.assign(ani, "kepala-sekolah", at, "plt", date(2024, 12, 1), home=False)
    add_person("Budi Uji", "guru", at, "definitif", date(2020, 1, 1), employment="pns")
    set_date(kernel, date(2025, 1, 10))
    assert [decider("Ani Uji"), decider("Ani Uji", "kepala-sekolah"), decider("Budi Uji")] == [
        ["Dewi Dinas"],
        ["Dewi Dinas"],
        ["Ani Uji"],
    ]


def test_a_definitive_head_who_is_acting_elsewhere_has_one_plan_unless_the_region_says_otherwise(kernel):
    at = school(kernel, YEAR)
    other = people.add_unit("sd-2", "SDN Uji 2", "sd", at.parent, npsn="10000002", attributes={"satuan": "negeri"})
    head, _ = add_person("Hadi Uji", "kepala-sekolah", at, "definitif", date(2020, 1, 1), employment="pns")
    people.assign(head, "kepala-sekolah", other, "plt", date(2024, 12, 1), home=False)
    set_date(kernel, date(2025, 1, 10))
    assert [case.unit.code for case in Case.select().where(Case.person == head.id)] == ["sd"]


def test_without_any_head_a_teachers_plan_has_nobody_who_decides(kernel):
    at = school(kernel, YEAR)
    add_person("Ani Uji", "guru", at, "definitif", date(2020, 1, 1), employment="pns")
    set_date(kernel, date(2025, 1, 10))
    assert (case_of("Ani Uji") != "", decider("Ani Uji")) == (True, [])


def test_a_civil_servant_at_a_private_school_is_decided_by_the_office_and_others_by_the_head(kernel):
    at = school(kernel, NEXT, "swasta")
    add_person("Hadi Uji", "kepala-sekolah", at, "definitif", date(2020, 1, 1), employment="non-asn")
    add_person("Ani Uji", "guru", at, "definitif", date(2020, 1, 1), employment="pns")
    add_person("Budi Uji", "guru", at, "definitif", date(2020, 1, 1), employment="non-asn")
    set_date(kernel, date(2026, 1, 10))
    assert [decider("Ani Uji"), decider("Budi Uji")] == [["Dewi Dinas"], ["Hadi Uji"]]


def test_two_plans_at_once_are_for_a_teacher_made_acting_head_and_for_nobody_else():
    for scheme in SCHEMES.values():
        acting = {"peran": "kepala-sekolah", "penugasan": "plt"}
        assert holds(scheme.also, {**acting, "peran_induk": "guru"})
        assert not holds(scheme.also, {**acting, "peran_induk": "kepala-sekolah"})
        assert not holds(scheme.also, {"peran": "guru", "penugasan": "definitif", "peran_induk": "guru"})
        assert scheme.closers == ("memutuskan",)


# --- words and documents ------------------------------------------------------------------------


def test_the_team_is_called_as_each_scheme_calls_it():
    words = ["Tim Kerja", "Tim Kinerja", "Tim Kinerja"]
    assert [SCHEMES[id].word("menyarankan") for id in ALL] == words
    assert [SCHEMES[id].rules("perencanaan", "rekomendasi")["label"] for id in ALL] == [
        f"Rekomendasi {word}" for word in words
    ]
    assert [SCHEMES[id].steps["susun-tim-kinerja"]["label"] for id in ALL] == [f"Susunan {word}" for word in words]


def test_the_matrix_is_the_same_in_all_schemes():
    assert SCHEMES[SEMESTER].matrices == SCHEMES[YEAR].matrices == SCHEMES[NEXT].matrices


def test_every_document_can_be_read_here_and_says_what_is_provisional():
    for scheme in SCHEMES.values():
        assert len(scheme.documents) >= 4
        assert [one.title for one in scheme.documents if not one.about or len(one.text.splitlines()) < 4] == []
        assert any(one.provisional for one in scheme.documents)
    assert [sum("Panduan menyusun" in one.title for one in SCHEMES[id].documents) for id in ALL] == [1, 1, 1]


def test_the_guide_of_the_first_scheme_names_its_five_parts_and_the_buttons():
    (guide,) = [one for one in SCHEMES[SEMESTER].documents if "Panduan menyusun" in one.title]
    parts = (
        "1. Praktik Kinerja",
        "2. Pengembangan Kompetensi",
        "3. Tugas Tambahan",
        "4. Perilaku Kerja",
        "5. Rangkuman",
    )
    buttons = ("«Mulai»", "«Data sudah sesuai»", "«Edit»", "«Simpan»", "«Ke Pengembangan Kompetensi»", "«Tambah»")
    buttons += ("«Ke Tugas Tambahan»", "«Ke Perilaku Kerja»", "«Ke Rangkuman»", "«Ubah»", "«Lanjut Ajukan»")
    buttons += ("«Ajukan»", "«Cek Ulang»", "«Simpan Draf»")
    assert [word for word in parts + buttons if word not in guide.text] == []


# --- contents -----------------------------------------------------------------------------------


def picked(scheme, view):
    taken = snapshot.load(*snapshot.make(SCHEMES[scheme], HOST.registry.contents.values()))
    found = snapshot.pick(taken, view.profile, {}, lambda content: not content.data.get("menambah"))
    missing = tuple(kind for kind in SCHEMES[scheme].contents if kind not in {**found.chosen, **found.ties})
    return found.chosen, missing, found.ties


@pytest.mark.parametrize("scheme", ALL)
@pytest.mark.parametrize(("kind", "rubric"), [("tk", "paud"), ("sd", "dasmen"), ("smk", "dasmen")])
def test_a_teacher_gets_each_content_of_the_scheme_exactly_once(scheme, kind, rubric):
    chosen, missing, ties = picked(scheme, case(scheme, kind))
    year = SCHEMES[scheme].years[0]
    assert (set(chosen), missing, ties) == (set(SCHEMES[scheme].contents), (), {})
    assert (chosen["rubrik"], chosen["katalog-tugas"]) == (rubric, f"tugas-tambahan-{year}")
    assert (chosen["contoh"], chosen["rincian-rhk"]) == (f"contoh-{kind}", f"rincian-guru-{year}")


@pytest.mark.parametrize(
    ("scheme", "role", "without"),
    [
        (SEMESTER, "kepala-sekolah", ("katalog-tugas",)),
        (YEAR, "kepala-sekolah", ("katalog-tugas",)),
        (NEXT, "kepala-sekolah", ("katalog-tugas",)),
        (YEAR, "pengawas", ("katalog-tugas", "tugas-pokok")),
        (NEXT, "pengawas", ("katalog-tugas", "tugas-pokok")),
    ],
)
def test_heads_and_pengawas_get_contents_of_their_own_and_lack_only_parts_they_do_not_have(scheme, role, without):
    chosen, missing, ties = picked(scheme, case(scheme, "sd", role))
    head = role == "kepala-sekolah"
    rubric, example = ("praktik-kepala-sekolah", "contoh-kepala") if head else ("praktik-pengawas", "contoh-umum")
    assert (missing, ties) == (without, {})
    assert (chosen["rubrik"], chosen["contoh"]) == (rubric, example)
    assert chosen["rincian-rhk"] == f"rincian-kepala-{SCHEMES[scheme].years[0]}"


def test_contents_of_a_scheme_are_in_no_other_schemes_snapshot():
    for id, scheme in SCHEMES.items():
        taken = snapshot.load(*snapshot.make(scheme, HOST.registry.contents.values()))
        assert {one.applies_to.get("skema", (id,)) for one in taken.contents} == {(id,)}


def contents(kind):
    return [one for (found, _), one in HOST.registry.contents.items() if found == kind]


def test_every_kind_of_work_in_a_plan_has_an_aspect_an_indicator_and_a_target_of_our_own_wording():
    kinds = {SEMESTER: {"praktik", "kompetensi", "tugas-tambahan", "kosp", "kehadiran-guru", "penugasan-lain"}}
    kinds |= {id: {"tugas-pokok", "praktik", "kompetensi", "tugas-tambahan", "penugasan-lain"} for id in (YEAR, NEXT)}
    for one in contents("rincian-rhk"):
        (scheme,) = one.applies_to["skema"]
        if one.applies_to["peran"] == ("guru",):
            assert {entry.id for entry in one.entries} == kinds[scheme]
        for entry in one.entries:
            assert entry.provisional
            if entry.source == "Belum ditemukan":
                said = {entry.data[key] for key in ("aspek", "indikator", "target")}
                assert (one.id, said) == ("rincian-kepala-2024", {"Belum diterbitkan"})
                continue
            assert entry.source == "Rumusan kami"
            assert entry.data["aspek"] in ("Kualitas", "Kuantitas", "Waktu")
            assert entry.data["indikator"] and "{jumlah}" in entry.data["target"]


def test_every_example_of_a_teacher_shows_the_parts_filled_in_the_words_of_the_catalogues():
    behaviours = {
        (entry.label, choice["label"])
        for entry in HOST.registry.contents["perilaku", "berakhlak"].entries
        for choice in entry.data["pilihan"]
    }
    indicators = {entry.label for one in contents("rubrik") for entry in one.entries}
    duties = {entry.label.lower() for one in contents("katalog-tugas") for entry in one.entries}
    parts = ["cek-data", "tugas-pokok", "praktik", "kompetensi-katalog", "tugas-tambahan", "perilaku"]
    for one in contents("contoh"):
        shown = {entry.id: [tuple(pair) for pair in entry.data["isi"]] for entry in one.entries}
        teacher = one.applies_to.get("peran") == ("guru",)
        assert list(shown) == (parts if teacher else [part for part in parts if part != "tugas-tambahan"])
        assert len(shown["perilaku"]) == 7 and set(shown["perilaku"]) <= behaviours
        if one.applies_to:
            assert shown["praktik"][0][1] in indicators
        if teacher:
            assert shown["tugas-tambahan"][0][1].lower() in duties


def test_the_example_for_paud_is_one_of_paud():
    example = HOST.registry.contents["contoh", "contoh-tk"]
    text = " ".join(" ".join(pair) for entry in example.entries for pair in entry.data["isi"])
    assert "RPPH" in text and "kelompok B" in text and "Sub-indikator" in text
    assert set(example.applies_to["bentuk"]) == {"tk", "kb", "tpa", "sps"}


def test_every_reason_to_end_a_plan_early_says_what_becomes_of_it():
    reasons = HOST.registry.contents["alasan-penutupan", "gtk"].entries
    assert {one.id for one in reasons} == {
        "mutasi", "promosi", "pensiun", "meninggal", "penggabungan-sekolah", "cuti-sepanjang-periode", "tugas-belajar",
        "cltn", "pindah-instansi", "lainnya",
    }  # fmt: skip
    assert {one.data["dinilai"] for one in reasons} <= {"penuh", "sebagian", "tidak"}
    assert all(one.provisional and one.source for one in reasons)
    dead = next(one for one in reasons if one.id == "meninggal")
    assert (dead.data["menutup"], dead.data["dinilai"], dead.data["diam"]) == (True, "tidak", True)


def test_under_which_conditions_nobody_is_reminded():
    conditions = HOST.registry.contents["conditions", "gtk"].entries
    assert {one.id for one in conditions if not one.data["diam"]} == {"aktif", "hukuman-disiplin"}


def test_a_regions_catalogue_only_adds_and_is_switched_on_for_one_district_of_the_demo():
    assert sorted(one.id for one in HOST.registry.contents.values() if one.data.get("menambah")) == [
        "rhk-daerah-contoh",
        "tugas-daerah-contoh",
    ]
    choices = tomllib.loads((Path(__file__).parents[2] / "config/demo/pilihan.toml").read_text("utf-8"))["pilihan"]
    assert {one["unit"]: one["on"] for one in choices if one["plugin"] == "contoh-daerah"} == {"contoh-bahari": True}
