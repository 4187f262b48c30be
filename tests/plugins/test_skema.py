"""The three schemes: that they load, and where they differ row by row from the table of rules."""

from __future__ import annotations

from datetime import date

import pytest

from kinerja import snapshot
from kinerja.conditions import holds
from kinerja.schemes import window_days
from tests.plugins.contexts import NEXT, SEMESTER, YEAR, case, host

SCHEMES = host().registry.schemes


def answer(scheme, **profile):
    taken = {"peran": "guru", "pegawai": "pns", "satuan": "negeri", "periode": "s1", **profile}
    return next((rule.answer for rule in SCHEMES[scheme].participants if holds(rule.when, taken)), None)


def window(scheme, stage, **profile):
    taken = {"peran": "guru", "periode": "s1", **profile}
    year = SCHEMES[scheme].years[0]
    return next(window_days(one, year) for one in SCHEMES[scheme].stage(stage).windows if holds(one.applies, taken))


def test_all_plugins_load_and_only_pre_planning_is_not_installed():
    assert host().faults == {}
    assert {id: host().registry.missing(scheme) for id, scheme in SCHEMES.items()} == {
        SEMESTER: (),
        YEAR: (),
        NEXT: ("pra-perencanaan", "mutakhirkan-data", "susun-tim-kinerja"),
    }


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
    assert {id: [one.id for one in scheme.stages] for id, scheme in SCHEMES.items()} == {
        SEMESTER: ["perencanaan", "pelaksanaan", "penilaian", "penilaian-tahunan", "kesiapan-sekolah"],
        YEAR: ["perencanaan", "pelaksanaan", "penilaian"],
        NEXT: ["pra-perencanaan", "perencanaan", "pelaksanaan", "penilaian"],
    }


def test_points_are_of_the_first_scheme_and_reflection_of_the_later_ones():
    def has(step):
        return [any(step in stage.steps for stage in SCHEMES[id].stages) for id in (SEMESTER, YEAR, NEXT)]

    assert has("kompetensi-katalog") == [True, False, False]
    assert has("kompetensi-refleksi") == [False, True, True]
    assert has("tugas-pokok") == [False, True, True]


def test_evidence_is_uploaded_first_and_confirmed_later():
    assert {id: {(rule.handler, rule.provider) for rule in scheme.evidence} for id, scheme in SCHEMES.items()} == {
        SEMESTER: {("berkas", "pegawai"), ("berkas", "memutuskan")},
        YEAR: {("konfirmasi", "memutuskan")},
        NEXT: {("konfirmasi", "memutuskan")},
    }


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ({}, ["wajib", "wajib", "wajib"]),
        ({"peran": "kepala-sekolah"}, ["wajib", "wajib", "wajib"]),
        ({"peran": "tendik"}, ["tidak", "tidak", "tidak"]),
        ({"peran": "pengawas", "satuan": ""}, ["tidak", "wajib", "wajib"]),
        ({"pegawai": "non-asn"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        ({"satuan": "swasta"}, ["boleh", "tidak", "wajib"]),
        ({"satuan": "swasta", "periode": "s2"}, ["tidak", "tidak", "wajib"]),
        ({"satuan": "swasta", "pegawai": "non-asn"}, ["dianjurkan", "dianjurkan", "dianjurkan"]),
        ({"jenis_ptk": "guru-pendidikan-khusus", "satuan": ""}, ["dianjurkan", "tidak", "wajib"]),
        ({"pegawai": "pppk-paruh-waktu", "peran": "guru"}, ["dianjurkan", "wajib", "wajib"]),
    ],
)
def test_who_takes_part(who, answers):
    assert [answer(id, **who) for id in (SEMESTER, YEAR, NEXT)] == answers


def test_windows():
    assert window(SEMESTER, "perencanaan") == (date(2024, 1, 1), date(2024, 3, 31))
    assert window(SEMESTER, "perencanaan", peran="kepala-sekolah") == (date(2024, 1, 15), date(2024, 3, 31))
    assert window(YEAR, "perencanaan") == (date(2025, 1, 1), date(2025, 1, 31))
    assert window(YEAR, "penilaian") == (date(2025, 11, 13), date(2025, 12, 31))
    assert window(NEXT, "pra-perencanaan") == (date(2025, 12, 1), date(2025, 12, 31))


def test_no_window_locks_anybody_out_by_itself():
    hard = [one for scheme in SCHEMES.values() for stage in scheme.stages for one in stage.windows if one.hard]
    assert hard == []


def test_pre_planning_of_the_school_is_waited_for():
    needs = {id: [(need.fact, need.of) for need in SCHEMES[id].stage("perencanaan").needs] for id in SCHEMES}
    assert needs == {SEMESTER: [], YEAR: [], NEXT: [("pra-perencanaan.selesai", "unit")]}


def test_a_teacher_is_judged_by_the_head_and_a_head_by_the_office():
    def decides(scheme, role):
        return [f"{rule.role} @ {rule.place}" for rule in SCHEMES[scheme].relations[role]["memutuskan"]]

    for scheme in SCHEMES:
        assert decides(scheme, "guru") == ["kepala-sekolah @ satuan", "kepala-dinas @ atas"]
        assert decides(scheme, "kepala-sekolah") == ["kepala-dinas @ atas"]
    assert [id for id, scheme in SCHEMES.items() if "pengawas" in scheme.relations] == [YEAR, NEXT]


def test_the_team_is_called_as_each_scheme_calls_it():
    assert [SCHEMES[id].word("menyarankan") for id in (SEMESTER, YEAR, NEXT)] == [
        "Tim Kerja",
        "Tim Kinerja",
        "Tim Kinerja",
    ]


def test_the_matrix_is_the_same_in_all_schemes():
    assert SCHEMES[SEMESTER].matrices == SCHEMES[YEAR].matrices == SCHEMES[NEXT].matrices


@pytest.mark.parametrize("scheme", [SEMESTER, YEAR, NEXT])
@pytest.mark.parametrize(("kind", "rubric"), [("tk", "paud"), ("sd", "dasmen"), ("smk", "dasmen")])
def test_a_teacher_gets_each_content_of_the_scheme_exactly_once(scheme, kind, rubric):
    taken = snapshot.load(*snapshot.make(SCHEMES[scheme], host().registry.contents.values()))
    chosen, missing, ties = snapshot.pick(taken, case(scheme, kind).profile, {})
    assert (set(chosen), missing, ties) == (set(SCHEMES[scheme].contents), (), ())
    assert (chosen["rubrik"], chosen["katalog-tugas"]) == (rubric, f"tugas-tambahan-{SCHEMES[scheme].years[0]}")


def test_contents_of_a_scheme_are_in_no_other_schemes_snapshot():
    for id, scheme in SCHEMES.items():
        taken = snapshot.load(*snapshot.make(scheme, host().registry.contents.values()))
        assert {one.applies_to.get("skema", (id,)) for one in taken.contents} == {(id,)}
