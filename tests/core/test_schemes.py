"""A scheme file is checked whole, and every mistake names its place."""

from __future__ import annotations

import copy
import json
import tomllib
from typing import Any

import pytest

from kinerja import schemes, snapshot
from kinerja.conditions import check, holds
from kinerja.contracts import Content
from kinerja.snapshot import Choices
from tests.small import BOOKS, SCHEME

GOOD: dict[str, Any] = tomllib.loads(SCHEME)


def change(path: str, value: Any) -> dict[str, Any]:
    raw: Any = copy.deepcopy(GOOD)
    place, *keys = [int(key) if key.isdigit() else key for key in path.split("/")]
    target = raw
    for key in [place, *keys][:-1]:
        target = target[key]
    last = [place, *keys][-1]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return raw


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("label", None, "uji: «label» belum ada"),
        ("warna", "biru", "uji: tidak mengenal «warna»"),
        ("tahap/0/alur/penegasan", "Awas", "uji [[tahap]] tulis alur: «penegasan» bentuknya salah"),
        ("tahap/0/alur/penegasan", [{"kalimat": "Awas"}], "uji [[tahap]] tulis penegasan: «baris» belum ada"),
        ("tahap/0/alur/penegasan", [{"baris": "tarik"}], "uji [[tahap]] tulis penegasan: «kalimat» belum ada"),
        (
            "tahap/0/alur/penegasan",
            [{"baris": "tarik", "kalimat": "Awas", "bla": {}}],
            "uji [[tahap]] tulis penegasan: tidak mengenal «bla»",
        ),
        ("tahun", [2030], "uji: «tahun» harus [dari, sampai]"),
        ("periode/0/mulai", "02-30", "uji [[periode]] t: «mulai»: tanggal 02-30 tidak ada"),
        ("periode/0/mulai", "1 Januari", "uji [[periode]] t: «mulai» harus bulan-tanggal"),
        ("periode/0/induk", "abad", "uji: periode t menyebut periode «abad» yang tidak ada"),
        (
            "peserta/0/jawab",
            "mungkin",
            "uji [[peserta]]: «jawab» harus salah satu dari wajib, dianjurkan, boleh, tidak",
        ),
        ("peserta/0/alasan", None, "uji [[peserta]]: jawaban «tidak» harus punya «alasan»"),
        ("peserta/0/bila", {"pegawai": "tamu"}, "uji [[peserta]]: «bila»: «pegawai» harus berisi daftar nilai"),
        ("hubungan/murid/memutuskan", ["pembina"], "uji [hubungan].murid.memutuskan: «pembina» harus peran @ tempat"),
        (
            "hubungan/murid/melihat",
            ["x @ ikut"],
            "uji [hubungan].murid.melihat: «x @ ikut» harus hubungan yang ditulis di",
        ),
        (
            "hubungan/murid/memutuskan",
            ["memutuskan @ ikut"],
            "uji [hubungan].murid.memutuskan: «memutuskan @ ikut» harus",
        ),
        ("langkah/x", {"label_untuk": [{"bila": {}}]}, "uji [langkah.x] label_untuk: «label» belum ada"),
        (
            "langkah/x",
            {"label_untuk": [{"label": "A", "jika": {}}]},
            "uji [langkah.x] label_untuk: tidak mengenal «jika»",
        ),
        (
            "langkah/x",
            {"label_untuk": [{"label": "A", "bila": {"a": 1}}]},
            "uji [langkah.x] label_untuk: «bila»: «a» harus",
        ),
        ("tahap/0/subjek", "benda", "uji [[tahap]] tulis: «subjek» harus salah satu dari orang, satuan"),
        ("tahap/0/alur", {}, "uji [[tahap]] tulis: «alur» harus menyebut «dasar»"),
        (
            "tahap/1/butuh",
            [{"fakta": "x", "dari": "langit"}],
            "uji [[tahap]] lihat butuh: «dari» harus salah satu dari",
        ),
        ("tahap/1/id", "tulis", "uji: dua tahap bernama sama"),
    ],
)
def test_a_mistake_in_a_scheme_names_its_place(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as wrong:
        schemes.compile_scheme(change(path, value), "uji")
    assert str(wrong.value).startswith(sentence)


def test_a_matrix_must_be_as_large_as_its_rows_and_columns() -> None:
    raw = {**GOOD, "matriks": {"m": {"baris": ["a", "b"], "kolom": ["x"], "nilai": [["1"]]}}}
    with pytest.raises(ValueError, match=r"uji \[matriks.m\]: «nilai» harus 2 baris dan 1 kolom"):
        schemes.compile_scheme(raw, "uji")


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({}, True),
        ({"a": ["1"]}, True),
        ({"a": ["2"]}, False),
        ({"a": ["1"], "b": ["9"]}, False),
        ({"tak_ada": ["1"]}, False),
        ({"bukan": {"a": ["2"]}}, True),
        ({"semua": [{"a": ["1"]}, {"b": [2]}]}, True),
        ({"salah_satu": [{"a": ["2"]}, {"b": [2]}]}, True),
        ({"salah_satu": []}, False),
    ],
)
def test_conditions_hold_as_they_read(condition: Any, held: bool) -> None:
    check(condition, "uji")
    assert holds(condition, {"a": "1", "b": 2}) is held


def book(id: str, **applies: list[str]) -> Content:
    return Content.parse({**tomllib.loads(BOOKS), "id": id, "applies_to": applies})


def adding(id: str, kind: str) -> Content:
    return Content.parse({**tomllib.loads(BOOKS), "id": id, "applies_to": {"bentuk": [kind]}, "menambah": True})


def taken(*contents: Content, preferred: dict[str, str] | None = None) -> Any:
    scheme = schemes.compile_scheme(GOOD, "uji")
    hash, text = snapshot.make(scheme, contents)
    return snapshot.pick(snapshot.load(hash, text), {"bentuk": "tk", "peran": "guru"}, preferred or {})


def test_the_content_that_matches_most_keys_wins() -> None:
    general, special = book("umum", bentuk=["tk", "sd"]), book("khusus", bentuk=["tk"], peran=["guru"])
    assert taken(general, special) == Choices({"buku": "khusus"}, {}, {})


def test_two_contents_that_fit_equally_are_put_to_the_region() -> None:
    one, two = book("satu", bentuk=["tk"]), book("dua", bentuk=["tk"])
    assert taken(one, two) == Choices({}, {}, {"buku": (two.label, one.label)})
    assert taken(one, two, preferred={"buku": "satu"}) == Choices({"buku": "satu"}, {}, {})


def test_of_a_kind_of_which_no_content_fits_a_profile_nothing_is_chosen() -> None:
    assert taken(book("lain", bentuk=["smk"])) == Choices({}, {}, {})


def test_contents_that_add_to_others_stand_beside_the_one_chosen() -> None:
    base, more, most = book("umum", bentuk=["tk"]), adding("lagi", "tk"), adding("lebih", "tk")
    assert taken(base, more, most, adding("lain", "smk")) == Choices({"buku": "umum"}, {"buku": ("lagi", "lebih")}, {})


@pytest.mark.parametrize(
    "choices",
    [
        Choices({}, {}, {}),
        Choices({"buku": "satu"}, {}, {}),
        Choices({"buku": "satu"}, {"buku": ("lagi", "lebih")}, {}),
        Choices({}, {}, {"buku": ("Buku, jilid satu", "Buku\nlain")}),
    ],
)
def test_what_was_chosen_is_kept_and_read_back_whole(choices: Choices) -> None:
    assert Choices.parse(json.loads(json.dumps(choices.raw()))) == choices


def test_equal_rules_have_one_hash_whatever_their_order() -> None:
    scheme = schemes.compile_scheme(GOOD, "uji")
    one, two = book("satu", bentuk=["tk"]), book("dua", bentuk=["sd"])
    assert snapshot.make(scheme, [one, two]) == snapshot.make(scheme, [two, one])
    assert snapshot.make(scheme, [one])[0] != snapshot.make(scheme, [one, two])[0]


def test_a_stored_scheme_with_keys_of_an_earlier_release_is_still_read() -> None:
    older = change("tahap/0/periksa", "Periksa")
    with pytest.raises(ValueError, match="tidak mengenal «periksa»"):
        schemes.compile_scheme(older, "uji")
    assert [stage.id for stage in schemes.compile_scheme(older, "uji", older=True).stages] == ["tulis", "lihat"]
    with pytest.raises(ValueError, match="tidak mengenal «periksa»"):
        schemes.compile_scheme(older, "uji")
