"""The declared tables of a scheme's file, and the reader that checks by them."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kinerja import schemes
from kinerja.rules.reader import Key, Reader, Shape, Table, load
from kinerja.rules.scheme import SCHEME
from kinerja.rules.shapes import TEXT, by_name, many, one_of
from tests.declared import keys, tables, undeclared
from tests.small import SCHEME as SMALL

BUNDLED = sorted((Path(__file__).parents[2] / "plugins").glob("*/skema.toml"))

# --- what is declared ------------------------------------------------------------------------------


def test_every_key_says_in_a_sentence_what_it_is_for() -> None:
    said = {f"{table.title} {key.name}": key.doc for table, key in keys(SCHEME)}
    said |= {table.title: table.others for table in tables(SCHEME) if table.others}
    assert [at for at, doc in said.items() if len(doc) < 12 or not doc.endswith(".")] == []
    assert len(said) > 80


def test_no_table_declares_a_key_twice_and_no_two_have_one_title() -> None:
    assert [table.title for table in tables(SCHEME) if len({key.name for key in table.keys}) < len(table.keys)] == []
    titles = [table.title for table in tables(SCHEME)]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.parent.name)
def test_every_key_of_a_bundled_scheme_is_declared(path: Path) -> None:
    assert list(undeclared(SCHEME, tomllib.loads(path.read_text("utf-8")))) == []


def test_a_key_that_is_not_declared_is_found_wherever_it_stands() -> None:
    raw = tomllib.loads(SMALL)
    raw["warna"] = 1
    raw["tahap"][1]["butuh"] = [{"fakta": "a", "warna": 1}]
    raw["hubungan"]["murid"]["memutuskan"] = [{"siapa": "a @ atas", "warna": 1}]
    raw["tahap"][0]["alur"]["warna"] = 1  # a switch, which the stage knows
    assert sorted(undeclared(SCHEME, raw)) == [
        "/hubungan/murid/memutuskan/0/warna", "/tahap/1/butuh/0/warna", "/warna",
    ]  # fmt: skip


# --- what is refused -------------------------------------------------------------------------------


def evidence(scope: str) -> dict[str, Any]:
    return {"butir": "a", "penyedia": "b", "cara": "c", "lingkup": scope}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bukti": [evidence("sekolah")]}, "uji [[bukti]]: «lingkup» harus salah satu dari kasus, satuan"),
        ({"kata": {"baik": 1}}, "uji: «kata».baik bentuknya salah, harus teks"),
        ({"isi": ["a", 2]}, "uji: «isi» ke-2 bentuknya salah, harus teks"),
        ({"isi": "a"}, "uji: «isi» bentuknya salah, harus daftar teks"),
        (
            {"hubungan": {"murid": {"melihat": "a @ atas"}}},
            "uji: «hubungan».murid.melihat bentuknya salah, harus daftar hubungan",
        ),
        ({"langkah": {"x": {"label": 1}}}, "uji [langkah.x]: «label» bentuknya salah, harus teks"),
        (
            {"langkah": {"x": {"untuk": "guru"}}},
            "uji [langkah.x]: «untuk» bentuknya salah, harus syarat { nama = [nilai] }",
        ),
        (
            {"matriks": {"m": {"baris": ["a"], "kolom": ["x"], "nilai": [[1]]}}},
            "uji [matriks.m]: «nilai» ke-1 ke-1 bentuknya salah, harus teks",
        ),
        ({"label": None}, "uji: «label» bentuknya salah, harus teks"),
    ],
)
def test_what_was_once_taken_without_a_word_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as wrong:
        schemes.compile_scheme({**tomllib.loads(SMALL), **changes}, "uji")
    assert str(wrong.value) == sentence


def test_a_file_that_was_read_is_left_as_it_was() -> None:
    raw = tomllib.loads(SMALL)
    before = copy.deepcopy(raw)
    schemes.compile_scheme(raw, "uji")
    assert raw == before


# --- the reader ------------------------------------------------------------------------------------

LINE = Table("[[baris]]", " [[baris]] ke-{0}", (Key("teks", "Isinya.", TEXT, must=True),), make=dict)
PART = Table("bagian", " bagian", (Key("baris", "Barisnya.", many(LINE), must=True),), make=dict)
PAGE = Table(
    "halaman",
    "",
    (
        Key("nama", "Namanya.", TEXT, "name"),
        Key("nada", "Nadanya.", one_of(keras="loud", pelan="soft"), "tone", default="pelan"),
        Key("jumlah", "Jumlahnya.", Shape("angka", int, 1, limits=(1, 3)), "count"),
        Key("bagian", "Bagiannya.", PART, "part"),
        Key("lain", "Yang lain.", by_name(LINE), "more"),
    ),
    make=dict,
    named="nama",
)


def read(raw: Any, older: bool = False) -> Any:
    return Reader(older).read(PAGE, raw, "uji")


def test_what_is_left_out_has_its_default_or_is_empty() -> None:
    assert read({}) == {"name": "", "tone": "soft", "count": 1, "part": None, "more": {}}


def test_a_whole_table_is_read_into_the_fields_of_its_value() -> None:
    raw = {
        "nama": "a", "nada": "keras", "jumlah": 3, "bagian": {"baris": [{"teks": "b"}]}, "lain": {"c": {"teks": "d"}}
    }  # fmt: skip
    assert read(raw) == {
        "name": "a", "tone": "loud", "count": 3, "part": {"baris": ({"teks": "b"},)}, "more": {"c": {"teks": "d"}}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "uji: harus berupa tabel"),
        ({"nama": "a", "jumlah": 4}, "uji a: «jumlah» harus 1 sampai 3: angka"),
        ({"jumlah": 0}, "uji: «jumlah» harus 1 sampai 3: angka"),
        ({"jumlah": True}, "uji: «jumlah» bentuknya salah, harus angka"),
        ({"nada": "sedang"}, "uji: «nada» harus salah satu dari keras, pelan"),
        ({"nada": ["keras"]}, "uji: «nada» bentuknya salah, harus teks"),
        ({"bagian": {}}, "uji bagian: «baris» belum ada"),
        ({"bagian": {"baris": {}}}, "uji bagian: «baris» bentuknya salah, harus daftar [[baris]]"),
        ({"nama": "a", "bagian": {"baris": [{"teks": ""}, {}]}}, "uji a [[baris]] ke-2: «teks» belum ada"),
        ({"lain": {"c": {}}}, "uji [[baris]] ke-c: «teks» belum ada"),
        ({"z": 1, "b": 2}, "uji: tidak mengenal «b», «z»"),
    ],
)
def test_a_mistake_names_its_place(raw: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as wrong:
        read(raw)
    assert str(wrong.value) == sentence


def test_of_what_an_earlier_release_stored_unknown_keys_are_left_out() -> None:
    assert read({"nama": "a", "z": 1}, older=True) == {**read({}), "name": "a"}


@pytest.mark.parametrize("text", [b"warna = ", b"warna = '\xff'"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.toml").write_bytes(text)
    for name in ("a.toml", "b.toml"):
        with pytest.raises(ValueError, match=r"^\w\.toml tidak dapat dibaca \(.+\)\. Perbaiki berkas itu\.$") as wrong:
            load(tmp_path / name, name)
        assert str(wrong.value).startswith(name)
