"""Bad plugins are set aside with a sentence that says what to do; good ones go on working."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from kinerja import hooks
from kinerja import host as hosts
from kinerja.host import Host
from tests.small import BOOKS
from tests.small import SCHEME as RULES

MANIFEST = """
id = "{id}"
name = "Uji"
version = "1.0.0"
api = 1
summary = "Uji."
contact = "uji@contoh.test"
restricted = false
"""
SOUND = "from kinerja import hookimpl\n@hookimpl\ndef before_transition(change):\n    return None\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin folder of its own on the import path, forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("kinerja_"):
            del sys.modules[name]


def put(folder: Path, id: str, code: str = SOUND, manifest: str = MANIFEST, package: str = "") -> Path:
    home = folder / (package or "kinerja_" + id.replace("-", "_"))
    home.mkdir(parents=True, exist_ok=True)
    (home / "plugin.toml").write_text(manifest.format(id=id))
    (home / "__init__.py").write_text(textwrap.dedent(code))
    return home / "plugin.toml"


def loaded(*paths: Path) -> Host:
    host = Host()
    host.load(paths)
    host.ready()
    return host


def sentences(host: Host) -> list[str]:
    return [fault.sentence for fault in host.faults.values()]


@pytest.mark.parametrize(
    ("manifest", "sentence"),
    [
        ("id = 'x", "tidak dapat dibaca"),
        ("id = 'satu-uji'", "plugin.toml: «name» belum ada. Tambahkan baris itu."),
        (MANIFEST + "warna = 'biru'", "tidak mengenal «warna». Hapus baris itu."),
        (MANIFEST.replace("api = 1", "api = 9"), "Ditulis untuk API 9, di sini API 1. Pasang versi yang sesuai."),
        (MANIFEST.replace("{id}", "lain"), "Folder kinerja_satu_uji tidak sesuai id «lain». Ganti nama salah satunya."),
        (MANIFEST.replace("{id}", "Satu Uji"), "harus huruf kecil, angka, dan tanda hubung."),
        (
            MANIFEST.replace("restricted = false", "restricted = 'ya'"),
            "plugin.toml: «restricted» bentuknya salah, harus true atau false",
        ),
    ],
)
def test_a_wrong_manifest_sets_the_plugin_aside_without_importing_it(
    folder: Path, manifest: str, sentence: str
) -> None:
    path = put(folder, "satu-uji", "raise RuntimeError('imported')", manifest)
    host = loaded(path)
    assert host.manifests == {}
    assert [sentence in told for told in sentences(host)] == [True]
    assert "kinerja_satu_uji" not in sys.modules


ROLES = """
import tomllib
from kinerja import Content, hookimpl
TEXT = '''
jenis = "roles"
id = "peran-uji"
label = "Peran"
[[butir]]
id = "penjaga"
label = "Penjaga"
izin = {izin}
'''
@hookimpl
def register_content():
    return [Content.parse(tomllib.loads(TEXT))]
"""


@pytest.mark.parametrize(
    ("izin", "word"),
    [
        ('["import", "manage_peple"]', "manage_peple"),
        ('["read_cases"]', "read_cases"),
        ('["Import"]', "Import"),
        ('["baca"]', "baca"),
    ],
)
def test_a_permission_that_is_not_on_the_list_sets_its_plugin_aside_and_says_what_is(
    folder: Path, izin: str, word: str
) -> None:
    host = loaded(put(folder, "peran-uji", ROLES.format(izin=izin)))
    (told,) = sentences(host)
    assert f"peran-uji: peran penjaga memberi izin «{word}» yang tidak dikenal. Pakai: read_states, " in told
    assert host.registry.contents == {}


def told_of_a_value(folder: Path, line: str) -> tuple[str, Host]:
    """What is said of a plugin that brings a value of people with this line, and the host it was loaded in."""
    text = ROLES.replace('jenis = "roles"', 'jenis = "nilai-orang"').replace("izin = {izin}", line)
    host = loaded(put(folder, "nilai-uji", text))
    (told,) = sentences(host)
    return told, host


@pytest.mark.parametrize("word", ["dipastkan", "Langsung", "nanti", "pasti"])
def test_a_way_to_follow_a_value_that_is_not_on_the_list_sets_its_plugin_aside_and_says_what_is(
    folder: Path, word: str
) -> None:
    told, host = told_of_a_value(folder, f'mengikuti = "{word}"')
    assert f"nilai penjaga mengikuti cara «{word}» yang tidak dikenal. Pakai: langsung, dipastikan." in told
    assert host.registry.contents == {}


@pytest.mark.parametrize("word", ["rnk", "Rank", "id", "merged_into", "attributes"])
def test_a_column_of_a_value_that_is_not_on_the_list_sets_its_plugin_aside_and_says_what_is(
    folder: Path, word: str
) -> None:
    told, host = told_of_a_value(folder, f'kolom = "{word}"')
    assert (
        f"nilai penjaga ada di kolom «{word}» yang tidak dikenal. Pakai: name, title_front, title_back, sex, " in told
    )
    assert host.registry.contents == {}


def test_permissions_on_the_list_load(folder: Path) -> None:
    host = loaded(put(folder, "peran-uji", ROLES.format(izin='["import", "manage_people"]')))
    assert (sentences(host), list(host.registry.contents)) == ([], [("roles", "peran-uji")])


def test_a_missing_manifest_means_no_plugin(folder: Path) -> None:
    (put(folder, "satu-uji")).unlink()
    assert [path for path in hosts.find([folder]) if folder in path.parents] == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import tidak_ada_di_sini", "ModuleNotFoundError: No module named 'tidak_ada_di_sini'"),
        ("import sys\nsys.exit(3)", "RuntimeError: plugin menghentikan program ketika dimuat"),
        (
            "from kinerja import hookimpl\n@hookimpl\ndef before_transitoin(change):\n    return None\n",
            "before_transitoin",
        ),
        ("from kinerja import hookimpl\n@hookimpl\ndef before_transition(cange):\n    return None\n", "cange"),
        (
            "from kinerja import hookimpl\n@hookimpl(wrapper=True)\ndef before_transition(change):\n    return (yield)\n",
            "Hapus «wrapper»",
        ),
        (
            "from kinerja import hookimpl\n@hookimpl\ndef register_steps():\n    return ['x']\n",
            "register_steps harus mengembalikan Step, bukan str.",
        ),
        ("from kinerja import hookimpl\n@hookimpl\ndef register_steps():\n    1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_set_aside_and_the_next_one_works(
    folder: Path, code: str, sentence: str
) -> None:
    host = loaded(put(folder, "buruk-uji", code), put(folder, "baik-uji"))
    assert list(host.manifests) == ["baik-uji"]
    assert [sentence in told for told in sentences(host)] == [True]


def test_two_plugins_with_one_id_leave_the_first_and_name_the_second(folder: Path) -> None:
    first = put(folder / "a", "satu-uji")
    second = put(folder / "b", "satu-uji")
    sys.path.append(str(folder / "a"))
    host = loaded(first, second)
    assert list(host.manifests) == ["satu-uji"]
    assert sentences(host) == ["Id «satu-uji» sudah dipakai plugin lain. Hapus salah satu folder."]


STEP = """
from kinerja import Form, Step, hookimpl
@hookimpl
def register_steps():
    return [Step("langkah-uji", "Uji", "pegawai", lambda context: Form("Uji"))]
"""


def test_two_plugins_bringing_one_step_leave_the_first_and_name_both(folder: Path) -> None:
    host = loaded(put(folder, "a-uji", STEP), put(folder, "b-uji", STEP))
    assert list(host.manifests) == ["a-uji"]
    assert sentences(host) == ["Membawa langkah «langkah-uji» yang sudah dibawa plugin a-uji. Ganti id salah satunya."]


SCHEME = """
import tomllib
from kinerja import hookimpl
from kinerja.schemes import compile_scheme
TEXT = '''
id = "skema-uji"
label = "Uji"
tahun = [2030, 0]
[[periode]]
kunci = "t"
label = "T"
mulai = "01-01"
akhir = "12-31"
[[peserta]]
jawab = "wajib"
[hubungan]
[langkah]
[[tahap]]
id = "tahap-uji"
label = "Uji"
subjek = "orang"
langkah = ["langkah-uji"]
alur = { dasar = "biasa" }
butuh = [{ fakta = "tak.ada" }]
'''
STAGE = '''
'''
@hookimpl
def register_schemes():
    return [compile_scheme(tomllib.loads(TEXT), "uji")]
"""
STAGE = """
from kinerja import Flow, Form, Stage, StageProjection, State, Step, hookimpl
@hookimpl
def register_stages():
    return [Stage("tahap-uji", "Uji", {"biasa": Flow((State("a", "A", "belum"),), ())}, lambda context: StageProjection())]
@hookimpl
def register_steps():
    return [Step("langkah-uji", "Uji", "pegawai", lambda context: Form("Uji"))]
"""


def test_a_scheme_that_needs_a_fact_nobody_gives_is_set_aside_by_name(folder: Path) -> None:
    host = loaded(put(folder, "skema-uji", SCHEME), put(folder, "tahap-uji", STAGE))
    assert host.registry.schemes == {}
    assert sentences(host) == [
        "Skema skema-uji: tahap tahap-uji menunggu fakta «tak.ada» yang tidak diberi siapa pun. "
        "Pasang plugin yang memberinya atau hapus dari «butuh»."
    ]


def test_a_scheme_with_words_for_a_row_its_stage_has_not_is_set_aside_by_name(folder: Path) -> None:
    words = SCHEME.replace(
        '{ dasar = "biasa" }', '{ dasar = "biasa", penegasan = [{ baris = "ajukn", kalimat = "Awas." }] }'
    )
    host = loaded(put(folder, "skema-uji", words), put(folder, "tahap-uji", STAGE))
    assert host.registry.schemes == {}
    assert sentences(host) == ["Skema skema-uji: tahap tahap-uji tidak punya baris «ajukn». Perbaiki «penegasan»."]


def test_a_scheme_naming_a_step_that_is_not_installed_is_listed_and_says_which(folder: Path) -> None:
    host = loaded(put(folder, "skema-uji", SCHEME))
    scheme = host.registry.schemes["skema-uji"]
    assert host.registry.missing(scheme) == ("tahap-uji", "langkah-uji")


def test_answers_come_in_order_of_id_each_inside_its_own_guard() -> None:
    from kinerja import hookimpl
    from kinerja.testing import manifest

    class Objects:
        def __init__(self, said: str) -> None:
            self.said = said

        @hookimpl
        def before_transition(self, change):
            if self.said == "!":
                raise RuntimeError("rusak")
            return self.said

    host = Host()
    for id, said in (("c", "tiga"), ("a", "satu"), ("b", "!"), ("d", "empat")):
        host.add(Objects(said), manifest(id))
    answers = host.ask(hooks.before_transition, frozenset({"a", "b", "c"}), change=None)  # type: ignore[arg-type]
    assert [(one.plugin, one.value, type(one.problem).__name__) for one in answers] == [
        ("a", "satu", "NoneType"), ("b", None, "RuntimeError"), ("c", "tiga", "NoneType"),
    ]  # fmt: skip


def test_a_folder_of_toml_without_a_line_of_code_is_a_plugin(folder: Path) -> None:
    path = put(folder, "isi-uji")
    (path.parent / "__init__.py").unlink()
    (path.parent / "buku.toml").write_text(BOOKS)
    (path.parent / "skema.toml").write_text(RULES)
    host = loaded(path)
    assert sentences(host) == []
    assert (list(host.registry.schemes), list(host.registry.contents)) == (["kecil"], [("buku", "buku")])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("warna = 'biru'", "lain.toml: bukan skema (tidak ada «periode») dan bukan isi (tidak ada «jenis»)"),
        ("warna = ", "lain.toml tidak dapat dibaca"),
        ("jenis = 'buku'\nid = 'x'", "lain.toml: kunci 'label' belum ada atau bentuknya salah"),
        ("periode = []", "kinerja_isi_uji/lain.toml: «tahun» belum ada"),
    ],
)
def test_a_folder_with_a_wrong_file_is_set_aside_by_the_name_of_the_file(
    folder: Path, text: str, sentence: str
) -> None:
    path = put(folder, "isi-uji")
    (path.parent / "__init__.py").unlink()
    (path.parent / "lain.toml").write_text(text)
    host = loaded(path)
    assert host.manifests == {}
    assert [told.startswith(sentence) for told in sentences(host)] == [True]
