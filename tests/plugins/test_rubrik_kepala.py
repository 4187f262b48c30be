"""The indicators of heads and of pengawas: all options stand there, and what was not found says so."""

from __future__ import annotations

import pytest

from kinerja import Content
from kinerja.host import Host, find

HEAD, PENGAWAS = "praktik-kepala-sekolah", "praktik-pengawas"
TARGETS = {
    "presentasi-visi-misi": 3,
    "rapat-perencanaan-berbasis-data": 3,
    "praktik-baik-kepemimpinan": 0,
    "presentasi-program": 3,
    "refleksi-kurikulum": 1,
    "aktivasi-komunitas-belajar": 0,
    "siklus-penguatan-praktik": 0,
    "refleksi-pengembangan-guru": 3,
}


@pytest.fixture(scope="module")
def rubrics() -> dict[str, Content]:
    host = Host(strict=True)
    host.load(path for path in find() if path.parent.name.startswith("kinerja_rubrik_"))
    host.ready()
    return {content.id: content for (kind, _), content in host.registry.contents.items() if kind == "rubrik"}


def test_a_head_chooses_among_eight_options_and_a_pengawas_among_four(rubrics):
    assert {entry.id: len(entry.data["target"]) for entry in rubrics[HEAD].entries} == TARGETS
    assert [entry.label for entry in rubrics[PENGAWAS].entries] == [
        "Perencanaan Kerja",
        "Pendampingan Perencanaan Program Sekolah",
        "Pendampingan Pelaksanaan Program Sekolah",
        "Pelaporan Kinerja",
    ]


def test_rubrics_are_chosen_by_role_and_by_no_scheme(rubrics):
    assert {id: one.applies_to for id, one in rubrics.items() if id in (HEAD, PENGAWAS)} == {
        HEAD: {"peran": ("kepala-sekolah",)},
        PENGAWAS: {"peran": ("pengawas",)},
    }
    assert [rubrics[id].data["sebutan"] for id in (HEAD, PENGAWAS)] == ["Indikator", "Indikator"]


def test_an_option_without_all_its_targets_says_that_they_were_not_found(rubrics):
    for rubric in (rubrics[HEAD], rubrics[PENGAWAS]):
        for entry in rubric.entries:
            if len(entry.data["target"]) < 3:
                assert "belum ditemukan" in entry.data["catatan"]


def test_an_option_of_which_only_the_name_is_known_is_provisional(rubrics):
    bare = {entry.id for entry in rubrics[HEAD].entries if not entry.data["target"]}
    assert bare < {entry.id for entry in rubrics[HEAD].entries if entry.provisional}
    assert all(entry.provisional for entry in rubrics[PENGAWAS].entries)


def test_every_target_carries_its_source_and_examples_or_says_what_is_missing(rubrics):
    for entry in rubrics[HEAD].entries:
        assert entry.source
        for target in entry.data["target"]:
            assert target["label"].startswith("Kepala Sekolah ") and target["sumber"]
            complete = len(target["dianjurkan"]) == len(target["dihindari"]) == 3
            assert complete or (target["provisional"] and target["catatan"])


def test_targets_have_the_same_keys_as_those_of_teachers(rubrics):
    def keys(id):
        return {key for entry in rubrics[id].entries for target in entry.data["target"] for key in target}

    assert keys(HEAD) == keys("dasmen")
