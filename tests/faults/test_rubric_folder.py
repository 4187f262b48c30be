"""A region drops in a folder of three files for a kind of school nobody knew: its teachers get the rubric, end to end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kinerja import cases, testing
from kinerja.kernel import Kernel
from kinerja.models import Case, Period
from kinerja.people import add_unit
from kinerja.sentences import say
from kinerja.testing import Player, add_person, case_of, set_date, unit
from kinerja_work import worker
from tests.faults.tools import Page, Site, let_sign_in

pytestmark = pytest.mark.faults

PLAN, KIND = "perencanaan", "sekolah-alam"

MANIFEST = """
id = "{id}"
name = "Rubrik {id}"
version = "1.0.0"
api = 1
summary = "Indikator untuk sekolah alam."
contact = "dinas@contoh.test"
restricted = false
"""
CODE = """
from kinerja import Content, hookimpl


@hookimpl
def register_content():
    return [Content.read(__package__, "rubrik.toml")]
"""
RUBRIC = """
jenis = "rubrik"
id = "{id}"
label = "Indikator {id}"
sumber = "Dinas Contoh"
applies_to = {{ peran = ["guru"], bentuk = ["sekolah-alam"] }}
[[butir]]
id = "belajar-di-kebun"
label = "Belajar di kebun ({id})"
sumber = "Dinas Contoh"
"""


@pytest.fixture
def names() -> tuple[str, ...]:
    """The rubrics of this test."""
    return ("rubrik-alam",)


@pytest.fixture
def plugin_folders(tmp_path: Path, names: tuple[str, ...]) -> Iterator[tuple[Path, ...]]:
    """A region's own folder with one small plugin a name; what Python remembers of it is forgotten afterwards."""
    folder = tmp_path / "daerah"
    for id in names:
        package = folder / f"kinerja_{id.replace('-', '_')}"
        package.mkdir(parents=True)
        (package / "plugin.toml").write_text(MANIFEST.format(id=id), "utf-8")
        (package / "__init__.py").write_text(CODE, "utf-8")
        (package / "rubrik.toml").write_text(RUBRIC.format(id=id), "utf-8")
    yield (folder,)
    for id in names:
        sys.modules.pop(f"kinerja_{id.replace('-', '_')}", None)
    sys.path[:] = [one for one in sys.path if one != str(folder.resolve())]


@pytest.fixture
def site(demo: Kernel) -> Site:
    """A school of that kind with a head and a teacher, on the day the next year's period opens."""
    assert demo.host.faults == {}
    school = add_unit(
        "alam-1", "Sekolah Alam Contoh", KIND, unit("contoh-asri"), attributes=unit("99990101").attributes
    )
    head, _ = add_person(
        "Kepala Alam", "kepala-sekolah", school, "definitif", date(2023, 1, 2), employment="pns", sex="P"
    )
    teacher, _ = add_person("Guru Alam", "guru", school, "definitif", date(2023, 1, 2), employment="pns", sex="L")
    admin, _ = add_person("Admin Alam", "admin-dinas", unit("contoh-asri"), "definitif", date(2023, 1, 2))
    set_date(demo, date(2025, 1, 6))
    accounts = let_sign_in(demo, [head, teacher, admin])
    made = Site(demo)
    made.accounts = {"head": accounts[head.id], "teacher": accounts[teacher.id], "admin": accounts[admin.id]}
    return made


def test_a_teacher_of_a_new_kind_of_school_plans_by_the_rubric_that_was_dropped_in(demo: Kernel, site: Site) -> None:
    case = case_of("Guru Alam", "Tahun 2025")
    assert Case.get_by_id(case).content["chosen"]["rubrik"] == "rubrik-alam"
    teacher = site.accounts["teacher"]
    assert site.post(teacher, f"/kasus/{case}/{PLAN}/mulai")[0] == 303
    status, text = site.get(teacher, f"/kasus/{case}/{PLAN}/praktik")
    assert (status, "Belajar di kebun (rubrik-alam)" in text) == (200, True)
    Player(demo, "Guru Alam").fill(case, PLAN)
    path = f"/kasus/{case}/{PLAN}/ajukan"
    assert site.post(teacher, path, **site.form(teacher, path))[0] == 303
    seen = cases.load(demo, case)
    assert seen.progress[PLAN].state.label == "Perlu disetujui"
    assert [part.handed["indikator"] for part in seen.parts if part.step == "praktik" and part.handed] == [
        "belajar-di-kebun"
    ]


def test_teachers_of_the_kinds_that_were_there_keep_their_rubrics(demo: Kernel, site: Site) -> None:
    found = {
        (one.unit.kind, one.content["chosen"]["rubrik"])
        for one in Case.select().join(Period).where((Case.role == "guru") & (Period.label == "Tahun 2025"))
    }
    assert found == {
        (KIND, "rubrik-alam"), ("tk", "paud"), ("sd", "dasmen"), ("smp", "dasmen"), ("smk", "dasmen"),
    }  # fmt: skip


@pytest.mark.parametrize("names", [("rubrik-alam", "rubrik-alam-lain")])
def test_two_rubrics_that_fit_equally_are_put_to_the_region_and_its_choice_goes_on(demo: Kernel, site: Site) -> None:
    case = case_of("Guru Alam", "Tahun 2025")
    rubric = cases.load(demo, case).snapshot.scheme.word("rubrik")
    sentence = say("content-tie", what=rubric.lower(), names="Indikator rubrik-alam, Indikator rubrik-alam-lain")
    assert [one.sentence for one in testing.open_tasks(case)] == [sentence]
    status, text = site.get(site.accounts["teacher"], f"/kasus/{case}/{PLAN}")
    assert (status, sentence in text) == (200, True)
    page = f"/satuan/{unit('contoh-asri').id}/plugin"
    status, text = site.get(site.accounts["admin"], page)
    assert (status, f"Pilih {rubric}" in text, "Indikator rubrik-alam-lain" in text) == (200, True, True)
    told = {"act": "isi", "jenis": "rubrik", "pilihan": "rubrik-alam-lain"}
    assert site.post(site.accounts["admin"], page, **told)[0] == 303
    worker.run_once(demo)
    assert (Case.get_by_id(case).content["chosen"]["rubrik"], testing.open_tasks(case)[0].kind) == (
        "rubrik-alam-lain",
        "belum",
    )
    assert site.post(site.accounts["teacher"], f"/kasus/{case}/{PLAN}/mulai")[0] == 303
    status, text = site.get(site.accounts["teacher"], f"/kasus/{case}/{PLAN}/praktik")
    assert (status, Page(text).heading != "", "Belajar di kebun (rubrik-alam-lain)" in text) == (200, True, True)
