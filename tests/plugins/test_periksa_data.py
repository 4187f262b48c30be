"""The data check of planning: who edits what, once a period, and what a change of post level does elsewhere."""

from __future__ import annotations

import pytest

from kinerja import Content, Correction, Entry, Fact, Problem
from kinerja.forms import check
from tests.plugins import contexts
from tests.plugins.contexts import (
    case,
    context,
    form,
    ids,
    made,
    step,
)

# --- cek-data ---


@pytest.mark.parametrize(
    ("employment", "answers", "fields"),
    [
        ("pns", ["sesuai", "ubah"], ["data", "sesuai", "golongan", "jenjang_jabatan"]),
        ("pppk", ["sesuai", "ubah"], ["data", "sesuai", "jenjang_jabatan"]),
        ("non-asn", ["sesuai"], ["data", "sesuai"]),
    ],
)
def test_who_may_edit_their_own_data_follows_the_scheme(employment, answers, fields):
    drawn = form("cek-data", case(employment=employment))
    assert ids(drawn.field("sesuai")) == answers
    assert [field.key for field in drawn.fields] == fields


def test_only_ranks_of_the_own_employment_are_offered():
    drawn = form("cek-data", case(employment="pns"))
    assert {id.split("-")[0] for id in ids(drawn.field("golongan"))} == {"pns"}


def test_without_the_lists_nothing_can_be_edited():
    made = context("cek-data")
    bare = contexts.replace(made, content={})
    assert [field.key for field in step("cek-data").form(bare).fields] == ["data", "sesuai"]


def test_an_edit_is_asked_for_only_after_choosing_it():
    drawn = form("cek-data")
    assert check(drawn, {"sesuai": "sesuai"}) == ({"sesuai": "sesuai"}, ())
    assert [problem.field for problem in check(drawn, {"sesuai": "ubah"})[1]] == ["golongan", "jenjang_jabatan"]
    assert [problem.field for problem in check(drawn, {})[1]] == ["sesuai"]


def test_an_edit_becomes_facts_and_right_data_none():
    edited = {"sesuai": "ubah", "golongan": "pns-iii-c", "jenjang_jabatan": "guru-ahli-muda"}
    assert made("cek-data", edited).facts == (
        Fact("profil.golongan", "pns-iii-c", "Penata, III/c"),
        Fact("profil.jenjang_jabatan", "guru-ahli-muda", "Guru Ahli Muda"),
    )
    assert made("cek-data", {**edited, "sesuai": "sesuai"}).facts == ()


def test_a_missing_number_is_said_and_not_an_error():
    nameless = contexts.replace(case(employment="pppk"), labels={"nama": "Sari Contoh", "nuptk": "1234"})
    assert form("cek-data", nameless).fields[0].pairs == (
        ("Nama", "Sari Contoh"),
        ("NI PPPK", "Tidak ada NI PPPK"),
        ("NUPTK", "1234"),
        ("Sekolah induk (satminkal)", "SD Contoh"),
    )


RANK = Fact("profil.golongan", "pns-iii-c", "Penata, III/c")
LEVEL = Fact("profil.jenjang_jabatan", "guru-ahli-muda", "Guru Ahli Muda")
EDITED = {"sesuai": "ubah", "golongan": "pns-iii-c", "jenjang_jabatan": "guru-ahli-muda"}


def test_an_edit_in_force_is_shown_and_holds_for_the_period():
    drawn = form("cek-data", facts=(RANK, LEVEL))
    assert drawn.locked == (
        "Data ini sudah Anda ubah satu kali pada periode ini. Operator sekolah atau Dinas dapat membukanya sekali lagi."
    )
    assert ("Pangkat, golongan/ruang", "Penata, III/c (Anda ubah)") in drawn.fields[0].pairs
    assert ("Jenjang jabatan", "Guru Ahli Muda (Anda ubah)") in drawn.fields[0].pairs
    assert {field.key: ids(field) for field in drawn.fields[1:]} == {
        "sesuai": ["ubah"],
        "golongan": ["pns-iii-c"],
        "jenjang_jabatan": ["guru-ahli-muda"],
    }
    assert check(drawn, EDITED) == (EDITED, ())
    assert check(drawn, drawn.initial) == (EDITED, ())
    assert made("cek-data", EDITED, facts=(RANK, LEVEL)).facts == (RANK, LEVEL)


@pytest.mark.parametrize(
    "changed",
    [{"golongan": "pns-iii-d"}, {"jenjang_jabatan": "guru-ahli-madya"}, {"golongan": ""}, {"sesuai": "sesuai"}],
)
def test_a_second_edit_is_refused_at_the_field_that_is_locked(changed):
    drawn = form("cek-data", facts=(RANK, LEVEL))
    wrong = check(drawn, {**EDITED, **changed})[1]
    assert [problem.field for problem in wrong] == list(changed)
    field = drawn.field(*changed)
    if field.key != "sesuai":
        assert field.label.endswith(" (terkunci)")
        assert field.help == "Hanya bisa diubah satu kali pada satu periode."


def test_an_unlocking_opens_the_same_fields_once_more_with_what_is_in_force():
    drawn = form("cek-data", facts=(RANK, LEVEL), grants=1)
    assert drawn.locked == ""
    assert len(ids(drawn.field("golongan"))) > 5
    assert (drawn.initial["golongan"], drawn.initial["jenjang_jabatan"]) == ("pns-iii-c", "guru-ahli-muda")
    assert ids(drawn.field("sesuai")) == ["ubah"]
    again = {**EDITED, "golongan": "pns-iii-d"}
    assert check(drawn, again) == (again, ())
    assert made("cek-data", again, facts=(RANK, LEVEL), grants=1).facts[0].value == "pns-iii-d"


def test_wrong_data_never_stops_planning_and_says_whose_work_it_is():
    drawn = form("cek-data")
    assert drawn.notices[0] == (
        "Data yang keliru tidak menghalangi perencanaan. Yang menunggu hanya pengiriman hasil ke BKN."
    )
    operator = "Operator sekolah memperbaikinya di Dapodik."
    assert drawn.corrections == (
        Correction("nama", "Nama", "Sari Contoh", operator),
        Correction(
            "nip", "NIP", "199001012015012001", "Operator sekolah memperbaikinya melalui Verval PTK bersama Dinas."
        ),
        Correction("satuan", "Sekolah induk (satminkal)", "SD Contoh", operator),
    )
    assert form("cek-data", case(employment="pppk")).corrections[1].label == "NI PPPK"
    assert [one.id for one in form("cek-data", case(employment="non-asn")).corrections] == ["nama", "satuan"]


def test_a_draft_that_said_something_was_wrong_goes_on_as_right_data():
    value = step("cek-data")
    assert value.upgrade({"sesuai": "operator"}, 1) == {"sesuai": "sesuai"}
    assert (value.upgrade(EDITED, 1), value.upgrade({"sesuai": []}, 1)) == (EDITED, {"sesuai": []})
    assert check(form("cek-data"), {"sesuai": "operator"})[1] == (
        Problem("sesuai", "Pilihan ini tidak ada dalam daftar. Pilih ulang."),
    )


# --- jenjang jabatan ---


MUDA = {"jenjang_jabatan": ["guru-ahli-muda", "guru-ahli-madya"]}


def for_muda(kind, entry):
    """A content with one entry for two post levels and one for all."""
    return Content(kind, "uji", "Uji", (Entry(entry, "Khusus", data=MUDA), Entry("umum", "Umum")))


def levelled(level):
    return contexts.replace(case(), profile={**case().profile, "jenjang_jabatan": level})


@pytest.mark.parametrize(
    ("id", "kind", "key"),
    [
        ("praktik", "rubrik", "indikator"),
        ("kompetensi-katalog", "katalog-kompetensi", "rhk"),
        ("tugas-tambahan", "katalog-tugas", "tugas"),
    ],
)
def test_only_entries_for_the_post_level_are_offered(id, kind, key):
    def offered(level, **more):
        return ids(form(id, levelled(level), contents=(for_muda(kind, "khusus"),), **more).field(key))

    assert offered("guru-ahli-muda") == ["khusus", "umum"]
    assert offered("guru-ahli-pertama") == ["umum"]
    assert offered("") == ["khusus", "umum"]
    assert offered("guru-ahli-pertama", facts=(LEVEL,)) == ["khusus", "umum"]
    assert offered("guru-ahli-pertama", parts={"cek-data": EDITED}) == ["khusus", "umum"]


@pytest.mark.parametrize(
    ("id", "kind", "key", "answer"),
    [
        ("praktik", "rubrik", "indikator", "khusus"),
        ("kompetensi-katalog", "katalog-kompetensi", "rhk", {"khusus": 2}),
        ("tugas-tambahan", "katalog-tugas", "tugas", ["khusus"]),
    ],
)
def test_a_choice_of_another_post_level_stays_and_asks_to_be_chosen_again(id, kind, key, answer):
    more = {"contents": (for_muda(kind, "khusus"),), "parts": {id: {key: answer}}}
    drawn = form(id, levelled("guru-ahli-pertama"), **more)
    kept = next(option for option in drawn.field(key).options if option.id == "khusus")
    assert kept.tag == "Tidak ditawarkan lagi"
    assert drawn.notices[0] == ("«Khusus» tidak ditawarkan lagi untuk jenjang jabatan Guru Ahli Pertama. Pilih ulang.")
    assert check(drawn, {key: answer})[0][key] == answer
    assert made(id, {key: answer}, levelled("guru-ahli-pertama"), **more).items[0].label == "Khusus"


def test_changing_the_post_level_names_what_it_changes_in_other_parts_and_in_the_summary():
    more = {
        "contents": (for_muda("rubrik", "khusus"), for_muda("katalog-tugas", "tugas-khusus")),
        "parts": {
            "cek-data": {**EDITED, "jenjang_jabatan": "guru-ahli-pertama"},
            "praktik": {"indikator": "khusus"},
            "tugas-tambahan": {"tugas": ["tugas-khusus", "umum"]},
        },
    }
    told = (
        "Dengan jenjang jabatan Guru Ahli Pertama, pilihan ini tidak ditawarkan lagi. "
        "Praktik Kinerja: Khusus. Tugas Tambahan: Khusus. Isian Anda tetap disimpan. Pilih ulang di bagian itu."
    )
    assert form("cek-data", levelled("guru-ahli-muda"), **more).notices[-1] == told
    assert form("rangkuman", levelled("guru-ahli-muda"), **more).notices[0] == told
    more["parts"]["cek-data"] = EDITED
    assert told not in form("cek-data", levelled("guru-ahli-pertama"), **more).notices


@pytest.mark.parametrize("broken", [{"indikator": {}}, {"rhk": "x"}, {"rhk": {"khusus": "2"}}, {"tugas": [1, None]}])
def test_a_broken_draft_beside_it_does_not_stop_the_data_check(broken):
    parts = dict.fromkeys(("praktik", "kompetensi-katalog", "tugas-tambahan"), broken)
    assert form("cek-data", levelled("guru-ahli-muda"), parts=parts).fields[0].key == "data"
